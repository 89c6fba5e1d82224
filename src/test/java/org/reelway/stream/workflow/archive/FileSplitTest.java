package org.reelway.stream.workflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.reelway.stream.workflow.archive.ArchiveFixture.PREFIX;
import static org.reelway.stream.workflow.archive.ArchiveFixture.RATE;
import static org.reelway.stream.workflow.archive.ArchiveFixture.source;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.Conflict;
import org.reelway.failure.InputFailure;
import org.reelway.failure.ListFull;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.state.StateDatabase;
import org.reelway.state.StateWriter;
import org.reelway.state.StoredSplits;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.Ffprobe;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.SmallDisk;
import org.reelway.transfer.Backoff;

/** Sections as files, cut by the real ffmpeg and compared picture by picture with what was archived. */
class FileSplitTest {
  private static final Backoff SOON = new Backoff(Duration.ofMillis(100), Duration.ofMillis(200));

  @TempDir Path temp;
  private ArchiveFixture it;
  private StateWriter writer;
  private StoredSplits stored;
  private final List<Path> marked = new CopyOnWriteArrayList<>();
  private final List<SplitDone> told = new CopyOnWriteArrayList<>();
  private volatile RuntimeException refusal;
  private volatile FfmpegPrograms programs = LiveEncoder.PROGRAMS;
  private ArchiveSplitter splitter;

  private final class Recordings implements SplitFiles {
    @Override
    public Path folder() {
      return temp.resolve("recordings");
    }

    @Override
    public void requireTaken(Path folder) {
      if (refusal != null) {
        throw refusal;
      }
    }

    @Override
    public void finished(Path file, String stream) {
      marked.add(file);
    }

    @Override
    public FfmpegPrograms programs() {
      return programs;
    }
  }

  @BeforeEach
  void begin() {
    it = new ArchiveFixture(temp);
    StateDatabase database = StateDatabase.open(temp.resolve("state"), Clock.systemUTC());
    writer = new StateWriter(database.jdbi());
    stored = new StoredSplits(database.jdbi(), writer, "here");
    splitter = start(told::add);
  }

  private ArchiveSplitter start(SplitDone.Listener listener) {
    ArchiveSplitter started =
        new ArchiveSplitter(it.archives, stored, new Recordings(), 1, listener, SOON, Clock.systemUTC());
    started.begin();
    return started;
  }

  @AfterEach
  void end() {
    splitter.close();
    writer.close();
    it.close();
  }

  private static SplitRequest request(boolean exact, String modifier, Object... borders) {
    SplitRequest playlist = ArchiveFixture.request(modifier, borders);
    return new SplitRequest(playlist.timestampList(), "s1", modifier, "mp4", exact);
  }

  private SplitDone made(SplitRequest request) {
    SplitAnswer answer = splitter.split(source(2), request);
    await().atMost(Duration.ofSeconds(60)).until(() -> told.stream().anyMatch(done -> done.id().equals(answer.split())));
    SplitDone done = told.stream().filter(each -> each.id().equals(answer.split())).findFirst().orElseThrow();
    assertThat(done.sections()).extracting(SplitDone.Made::name).isEqualTo(answer.files());
    return done;
  }

  /** Which of the source's pictures they are; -1 for none. */
  private static List<Integer> numbers(List<String> shown, List<String> pictures) {
    return shown.stream().map(pictures::indexOf).toList();
  }

  private static List<Integer> range(double from, double to) {
    return IntStream.range((int) Math.round(from * RATE), (int) Math.round(to * RATE)).boxed().toList();
  }

  /** How much later a sound is in one file than in another, beside their pictures. */
  private static double soundBefore(Path one, Path other) throws Exception {
    Map<String, Double> there = sounds(one);
    double[] apart =
        sounds(other).entrySet().stream().mapToDouble(each -> there.get(each.getKey()) - each.getValue()).toArray();
    assertThat(apart).hasSizeGreaterThan(400);
    assertThat(DoubleStream.of(apart).max().orElseThrow() - DoubleStream.of(apart).min().orElseThrow()).isLessThan(0.002);
    return apart[0] - firstPicture(one) + firstPicture(other);
  }

  private static double firstPicture(Path file) throws Exception {
    return packets(file, "0:v").values().iterator().next();
  }

  /** When packets are played, by their hashes. */
  private static Map<String, Double> sounds(Path file) throws Exception {
    return packets(file, "0:a");
  }

