package org.reelway.live.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.live.Edition;
import org.reelway.live.NamedFile;
import org.reelway.live.Presence;
import org.reelway.live.Published;

class HlsPlaylistTest {
  private static final String HEAD = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n";

  private final HlsKind hls = new HlsKind(1L << 30);
  private final Store store = new Store();

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

  private Optional<Published> next(String origin, Published before) {
    return hls.read(origin.getBytes(StandardCharsets.UTF_8)).after(before, store);
  }

  /** As after a restart: from the bytes and the memo alone. */
  private Published stored(Published version) {
    return hls.readPublished(version.bytes(), version.memo());
  }

  private static String text(Published version) {
    return new String(version.bytes(), StandardCharsets.UTF_8);
  }

  private static String segments(String name, int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> "#EXTINF:2.000,\n" + name + i + ".ts\n")
        .collect(Collectors.joining());
  }

  private static String live(String name, int from, int to) {
    return HEAD + "#EXT-X-MEDIA-SEQUENCE:" + from + "\n" + segments(name, from, to);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void whatIsAllThereIsPublishedByteForByte(String ending) {
    String origin =
        ("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n# made by hand \u00e9\n#EXT-X-MEDIA-SEQUENCE:7\n"
            + "#EXT-X-INDEPENDENT-SEGMENTS\n\n#EXT-X-KEY:METHOD=AES-128,URI=\"k.key\",IV=0x1\n"
            + "#EXT-X-MAP:URI=\"init.mp4\",BYTERANGE=\"800@0\"\n#EXT-X-UNKNOWN:x=\"a,b\"\n"
            + "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00.000+0000\n#EXTINF:4.000000,titl\u00e9, with comma\n"
            + "s\u00e9g%207.m4s?token=a%2Fb\n#EXT-X-DISCONTINUITY\n#EXT-X-BYTERANGE:1000@0\n#EXTINF:3.9,\nall.m4s\n"
            + "#EXT-X-BYTERANGE:500\n#EXTINF:3.9,\nall.m4s\n#EXT-X-ENDLIST\n")
            .replace("\n", ending);

    Published version = next(origin, null).orElseThrow();

    assertThat(text(version)).isEqualTo(origin);
    assertThat(version.memo()).isEmpty();
    assertThat(version.ended()).isTrue();
    assertThat(version.names())
        .containsExactly(
            NamedFile.whole("k.key"), new NamedFile("init.mp4", 800, false), NamedFile.whole("s\u00e9g%207.m4s?token=a%2Fb"),
            new NamedFile("all.m4s", 1000, false), new NamedFile("all.m4s", 1500, false));
  }

  @Test
  void aPlaylistIsCutAtTheFirstChunkThatIsMissing() {
    store.missing.add("a3.ts");

    Published version = next(live("a", 1, 5) + "#EXT-X-ENDLIST\n", null).orElseThrow();

    assertThat(text(version)).isEqualTo(live("a", 1, 2));
    assertThat(version.ended()).isFalse();
  }

  @Test
  void aMissingInitSegmentOrKeyHoldsItsSegmentsBack() {
    store.missing.add("init.mp4");
    String head = HEAD + segments("a", 0, 0);
    String origin = head + "#EXT-X-MAP:URI=\"init.mp4\"\n" + segments("b", 1, 2);

    assertThat(text(next(origin, null).orElseThrow())).isEqualTo(head);
  }

  @Test
  void nothingIsPublishedOfAPlaylistThatIsEmptyOrWhoseFirstChunkIsMissing() {
    assertThat(next(HEAD, null)).isEmpty();
    store.missing.add("a0.ts");
    assertThat(next(live("a", 0, 3), null)).isEmpty();
  }

  @Test
  void aLostChunkBecomesAGapAndStaysOne() {
    store.lost.add("a1.ts");
    Published version = next(live("a", 0, 2), null).orElseThrow();

    assertThat(text(version)).contains("#EXTINF:2.000,\n#EXT-X-GAP\na1.ts\n#EXTINF:2.000,\na2.ts\n");
    assertThat(version.names()).extracting(NamedFile::uri).containsExactly("a0.ts", "a2.ts");

    store.lost.clear();
    assertThat(text(next(live("a", 1, 3), stored(version)).orElseThrow())).contains("#EXT-X-GAP\na1.ts");
  }

  @Test
  void aLostInitSegmentTakesItsSegmentsWithIt() {
    store.lost.add("init.mp4");
    String origin = HEAD + segments("a", 0, 0) + "#EXT-X-MAP:URI=\"init.mp4\"\n" + segments("b", 1, 2);

    Published version = next(origin, null).orElseThrow();

    assertThat(text(version)).doesNotContain("init.mp4").contains("#EXT-X-GAP\nb1.ts", "#EXT-X-GAP\nb2.ts");
    assertThat(version.names()).containsExactly(NamedFile.whole("a0.ts"));
  }

  @Test
  void itNeverGoesBack() {
    Published version = next(live("a", 3, 8), null).orElseThrow();
    store.missing.add("a8.ts");

    assertThat(next(live("a", 3, 8), version)).as("a chunk that is not known any more").isEmpty();
    assertThat(next(live("a", 3, 6), version)).as("a torn or older version").isEmpty();
  }

  @Test
  void anEncoderThatBeginsAnewGoesOnWithHigherNumbersBehindADiscontinuity() {
    Published before = next(live("a", 5, 8), null).orElseThrow();

    Published first = next(live("b", 0, 0), stored(before)).orElseThrow();
    assertThat(text(first)).isEqualTo(
        HEAD + "#EXT-X-MEDIA-SEQUENCE:6\n" + segments("a", 6, 8) + "#EXT-X-DISCONTINUITY\n" + segments("b", 0, 0));

    Published third = next(live("b", 0, 2), stored(first)).orElseThrow();
    assertThat(text(third)).isEqualTo(
        HEAD + "#EXT-X-MEDIA-SEQUENCE:8\n" + segments("a", 8, 8) + "#EXT-X-DISCONTINUITY\n" + segments("b", 0, 2));

    Published filled = next(live("b", 0, 3), stored(third)).orElseThrow();
    assertThat(text(filled)).isEqualTo(
        HEAD + "#EXT-X-MEDIA-SEQUENCE:9\n" + "#EXT-X-DISCONTINUITY\n" + segments("b", 0, 3));

    Published moved = next(live("b", 1, 4), stored(filled)).orElseThrow();
    assertThat(text(moved)).isEqualTo(
        HEAD + "#EXT-X-MEDIA-SEQUENCE:10\n#EXT-X-DISCONTINUITY-SEQUENCE:1\n" + segments("b", 1, 4));

    Published again = next(live("c", 0, 1), stored(moved)).orElseThrow();
    assertThat(text(again)).isEqualTo(
        HEAD + "#EXT-X-MEDIA-SEQUENCE:12\n#EXT-X-DISCONTINUITY-SEQUENCE:1\n" + segments("b", 3, 4)
            + "#EXT-X-DISCONTINUITY\n" + segments("c", 0, 1));

    Published end = next(live("c", 9, 12), stored(again)).orElseThrow();
    assertThat(text(end)).as("numbers of what is gone are counted").isEqualTo(
        HEAD + "#EXT-X-MEDIA-SEQUENCE:23\n#EXT-X-DISCONTINUITY-SEQUENCE:2\n" + segments("c", 9, 12));
  }

  @Test
  void anEncoderThatReusesNamesIsToldByTheNamesThatItsChunksGet() {
    Published before = next(live("a", 0, 2), null).orElseThrow();
    IntStream.range(0, 3).forEach(i -> store.renamed.put("a" + i + ".ts", "a" + i + "-1f.ts"));

    Published version = next(live("a", 0, 2), stored(before)).orElseThrow();

    assertThat(text(version)).contains("#EXT-X-MEDIA-SEQUENCE:3\n", "#EXT-X-DISCONTINUITY\n", "a0-1f.ts\n", "a2-1f.ts\n");
  }

  @Test
  void oneSegmentThatIsWrittenAnewGetsAnotherNameAndNothingIsPlayedAgain() {
    Published before = next(live("a", 0, 7), null).orElseThrow();
    store.renamed.put("a5.ts", "a5-1f.ts");

    Published version = next(live("a", 0, 8), stored(before)).orElseThrow();

    assertThat(text(version)).isEqualTo(live("a", 0, 8).replace("a5.ts", "a5-1f.ts"));
    assertThat(text(next(live("a", 1, 9), stored(version)).orElseThrow())).isEqualTo(
        live("a", 1, 9).replace("a5.ts", "a5-1f.ts"));
  }

  @Test
  void carriedSegmentsKeepTheirKeyAndInitSegment() {
    String one = HEAD + "#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n" + segments("a", 0, 2);
    Published before = next(one, null).orElseThrow();

    String next = text(next(live("b", 0, 0), stored(before)).orElseThrow());

    assertThat(next).contains(
        "#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n" + segments("a", 1, 2)
            + "#EXT-X-DISCONTINUITY\n#EXT-X-KEY:METHOD=NONE\n" + segments("b", 0, 0));
  }

  @Test
  void anEventPlaylistKeepsAllOfTheRunBefore() {
    String event = HEAD + "#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-MEDIA-SEQUENCE:0\n";
    Published before = next(event + segments("a", 0, 3), null).orElseThrow();

    String next = text(next(event + segments("b", 0, 5), stored(before)).orElseThrow());

    assertThat(next).isEqualTo(event + segments("a", 0, 3) + "#EXT-X-DISCONTINUITY\n" + segments("b", 0, 5));
  }

  @Test
  void partsAreNamedWhenTheyAreThereAndHintsNever() {
    String origin = HEAD + "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0,CAN-SKIP-UNTIL=12.0\n"
        + "#EXT-X-PART-INF:PART-TARGET=0.33\n#EXT-X-MEDIA-SEQUENCE:4\n"
        + "#EXT-X-PART:DURATION=0.33,URI=\"a4.0.m4s\"\n#EXT-X-PART:DURATION=0.33,URI=\"a4.1.m4s\"\n#EXTINF:0.66,\na4.m4s\n"
        + "#EXT-X-PART:DURATION=0.33,URI=\"a5.0.m4s\"\n#EXT-X-PART:DURATION=0.33,URI=\"a5.1.m4s\"\n"
        + "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"a5.2.m4s\"\n#EXT-X-RENDITION-REPORT:URI=\"../b/x.m3u8\",LAST-MSN=4\n";
    store.missing.add("a5.1.m4s");
    store.lost.add("a4.0.m4s");

    Published version = next(origin, null).orElseThrow();

    assertThat(text(version))
        .contains("#EXT-X-SERVER-CONTROL:PART-HOLD-BACK=1.0\n", "a4.1.m4s", "a5.0.m4s")
        .doesNotContain("a4.0.m4s", "a5.1.m4s", "PRELOAD-HINT");
    store.missing.clear();
    assertThat(text(next(origin, version).orElseThrow())).contains("a5.1.m4s", "RENDITION-REPORT");
  }

  @Test
  void aMasterWaitsForItsPlaylistsAndDoesWithoutThoseThatNeverCome() {
    String media = "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"de\",URI=\"de/subs.m3u8\"\n";
    String low = "#EXT-X-STREAM-INF:BANDWIDTH=100,SUBTITLES=\"s\"\nlow/x.m3u8\n";
    String high = "#EXT-X-STREAM-INF:BANDWIDTH=900,SUBTITLES=\"s\"\n# a word\nhigh/x.m3u8\n";
    String origin = "#EXTM3U\n" + media + low + high;
    store.missing.add("high/x.m3u8");

    assertThat(next(origin, null)).isEmpty();
    store.missing.clear();
    assertThat(text(next(origin, null).orElseThrow())).isEqualTo(origin);
    store.lost.addAll(Set.of("high/x.m3u8", "de/subs.m3u8"));
    assertThat(text(next(origin, null).orElseThrow())).isEqualTo("#EXTM3U\n" + low);
    store.lost.add("low/x.m3u8");
    assertThat(next(origin, null)).isEmpty();
  }

  @Test
  void aHundredThousandEntriesAreReadAndCut() {
    String origin = live("chunk-with-a-name-", 0, 99_999);
    store.missing.add("chunk-with-a-name-99998.ts");

    Published version = next(origin, null).orElseThrow();

    assertThat(version.inWords()).isEqualTo("0 to 99997");
    Published read = stored(version);
    store.missing.clear();
    assertThat(text(next(origin, read).orElseThrow())).isEqualTo(origin);
  }

  @Test
  void aPlaylistThatTheHeapCannotHoldIsRefusedWithWhatToDo() {
    byte[] tooLong = live("a", 0, 40_000).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> new HlsKind(128L << 20).read(tooLong))
        .isInstanceOf(InputFailure.class).hasMessageContainingAll("80006 lines", "67108 are taken at most", "-Xmx1g");
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "", "no playlist\n", "\n#EXTM3U\n", "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:x\n", "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:-1\n",
      "#EXTM3U\n#EXTINF:1,\na.ts\n#EXT-X-MEDIA-SEQUENCE:5\n", "#EXTM3U\n#EXT-X-BYTERANGE:9223372036854775807@1\na.ts\n",
      "#EXTM3U\n#EXT-X-MAP:BYTERANGE=\"1@0\"\na.ts\n", "#EXTM3U\n#EXT-X-SKIP:SKIPPED-SEGMENTS=3\n",
      "#EXTM3U\n#EXT-X-TARGETDURATION:NaN\n", "#EXTM3U\n#EXTINF:1,\n{$base}/a.ts\n"})
  void whatCannotBeFollowedIsRefused(String text) {
    assertThatThrownBy(() -> hls.read(text.getBytes(StandardCharsets.UTF_8))).isInstanceOf(InputFailure.class);
  }

  @Test
  void namesAreInTheOrderOfPlaying() {
    Edition edition = hls.read((HEAD + "#EXT-X-MAP:URI=\"i\"\n" + segments("a", 0, 1)).getBytes(StandardCharsets.UTF_8));
    assertThat(edition.names()).extracting(NamedFile::uri).containsExactly("i", "a0.ts", "a1.ts");
  }
}
