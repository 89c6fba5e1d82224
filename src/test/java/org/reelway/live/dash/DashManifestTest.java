package org.reelway.live.dash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.live.Edition;
import org.reelway.live.NamedFile;
import org.reelway.live.PlaylistFolder;
import org.reelway.live.Presence;
import org.reelway.live.Published;

class DashManifestTest {
  private static final String START = "2026-11-21T18:00:00Z";

  private final DashKind dash = new DashKind(1L << 30);
  private final Store store = new Store();
  private final Folder folder = new Folder();

  /** What is in a store, by URI. */
  private static final class Store implements Presence {
    private final Set<String> missing = new HashSet<>();
    private final Set<String> lost = new HashSet<>();
    private final Map<String, String> renamed = new HashMap<>();

    @Override
    public State of(NamedFile named) {
      if (lost.contains(named.uri())) {
        return State.LOST;
      }
      return missing.contains(named.uri()) ? State.AWAITED : State.THERE;
    }

    @Override
    public String uri(NamedFile named) {
      return renamed.getOrDefault(named.uri(), named.uri());
    }
  }

  /** Files beside the manifest, all at rest. */
  private static final class Folder implements PlaylistFolder {
    private final Set<String> files = new HashSet<>();
    private Instant now = Instant.parse(START);

    @Override
    public Instant now() {
      return now;
    }

    @Override
    public Optional<Instant> written(String uri) {
      return files.contains(uri) ? Optional.of(now.minusSeconds(5)) : Optional.empty();
    }
  }