  private static Map<String, Double> packets(Path file, String track) throws Exception {
    Map<String, Double> times = new LinkedHashMap<>();
    double[] base = {0};
    new String(
            Ffmpeg.bytes(
                List.of("-v", "error", "-copyts", "-i", file.toString(), "-map", track, "-c", "copy", "-f", "framemd5", "-")),
            StandardCharsets.UTF_8)
        .lines()
        .forEach(line -> {
          if (line.startsWith("#tb 0: 1/")) {
            base[0] = Double.parseDouble(line.substring(9));
          } else if (!line.startsWith("#")) {
            String[] fields = line.split(",");
            times.put(fields[5].strip(), Long.parseLong(fields[2].strip()) / base[0]);
          }
        });
    return times;
  }

  private static double length(Path file) {
    return Ffprobe.of(file).at("/format/duration").asDouble();
  }

  @Test
  void aCopyBeginsWithTheKeyPictureBeforeItsStartAndIsMarkedAsARecording() {
    Path film = it.film(12);
    List<String> pictures = ArchiveFixture.pictures(film);
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    SplitDone done = made(request(false, "clip", 3.3, 7.5));
    Path file = Path.of(done.sections().get(0).name());
    List<String> shown = ArchiveFixture.pictures(file);
    // Pictures that are decoded with those before the end are there too.
    assertThat(shown.size()).isBetween((int) (4.5 * RATE), (int) (4.5 * RATE) + 3);
    assertThat(numbers(shown, pictures).subList(0, (int) (4.5 * RATE))).isEqualTo(range(3, 7.5).subList(0, (int) (4.5 * RATE)));
    assertThat(done.sections().get(0).how()).isEqualTo("copy");
    assertThat(Ffprobe.codecs(file)).containsExactly("h264", "aac");
    assertThat(marked).containsExactly(file);
    assertThat(file).isEqualTo(temp.resolve("recordings/cam/s1-clip_0.mp4"));
    assertThat(splitter.works("cam")).singleElement().satisfies(work -> {
      assertThat(work.state()).isEqualTo("made");
      assertThat(work.how()).isEqualTo("copy");
    });
  }

  @Test
  void anExactCutIsEncodedAnewAtItsEdgesOnly() throws Exception {
    Path film = it.film(20);
    List<String> pictures = ArchiveFixture.pictures(film);
    for (Path archive :
        List.of(it.segments(film, "_120261130T120000.%06d.ts", 2), it.indexed(film, 2))) {
      it.server.keys().forEach(key -> it.delete(key.substring(PREFIX.length())));
      it.put(archive);
      SplitDone done = made(request(true, null, 3.32, 15.52));
      Path file = Path.of(done.sections().get(0).name());
      List<String> shown = ArchiveFixture.pictures(file);
      assertThat(shown).hasSize((int) Math.round(12.2 * RATE));
      assertThat(done.sections().get(0).how()).isEqualTo("edges");
      int from = (int) Math.round(0.68 * RATE);
      assertThat(numbers(shown, pictures).subList(from, from + 11 * RATE)).isEqualTo(range(4, 15));
      assertThat(length(file)).isBetween(12.15, 12.3);
      assertThat(soundBefore(film, file)).isCloseTo(3.32, within(0.002));
      assertThat(Ffprobe.codecs(file)).containsExactly("h264", "aac");
    }
  }

  @Test
  void anExactCutAtKeyPicturesIsACopy() {
    Path film = it.film(12);
    List<String> pictures = ArchiveFixture.pictures(film);
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    SplitDone done = made(request(true, null, 3, 12));
    assertThat(done.sections().get(0).how()).isEqualTo("copy");
    assertThat(numbers(ArchiveFixture.pictures(Path.of(done.sections().get(0).name())), pictures)).isEqualTo(range(3, 12));
  }

  @Test
  void anExactCutWithoutAKeyPictureInItIsEncodedAnewAsAWhole() {
    it.put(it.segments(it.film(12), "_120261130T120000.%06d.ts", 2));
    SplitDone done = made(request(true, null, 3.2, 3.8));
    assertThat(done.sections().get(0).how()).isEqualTo("whole");
    assertThat(ArchiveFixture.pictures(Path.of(done.sections().get(0).name()))).hasSize(15);
  }

  @Test
  void whatCannotBeJoinedIsEncodedAnewAsAWhole() {
    List<List<String>> codecs =
        List.of(
            // Pictures behind a key picture are shown before it, and need what is before it.
            List.of("-c:v", "libx264", "-x264-params", "open-gop=1:keyint=25:min-keyint=25:scenecut=0:bframes=3:b-adapt=0"),
            List.of("-c:v", "libx265", "-x265-params", "keyint=25:min-keyint=25:log-level=error"),
            List.of("-c:v", "libx264", "-flags", "+ilme+ildct", "-x264-params", "tff=1:keyint=25"));
    for (List<String> codec : codecs) {
      it.server.keys().forEach(key -> it.delete(key.substring(PREFIX.length())));
      Path film = it.newFolder().resolve("film.ts");
      List<String> arguments = new ArrayList<>(List.of("-f", "lavfi", "-i", "testsrc2=size=160x96:rate=25", "-t", "8"));
      arguments.addAll(codec);
      arguments.addAll(List.of("-preset", "ultrafast", "-pix_fmt", "yuv420p", film.toString()));
      ArchiveFixture.run(arguments.toArray(String[]::new));
      it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
      SplitDone done = made(request(true, null, 2.52, 5.52));
      assertThat(done.sections().get(0).how()).as(codec.toString()).isEqualTo("whole");
      Path file = Path.of(done.sections().get(0).name());
      assertThat(ArchiveFixture.pictures(file)).as(codec.toString()).hasSize(3 * RATE);
      assertThat(Ffprobe.codecs(file)).containsExactly("h264");
    }
  }

  @Test
  void m2tsWithPacketsOf192BytesBecomesAFile() {
    Path film = it.film(12);
    List<String> pictures = ArchiveFixture.pictures(film);
    it.put(it.segments(film, "_120261130T120000.%06d.m2ts", 2, "-segment_format_options", "mpegts_m2ts_mode=1"));
    SplitDone done = made(request(true, null, 3, 7));
    assertThat(numbers(ArchiveFixture.pictures(Path.of(done.sections().get(0).name())), pictures)).isEqualTo(range(3, 7));
  }

  @Test
  void fragmentedMp4BecomesAFile() {
    Path film = it.film(12);
    List<String> pictures = ArchiveFixture.pictures(film);
    it.put(it.indexed(film, 2, "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4"));
    SplitDone done = made(request(true, null, 3, 7));
    assertThat(numbers(ArchiveFixture.pictures(Path.of(done.sections().get(0).name())), pictures)).isEqualTo(range(3, 7));
  }

  @Test
  void aHoleThatTheOtherPipelineFillsIsOneFile() {
    Path film = it.film(12);
    List<String> pictures = ArchiveFixture.pictures(film);
    it.put(it.segments(film, "_120261130T120000.%06d.ts", 2));
    it.put(it.segments(film, "_220261130T120000.%06d.ts", 2));
    it.delete("_120261130T120000.000002.ts");
    SplitDone done = made(request(true, null, 3, 9));
    assertThat(numbers(ArchiveFixture.pictures(Path.of(done.sections().get(0).name())), pictures)).isEqualTo(range(3, 9));
  }