  static String recorded(String name) {
    try (InputStream in = DashManifestTest.class.getResourceAsStream("/dash/" + name + ".mpd")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Edition edition(String origin) {
    return dash.read(origin.getBytes(StandardCharsets.UTF_8)).asOf(folder);
  }

  private Optional<Published> next(String origin, Published before) {
    return edition(origin).after(before, store);
  }

  /** As after a restart: from the bytes and the memo alone. */
  private Published stored(Published version) {
    return dash.readPublished(version.bytes(), version.memo());
  }

  private static String text(Published version) {
    return new String(version.bytes(), StandardCharsets.UTF_8);
  }

  private static List<String> uris(Published version) {
    return version.names().stream().map(NamedFile::uri).toList();
  }

  private static String dynamic(String attributes, String inside) {
    return "<?xml version=\"1.0\"?>\n<MPD type=\"dynamic\" availabilityStartTime=\"" + START
        + "\" publishTime=\"2026-11-21T18:00:10Z\" minimumUpdatePeriod=\"PT500S\" " + attributes + ">\n" + inside
        + "</MPD>\n";
  }

  private static String template(String id, String attributes, String timeline) {
    return "<AdaptationSet>\n<Representation id=\"" + id + "\" bandwidth=\"1000\">\n<SegmentTemplate timescale=\"10\" "
        + "initialization=\"" + id + "-init.mp4\" " + attributes + ">" + timeline
        + "</SegmentTemplate>\n</Representation>\n</AdaptationSet>\n";
  }

  private static String timeline(String... entries) {
    return "<SegmentTimeline>\n\t<S " + String.join("/>\n\t<S ", entries) + "/>\n</SegmentTimeline>";
  }

  private static String period(String attributes, String... sets) {
    return "<Period " + attributes + ">\n" + String.join("", sets) + "</Period>\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "ffmpeg-timeline-3", "ffmpeg-timeline-5", "ffmpeg-timeline-end", "ffmpeg-list-3", "ffmpeg-list-5",
      "ffmpeg-list-end", "ffmpeg-single-3", "ffmpeg-single-5", "ffmpeg-single-end", "ffmpeg-renditions",
      "nginx-rtmp-4", "nginx-rtmp-6"})
  void aManifestOfWhichAllIsThereIsPublishedToTheByte(String name) {
    Published version = next(recorded(name), null).orElseThrow();
    assertThat(text(version)).isEqualTo(recorded(name));
    assertThat(version.ended()).isEqualTo(name.endsWith("end") || name.endsWith("renditions"));
    assertThat(stored(version).names()).isEqualTo(version.names()).isNotEmpty();
  }

  @Test
  void aRecordedStreamNamesWhatIsInItsFolder() {
    assertThat(edition(recorded("ffmpeg-timeline-5")).names()).extracting(NamedFile::uri)
        .containsExactly(
            "init-stream0.m4s", "init-stream1.m4s", "chunk-stream0-00003.m4s", "chunk-stream1-00003.m4s",
            "chunk-stream0-00004.m4s", "chunk-stream1-00004.m4s", "chunk-stream0-00005.m4s", "chunk-stream1-00005.m4s");
    assertThat(edition(recorded("nginx-rtmp-4")).names()).extracting(NamedFile::uri)
        .contains("cam-init.m4v", "cam-init.m4a", "cam-0.m4v", "cam-3023.m4a").noneMatch(uri -> uri.contains("raw"));
    assertThat(edition(recorded("ffmpeg-single-3")).names())
        .contains(new NamedFile("m-stream0.mp4", 808, false), new NamedFile("m-stream0.mp4", 111_946, false));
  }

  @Test
  void theTimelineEndsBeforeTheFirstSegmentThatIsMissingAndTheOthersWithIt() {
    store.missing.add("chunk-stream0-00003.m4s");
    Published version = next(recorded("ffmpeg-timeline-3"), null).orElseThrow();
    assertThat(text(version))
        .isEqualTo(
            recorded("ffmpeg-timeline-3")
                .replace("<S t=\"0\" d=\"12800\" r=\"2\" />", "<S t=\"0\" d=\"12800\" r=\"1\"/>")
                .replace("\n\t\t\t\t\t\t<S d=\"44032\" />\n\t\t\t\t\t</", "\n\t\t\t\t\t</")
                .replace("<S t=\"0\" d=\"44032\" />", "<S t=\"0\" d=\"44032\"/>")
                .replace("<S d=\"45056\" />", "<S d=\"45056\"/>"));
    assertThat(uris(version)).doesNotContain("chunk-stream0-00003.m4s", "chunk-stream1-00003.m4s").hasSize(6);
  }

  @Test
  void aListEndsBeforeTheFirstSegmentThatIsMissing() {
    store.missing.add("chunk-stream1-00002.m4s");
    Published version = next(recorded("ffmpeg-list-3"), null).orElseThrow();
    assertThat(uris(version))
        .containsExactly("init-stream0.m4s", "init-stream1.m4s", "chunk-stream0-00001.m4s", "chunk-stream1-00001.m4s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"init-stream0.m4s", "chunk-stream1-00001.m4s"})
  void nothingIsPublishedBeforeEachRepresentationCanBegin(String missing) {
    store.missing.add(missing);
    assertThat(next(recorded("ffmpeg-timeline-3"), null)).isEmpty();
  }

  @Test
  void whatWasPublishedNeverGoesBack() {
    Published before = stored(next(recorded("ffmpeg-timeline-5"), null).orElseThrow());
    store.missing.add("chunk-stream0-00005.m4s");
    assertThat(next(recorded("ffmpeg-timeline-5"), before)).as("cut shorter than before").isEmpty();
    assertThat(next(recorded("ffmpeg-timeline-3"), before)).as("an older version").isEmpty();
    store.missing.clear();
    String earlier =
        recorded("ffmpeg-timeline-5").replaceFirst("publishTime=\"[^\"]*\"", "publishTime=\"2020-01-01T00:00:00Z\"");
    assertThat(text(next(earlier, before).orElseThrow())).isEqualTo(recorded("ffmpeg-timeline-5"));
  }

  @Test
  void aLostSegmentOfANumberedTemplateIsAHoleInAListWhoseNamesStayTheirs() {
    store.lost.add("chunk-stream0-00002.m4s");
    Published version = next(recorded("ffmpeg-timeline-3"), null).orElseThrow();
    assertThat(text(version))
        .contains("<S t=\"0\" d=\"12800\"/>", "<S t=\"25600\" d=\"12800\"/>", "media=\"chunk-stream0-00003.m4s\"")
        .doesNotContain("<SegmentTemplate", "chunk-stream0-00002");
    assertThat(uris(version)).contains("chunk-stream0-00001.m4s", "chunk-stream0-00003.m4s", "chunk-stream1-00002.m4s");
    assertThat(edition(recorded("ffmpeg-timeline-3")).gaps(version)).isEqualTo(1);

    store.lost.clear();
    Published later = next(recorded("ffmpeg-timeline-3"), stored(version)).orElseThrow();
    assertThat(uris(later)).as("players were told that it is not there").doesNotContain("chunk-stream0-00002.m4s");
    Published gone = next(recorded("ffmpeg-timeline-5"), stored(version)).orElseThrow();
    assertThat(text(gone)).as("the hole is behind the window").isEqualTo(recorded("ffmpeg-timeline-5"));
  }

  @Test
  void aLostSegmentOfATimedTemplateIsAHoleInItsTimeline() {
    store.lost.add("cam-1023.m4v");
    Published version = next(recorded("nginx-rtmp-4"), null).orElseThrow();
    assertThat(text(version)).contains("<S t=\"0\" d=\"1023\"/>", "<S t=\"2023\" d=\"1000\" r=\"1\"/>", "cam-$Time$.m4v");
    assertThat(uris(version)).contains("cam-0.m4v", "cam-2023.m4v", "cam-1023.m4a").doesNotContain("cam-1023.m4v");
  }

  @Test
  void aRepresentationThatIsLostWholeIsLeftOut() {
    store.lost.add("init-stream1.m4s");
    Published version = next(recorded("ffmpeg-renditions"), null).orElseThrow();
    assertThat(text(version)).doesNotContain("<Representation id=\"1\"").contains("<Representation id=\"0\"");
    store.lost.add("init-stream2.m4s");
    assertThat(text(next(recorded("ffmpeg-renditions"), null).orElseThrow())).doesNotContain("contentType=\"audio\"");
  }

  private static String ofRun(String start, String entries) {
    return dynamic("timeShiftBufferDepth=\"PT30S\"",
        period("id=\"p\" start=\"PT0S\"",
            template("v", "media=\"v$Number%03d$.m4s\" startNumber=\"1\"", timeline(entries))))
        .replace(START, start);
  }

  @Test
  void aPackagerThatBeginsAnewGoesOnInAPeriodOfItsOwnUnderNamesOfTheirOwn() {
    Published first = next(ofRun(START, "t=\"0\" d=\"10\" r=\"2\""), null).orElseThrow();
    store.renamed.putAll(Map.of("v001.m4s", "v001-0a1b2c3d.m4s", "v-init.mp4", "v-init-0a1b2c3d.mp4"));
    Published second = next(ofRun("2026-11-21T18:00:20Z", "t=\"0\" d=\"10\""), stored(first)).orElseThrow();

    assertThat(text(second))
        .contains("availabilityStartTime=\"" + START + "\"", "<Period id=\"p\" start=\"PT0S\">",
            "id=\"r1-p\"", "start=\"PT20S\"", "media=\"v001-0a1b2c3d.m4s\"", "sourceURL=\"v-init-0a1b2c3d.mp4\"");
    assertThat(uris(second))
        .containsExactly("v-init.mp4", "v001.m4s", "v002.m4s", "v003.m4s", "v-init-0a1b2c3d.mp4", "v001-0a1b2c3d.m4s");

    store.renamed.put("v002.m4s", "v002-0a1b2c3d.m4s");
    Published third = next(ofRun("2026-11-21T18:00:20Z", "t=\"0\" d=\"10\" r=\"1\""), stored(second)).orElseThrow();
    assertThat(third.memo()).as("the same run").isEqualTo(second.memo());
    assertThat(uris(third)).contains("v003.m4s", "v001-0a1b2c3d.m4s", "v002-0a1b2c3d.m4s").hasSize(7);
    assertThat(text(third)).contains("<S t=\"0\" d=\"10\" r=\"1\"/>");

    IntStream.range(3, 60).forEach(i -> store.renamed.put(String.format("v%03d.m4s", i), String.format("n%03d.m4s", i)));
    Published far = next(ofRun("2026-11-21T18:00:20Z", "t=\"0\" d=\"10\" r=\"40\""), stored(third)).orElseThrow();
    assertThat(text(far)).as("the run before is behind the window").doesNotContain("<Period id=\"p\"");
    assertThat(uris(far)).doesNotContain("v003.m4s");
  }

  @Test
  void anEndWithoutAStartTimeFollowsTheRunThatItIsOf() {
    Published first = next(ofRun(START, "t=\"0\" d=\"10\" r=\"2\""), null).orElseThrow();
    store.renamed.putAll(Map.of("v001.m4s", "v001-x.m4s", "v-init.mp4", "v-init-x.mp4"));
    Published second = next(ofRun("2026-11-21T18:00:20Z", "t=\"0\" d=\"10\""), stored(first)).orElseThrow();
    String end =
        "<MPD type=\"static\" mediaPresentationDuration=\"PT1S\">\n"
            + period("id=\"p\" start=\"PT0S\"",
                template("v", "media=\"v$Number%03d$.m4s\" startNumber=\"1\"", timeline("t=\"0\" d=\"10\"")))
            + "</MPD>\n";
    Published last = next(end, stored(second)).orElseThrow();
    assertThat(last.ended()).isTrue();
    assertThat(text(last)).contains("mediaPresentationDuration=\"PT21S\"", "start=\"PT20S\"");
    assertThat(uris(last)).isEqualTo(uris(second));
  }

  @Test
  void aRunWithLowerTimesNeverBeginsBeforeTheEndOfTheLastOne() {
    String late = dynamic("", period("start=\"PT0S\"",
        template("v", "media=\"v$Time$.m4s\"", timeline("t=\"1000\" d=\"20\" r=\"2\""))));
    String early = dynamic("", period("start=\"PT0S\"",
        template("v", "media=\"v$Time$.m4s\"", timeline("t=\"0\" d=\"20\""))));
    Published first = next(late, null).orElseThrow();
    Published second = next(early, stored(first)).orElseThrow();
    assertThat(text(second)).contains("start=\"PT106S\"", "v$Time$.m4s");
    assertThat(uris(second)).endsWith("v1040.m4s", "v-init.mp4", "v0.m4s");
  }

  @Test
  void aStartTimeThatIsWrittenAnewForTheSameSegmentsIsNoOtherRun() {
    Published first = next(ofRun(START, "t=\"0\" d=\"10\" r=\"2\""), null).orElseThrow();
    Published second = next(ofRun("2026-11-21T18:00:01Z", "t=\"0\" d=\"10\" r=\"3\""), stored(first)).orElseThrow();
    assertThat(text(second)).contains("availabilityStartTime=\"" + START + "\"").doesNotContain("r1-");
    assertThat(uris(second)).hasSize(5);
  }

  @Test
  void aRunWhoseFilesAreInPartTheSameAsBeforeIsAnotherRunAllTheSame() {
    Published first = next(recorded("ffmpeg-renditions").replace("type=\"static\"", "type=\"dynamic\""), null).orElseThrow();
    for (int i = 1; i <= 4; i++) {
      store.renamed.put("chunk-stream2-0000" + i + ".m4s", "chunk-stream2-0000" + i + "-x.m4s");
    }
    Published second = next(recorded("ffmpeg-renditions"), stored(first)).orElseThrow();
    assertThat(text(second)).as("its audio is another").contains("id=\"r1-0\"", "start=\"PT4");
    store.renamed.clear();

    Published whole = next(ofRun(START, "t=\"0\" d=\"10\" r=\"2\""), null).orElseThrow();
    Published anew = next(ofRun("2026-11-21T18:00:20Z", "t=\"0\" d=\"10\""), stored(whole)).orElseThrow();
    assertThat(text(anew)).as("it begins at another time, with the same bytes").contains("id=\"r1-p\"", "start=\"PT20S\"");
  }

  @Test
  void whatIsWrittenOverInTheSameRunStaysWhatPlayersWereGiven() {
    Published first = next(ofRun(START, "t=\"0\" d=\"10\" r=\"2\""), null).orElseThrow();
    store.renamed.putAll(Map.of("v-init.mp4", "v-init-x.mp4", "v002.m4s", "v002-x.m4s"));
    String origin = ofRun(START, "t=\"0\" d=\"10\" r=\"3\"");
    assertThat(text(next(origin, stored(first)).orElseThrow())).isEqualTo(origin);
    store.renamed.putAll(Map.of("v001.m4s", "v001-x.m4s", "v003.m4s", "v003-x.m4s"));
    store.missing.add("v003.m4s");
    assertThat(next(origin, stored(first))).as("it may be the one that is the same").isEmpty();
    store.missing.clear();
    assertThat(text(next(origin, stored(first)).orElseThrow())).contains("id=\"r1-p\"");
  }

  @Test
  void whatTheClockImpliesIsListedAsFarAsItIsThere() {
    String origin = recorded("ffmpeg-duration");
    folder.now = MpdTime.instant(origin.replaceAll("(?s).*availabilityStartTime=\"([^\"]*)\".*", "$1")).plusMillis(4100);
    assertThat(edition(origin).names()).extracting(NamedFile::uri).as("what is due is waited for")
        .containsExactly("init-stream0.m4s", "init-stream1.m4s", "chunk-stream0-00001.m4s", "chunk-stream1-00001.m4s");
    for (int i = 1; i <= 4; i++) {
      folder.files.addAll(List.of("chunk-stream0-0000" + i + ".m4s", "chunk-stream1-0000" + i + ".m4s"));
    }
    folder.files.add("chunk-stream0-00005.m4s.tmp");
    store.missing.add("chunk-stream1-00003.m4s");
    Published cut = next(origin, null).orElseThrow();
    assertThat(text(cut))
        .contains("<S t=\"0\" d=\"1000000\" r=\"1\"/>", "minimumUpdatePeriod=\"PT1S\"", "startNumber=\"1\"")
        .doesNotContain(" duration=\"1000000\"");
    store.missing.clear();
    Published whole = next(origin, stored(cut)).orElseThrow();
    assertThat(uris(whole)).contains("chunk-stream0-00004.m4s", "chunk-stream1-00004.m4s").hasSize(10);
    assertThat(stored(whole).names()).isEqualTo(whole.names());
  }

  @Test
  void anEncoderThatStallsCostsNoGapAndOneThatRunsAheadIsFollowed() {
    String origin =
        dynamic("timeShiftBufferDepth=\"PT4S\"",
            period("start=\"PT0S\"", template("v", "media=\"v$Number$.m4s\" startNumber=\"1\" duration=\"10\"", "")));
    folder.now = Instant.parse(START).plusSeconds(3);
    IntStream.rangeClosed(1, 6).forEach(i -> folder.files.add("v" + i + ".m4s"));
    Edition edition = edition(origin);
    assertThat(edition.names()).extracting(NamedFile::uri).as("the sixth may still be written")
        .containsExactly("v-init.mp4", "v1.m4s", "v2.m4s", "v3.m4s", "v4.m4s", "v5.m4s");
    folder.now = Instant.parse(START).plusSeconds(3600);
    Edition later = edition.asOf(folder);
    assertThat(later.names()).extracting(NamedFile::uri).as("nothing is waited for that may never come")
        .containsExactly("v-init.mp4", "v2.m4s", "v3.m4s", "v4.m4s", "v5.m4s", "v6.m4s");
    assertThat(later.asOf(folder)).as("nothing new").isSameAs(later);
    folder.files.add("v8.m4s");
    assertThat(later.asOf(folder).names()).extracting(NamedFile::uri).as("what was skipped is waited for")
        .contains("v7.m4s", "v8.m4s");
  }

  @Test
  void aTimelineThatGoesOnForEverIsListedAsFarAsItIsThere() {
    String origin = dynamic("", period("start=\"PT0S\"",
        template("v", "media=\"v$Time$.m4s\"", timeline("t=\"0\" d=\"10\" r=\"1\"", "d=\"20\" r=\"-1\""))));
    folder.now = Instant.parse(START).plusSeconds(30);
    folder.files.addAll(List.of("v0.m4s", "v10.m4s", "v20.m4s", "v40.m4s"));
    Published version = next(origin, null).orElseThrow();
    assertThat(uris(version)).containsExactly("v-init.mp4", "v0.m4s", "v10.m4s", "v20.m4s", "v40.m4s");
    assertThat(text(version)).contains("<S t=\"0\" d=\"10\" r=\"1\"/>", "<S d=\"20\" r=\"1\"/>").doesNotContain("r=\"-1\"");
  }

  @Test
  void anEndThatIsImpliedIsPublishedAsItIsWhereAllOfItIsThere() {
    String origin = recorded("ffmpeg-duration-end");
    for (int i = 1; i <= 7; i++) {
      folder.files.addAll(List.of("chunk-stream0-0000" + i + ".m4s", "chunk-stream1-0000" + i + ".m4s"));
    }
    assertThat(text(next(origin, null).orElseThrow())).isEqualTo(origin);
    folder.files.remove("chunk-stream0-00001.m4s");
    folder.files.remove("chunk-stream1-00001.m4s");
    Published later = next(origin, null).orElseThrow();
    assertThat(uris(later)).as("the packager removed it, and still says that it begins there")
        .doesNotContain("chunk-stream0-00001.m4s").contains("chunk-stream0-00002.m4s", "chunk-stream0-00007.m4s");
    assertThat(text(later)).contains("startNumber=\"2\"", "<S t=\"1000000\" d=\"1000000\" r=\"5\"/>");
  }

  @Test
  void whatOnlyAServerCanKeepIsNotPromised() {
    String origin = recorded("ffmpeg-low-latency");
    folder.now = MpdTime.instant(origin.replaceAll("(?s).*availabilityStartTime=\"([^\"]*)\".*", "$1")).plusMillis(2100);
    folder.files.addAll(
        List.of("chunk-stream0-00001.m4s", "chunk-stream0-00002.m4s", "chunk-stream1-00001.m4s", "chunk-stream1-00002.m4s"));
    assertThat(text(next(origin, null).orElseThrow())).doesNotContain("availabilityTime");
    String patched = dynamic("", "<PatchLocation>m.mpp</PatchLocation>\n" + period("start=\"PT0S\"",
        template("v", "media=\"v$Time$.m4s\" availabilityTimeOffset=\"INF\"", timeline("t=\"0\" d=\"10\""))));
    assertThat(text(next(patched, null).orElseThrow()))
        .isEqualTo(patched.replace(" availabilityTimeOffset=\"INF\"", "").replace("\n<PatchLocation>m.mpp</PatchLocation>", ""));
  }

  @Test
  void anEndIsPublishedOnlyWhole() {
    Published before = stored(next(recorded("ffmpeg-timeline-5"), null).orElseThrow());
    store.missing.add("chunk-stream1-00007.m4s");
    assertThat(next(recorded("ffmpeg-timeline-end"), before)).isEmpty();
    store.missing.clear();
    assertThat(next(recorded("ffmpeg-timeline-end"), before).orElseThrow().ended()).isTrue();
  }

  @Test
  void everyLevelIsInheritedFrom() {
    String origin =
        "<MPD><BaseURL>a/</BaseURL>" + "<Period duration=\"PT4S\"><BaseURL>b/</BaseURL>"
            + "<SegmentTemplate timescale=\"1\" duration=\"2\" initialization=\"$RepresentationID$/i\"/>"
            + "<AdaptationSet><BaseURL>c/</BaseURL><SegmentTemplate media=\"$RepresentationID$/$Bandwidth$/$Number%02d$$$\"/>"
            + "<Representation id=\"one\" bandwidth=\"7\"><BaseURL>d/</BaseURL></Representation>"
            + "<Representation id=\"two\" bandwidth=\"8\"><BaseURL>https://cdn.example/x/y</BaseURL></Representation>"
            + "</AdaptationSet></Period>"
            + "<Period><AdaptationSet><Representation id=\"s\"><BaseURL>../sub.vtt</BaseURL></Representation>"
            + "</AdaptationSet></Period></MPD>\n";
    folder.files.addAll(List.of("a/b/c/d/one/7/01$", "https://cdn.example/x/two/8/01$"));
    assertThat(edition(origin).names()).extracting(NamedFile::uri)
        .containsExactly(
            "a/b/c/d/one/i", "https://cdn.example/x/two/i", "a/b/c/d/one/7/01$", "https://cdn.example/x/two/8/01$",
            "a/b/c/d/one/7/02$", "https://cdn.example/x/two/8/02$", "a/../sub.vtt");
    assertThat(text(next(origin, null).orElseThrow())).isEqualTo(origin);
  }

  @Test
  void ofATimelineThatRepresentationsShareEachHasWhatAllHave() {
    String shared =
        dynamic("", period("id=\"1\" start=\"PT0S\"", "<AdaptationSet>\n<SegmentTemplate media=\"$RepresentationID$-$Time$.m4s\">\n"
            + timeline("t=\"0\" d=\"2\" r=\"4\"") + "</SegmentTemplate>\n<Representation id=\"a\"/>\n"
            + "<Representation id=\"b\"/>\n</AdaptationSet>\n"));
    store.missing.add("b-6.m4s");
    assertThat(text(next(shared, null).orElseThrow()))
        .isEqualTo(shared.replace("r=\"4\"", "r=\"2\"").replace("PT500S", "PT2S"));
    store.renamed.put("a-0.m4s", "a-0-01234567.m4s");
    Published renamed = next(shared, null).orElseThrow();
    assertThat(text(renamed)).doesNotContain("<SegmentTemplate");
    assertThat(uris(renamed)).containsExactly(
        "a-0-01234567.m4s", "b-0.m4s", "a-2.m4s", "b-2.m4s", "a-4.m4s", "b-4.m4s");
  }

  @Test
  void aPeriodComesWhenTheOneBeforeIsWhole() {
    String two =
        dynamic("",
            period("id=\"1\" start=\"PT0S\"", template("v", "media=\"a$Time$.m4s\"", timeline("t=\"0\" d=\"10\" r=\"2\"")))
                + period("id=\"2\" start=\"PT3S\"", template("v", "media=\"b$Time$.m4s\"", timeline("t=\"0\" d=\"10\""))));
    store.missing.add("a20.m4s");
    Published cut = next(two, null).orElseThrow();
    assertThat(uris(cut)).containsExactly("v-init.mp4", "a0.m4s", "a10.m4s");
    assertThat(text(cut)).doesNotContain("id=\"2\"");
    store.missing.clear();
    assertThat(text(next(two, stored(cut)).orElseThrow())).isEqualTo(two);
    store.missing.add("b0.m4s");
    assertThat(uris(next(two, stored(cut)).orElseThrow())).containsExactly("v-init.mp4", "a0.m4s", "a10.m4s", "a20.m4s");
  }

  @Test
  void aRenamedFileOfRangesIsNamedByItsNewName() {
    store.renamed.put("m-stream0.mp4", "m-stream0-89abcdef.mp4");
    Published version = next(recorded("ffmpeg-single-5"), null).orElseThrow();
    assertThat(text(version)).contains("media=\"m-stream0-89abcdef.mp4\" mediaRange=\"72585-111945\"");
    assertThat(uris(version)).contains("m-stream0-89abcdef.mp4").doesNotContain("m-stream0.mp4");

    String file = "<MPD><Period duration=\"PT1S\"><AdaptationSet><Representation id=\"s\"><BaseURL>s/m-stream0.mp4</BaseURL>"
        + "<SegmentBase indexRange=\"0-9\"/></Representation></AdaptationSet></Period></MPD>";
    store.renamed.put("s/m-stream0.mp4", "s/m-stream0-89abcdef.mp4");
    assertThat(text(next(file, null).orElseThrow())).contains("<BaseURL>s/m-stream0-89abcdef.mp4</BaseURL>");
  }

  @Test
  void theCompleteManifestHasWhatTheWindowDropsAndEndsStatic() {
    Published live = null;
    Published all = null;
    for (int newest = 2; newest < 9; newest++) {
      Published next = next(windowOfTwo(newest), live).orElseThrow();
      all = live == null ? all : dash.archived(all, live, next).map(this::stored).orElse(all);
      live = stored(next);
    }
    String end =
        text(live).replace("type=\"dynamic\"", "type=\"static\" mediaPresentationDuration=\"PT8S\"")
            .replaceFirst("timeShiftBufferDepth=\"[^\"]*\"", "");
    live = stored(next(end, live).orElseThrow());
    all = dash.archived(all, live, null).orElseThrow();
    assertThat(uris(all)).containsExactly(
        "v-init.mp4", "v1.m4s", "v2.m4s", "v3.m4s", "v4.m4s", "v5.m4s", "v6.m4s", "v7.m4s", "v8.m4s");
    assertThat(all.ended()).isTrue();
    assertThat(text(all)).contains("<S t=\"0\" d=\"10\" r=\"7\"/>", "startNumber=\"1\"", "v$Number$.m4s");
  }

  @Test
  void chunksBehindAnOutageLongerThanTheWindowAreInTheCompleteManifestOnceEach() {
    Published live = null;
    Published all = null;
    for (int newest : new int[] {2, 3, 20, 21, 22, 23, 24}) {
      Published next = next(windowOfTwo(newest), live).orElseThrow();
      all = live == null ? all : dash.archived(all, live, next).map(this::stored).orElse(all);
      live = stored(next);
    }
    all = stored(dash.archived(all, live, null).orElseThrow());
    assertThat(uris(all)).containsExactly(
        "v-init.mp4", "v1.m4s", "v2.m4s", "v3.m4s", "v19.m4s", "v20.m4s", "v21.m4s", "v22.m4s", "v23.m4s", "v24.m4s");
    assertThat(text(all)).contains("<S t=\"0\" d=\"10\" r=\"2\"/>", "<S t=\"180\" d=\"10\" r=\"5\"/>");
  }

  private static String windowOfTwo(int newest) {
    return dynamic("timeShiftBufferDepth=\"PT2S\"",
        period("id=\"p\" start=\"PT0S\"",
            template("v", "media=\"v$Number$.m4s\" startNumber=\"" + (newest - 1) + "\"",
                timeline("t=\"" + (newest - 2) * 10 + "\" d=\"10\" r=\"1\""))));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      <!DOCTYPE MPD [<!ENTITY x SYSTEM "file:///etc/passwd">]><MPD>&x;</MPD>|DTD
      <MPD><Period duration="PT1S"><AdaptationSet><Representation><BaseURL>&x;</BaseURL></Representation></AdaptationSet></Period></MPD>|entity "x"
      <MPD><Period>|must start and end
      <MPD><Period></MPD>|matching end-tag
      <MPD|must start and end
      hello|is no XML
      <html></html>|no DASH manifest
      <?xml version="1.0" encoding="UTF-16"?><MPD/>|UTF-8
      <MPD><Period xlink:href="other.xml"/></MPD>|not followed
      <MPD><Period start="soon"/></MPD>|a duration such as
      <MPD type="dynamic"><Period/><Period/></MPD>|period without a start
      """)
  void whatIsNoManifestIsRefusedWithAReason(String origin, String reason) {
    assertThatThrownBy(() -> edition(origin)).isInstanceOf(InputFailure.class).hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      media="v$Number$.m4s"|t="0" d="1" r="9000000000"|names more than
      media="v$Number$.m4s"|t="9223372036854775807" d="9"|too large
      media="v$Number$.m4s"|t="0" d="0" r="7"|a duration (d)
      media="v$SubNumber$.m4s"|t="0" d="1"|$SubNumber$
      media="v$Number.m4s"|t="0" d="1"|a $ stands alone
      media="v$Number$.m4s" timescale="0" x=""|t="0" d="1"|timescale
      startNumber="1"|t="0" d="1"|without media
      """)
  void aHostileTemplateIsRefusedWithAReason(String attributes, String entry, String reason) {
    String origin = dynamic("", period("start=\"PT0S\"", template("v", attributes, timeline(entry))
        .replace(attributes.contains("timescale") ? "timescale=\"10\" " : "none", "")));
    assertThatThrownBy(() -> edition(origin)).isInstanceOf(InputFailure.class).hasMessageContaining(reason);
  }

  @Test
  void deepNestingIsRefusedAndCommentsAndSectionsArePassedOver() {
    assertThatThrownBy(() -> edition("<MPD>" + "<a>".repeat(100_000))).isInstanceOf(InputFailure.class)
        .hasMessageContaining("deep");
    String origin = "<!-- <Period> --><MPD a='>'><![CDATA[<Period>]]>"
        + recorded("ffmpeg-list-end").replaceFirst("(?s).*?<Period", "<Period");
    assertThat(text(next(origin, null).orElseThrow())).isEqualTo(origin);
  }

  @Test
  void aManifestIsTornUntilItsLastTagIsThere() {
    String whole = recorded("nginx-rtmp-4");
    assertThat(dash.isWhole(whole.getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(dash.isWhole(whole.strip().getBytes(StandardCharsets.UTF_8))).isTrue();
    for (int at = 0; at < whole.strip().length(); at += 7) {
      assertThat(dash.isWhole(whole.substring(0, at).getBytes(StandardCharsets.UTF_8))).as("%d", at).isFalse();
    }
  }
}