  @Test
  void whatWasOrderedIsMadeAfterAStartWhateverAKillLeft() throws Exception {
    it.put(it.segments(it.film(12), "_120261130T120000.%06d.ts", 2));
    splitter.close();
    ArchiveSplitter ended = splitter;
    SplitAnswer answer = ended.split(source(2), request(false, "later", 0, 1, 3, 5));
    Path left = Files.createDirectories(temp.resolve("recordings/.reelway-splits/run-of-another/cut1"));
    Files.write(left.resolve("whole.mp4"), new byte[1000]);
    splitter = start(told::add);
    await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == 1);
    assertThat(answer.files()).allSatisfy(file -> assertThat(Path.of(file)).exists());
    assertThat(left).doesNotExist();
    try (Stream<Path> files = Files.walk(temp.resolve("recordings/.reelway-splits"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void whatWasSentBeforeAKillIsNotMadeAgain() throws Exception {
    it.put(it.segments(it.film(12), "_120261130T120000.%06d.ts", 2));
    splitter.close();
    SplitAnswer answer = splitter.split(source(2), request(false, "sent", 0, 1));
    stored.put(stored.split(answer.split()).get(0).placing("copy"));
    splitter = start(told::add);
    await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == 1);
    assertThat(Path.of(answer.files().get(0))).doesNotExist();
    assertThat(marked).isEmpty();
    assertThat(told.get(0).sections().get(0).name()).isEqualTo(answer.files().get(0));
  }

  @Test
  void whoeverIsToldIsToldUntilThatIsTaken() {
    it.put(it.segments(it.film(6), "_120261130T120000.%06d.ts", 2));
    splitter.close();
    int[] refused = {0};
    splitter = start(done -> {
      if (refused[0]++ < 2) {
        throw new IllegalStateException("not now");
      }
      told.add(done);
    });
    made(request(false, "told", 0, 1));
    assertThat(refused[0]).isEqualTo(3);
    await().atMost(Duration.ofSeconds(10)).until(() -> stored.open().isEmpty());
  }

  @Test
  void theSameSplitIsASuccessAndOthersOfItsNameAreRefused() {
    it.put(it.segments(it.film(6), "_120261130T120000.%06d.ts", 2));
    SplitDone done = made(request(false, "clip", 0, 1));
    assertThat(splitter.split(source(2), request(false, "clip", 0, 1)).files()).containsExactly(done.sections().get(0).name());
    assertThatThrownBy(() -> splitter.split(source(2), request(false, "clip", 0, 2))).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> splitter.split(source(2), request(true, "clip", 0, 1))).isInstanceOf(Conflict.class);
    assertThat(marked).hasSize(1);
  }

  @Test
  void nothingIsOrderedUnlessAllSectionsAreThereAndTheFolderIsSent() {
    it.put(it.segments(it.film(6), "_120261130T120000.%06d.ts", 2));
    assertThatThrownBy(() -> splitter.split(source(2), request(false, "clip", 0, 1, 3, 30)))
        .isInstanceOf(InputFailure.class).hasMessageContaining("timestamp_list[1].end");
    refusal = new InputFailure("in none of the recording folders");
    assertThatThrownBy(() -> splitter.split(source(2), request(false, "clip", 0, 1))).isSameAs(refusal);
    assertThat(splitter.works("cam")).isEmpty();
  }

  @Test
  void aFullDiskIsWaitedForAndWhatIsWrongIsTold() throws Exception {
    it.put(it.segments(it.film(4), "_120261130T120000.%06d.ts", 2));
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("recordings"), 100, 1000)) {
      Path other = Files.write(disk.folder().resolve("other"), new byte[60 << 20]);
      SplitAnswer answer = splitter.split(source(2), request(false, "room", 0, 2));
      await().atMost(Duration.ofSeconds(20)).until(() -> splitter.works("cam").get(0).tries() >= 2);
      assertThat(splitter.works("cam").get(0).trouble()).contains("there is no room in", "MiB are free; make room there");
      Files.delete(other);
      await().atMost(Duration.ofSeconds(20)).until(() -> told.size() == 1);
      assertThat(Path.of(answer.files().get(0))).exists();
      splitter.close();
    }
  }

  @Test
  void noMoreWaitThanMayBe() {
    it.put(it.segments(it.film(4), "_120261130T120000.%06d.ts", 2));
    splitter.close();
    Object[] hundred = IntStream.range(0, 200).mapToObj(i -> (Object) (i % 2)).toArray();
    for (int i = 0; i < 10; i++) {
      splitter.split(source(2), request(false, "many" + i, hundred));
    }
    assertThatThrownBy(() -> splitter.split(source(2), request(false, "more", 0, 1))).isInstanceOf(ListFull.class);
    assertThat(splitter.standing().waiting()).isEqualTo(1000);
  }

  @Test
  void whatCannotBeReadFailsAloneAndIsTold() throws Exception {
    Path archive = it.indexed(it.film(8), 2);
    Files.write(archive.resolve("_120261130T120000.000001.ts"), new byte[5000]);
    it.put(archive);
    SplitAnswer answer = splitter.split(source(2), request(false, "bad", 2, 4, 4, 6));
    await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == 1);
    List<SplitDone.Made> sections = new ArrayList<>(told.get(0).sections());
    assertThat(sections.get(0).trouble()).isNotEmpty();
    assertThat(sections.get(0).name()).isEmpty();
    assertThat(sections.get(1).name()).isEqualTo(answer.files().get(1));
    assertThat(splitter.works("cam").get(0).state()).isEqualTo("failed");
  }

  @Test
  void aProgramThatIsEndedByOthersIsNoFaultOfTheSection() throws Exception {
    it.put(it.indexed(it.film(4), 2));
    Path ended = temp.resolve("ended");
    for (String how : List.of("kill -TERM $$", "kill -KILL $$", "exit 255", "echo No space left on device >&2; exit 228")) {
      Files.deleteIfExists(ended);
      programs = new FfmpegPrograms(once(ended, how, LiveEncoder.PROGRAMS.ffmpeg()), LiveEncoder.PROGRAMS.ffprobe());
      assertThat(made(request(false, null, 0, 2)).sections().get(0).trouble()).as(how).isEmpty();
      assertThat(ended).exists();
    }
    Files.delete(ended);
    programs = new FfmpegPrograms(LiveEncoder.PROGRAMS.ffmpeg(), once(ended, "kill -TERM $$", LiveEncoder.PROGRAMS.ffprobe()));
    assertThat(made(request(false, null, 0, 2)).sections().get(0).trouble()).isEmpty();
    assertThat(ended).exists();
  }

  /** A program that ends so the first time. */
  private Path once(Path ended, String how, Path program) throws Exception {
    Path script = Files.writeString(
        temp.resolve("script"),
        "#!/bin/sh\n[ -e '" + ended + "' ] || { touch '" + ended + "'; " + how + "; }\nexec '" + program + "' \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }
}
