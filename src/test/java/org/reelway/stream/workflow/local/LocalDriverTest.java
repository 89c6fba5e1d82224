package org.reelway.stream.workflow.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.stream.workflow.local.LocalRig.eventually;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.Ffprobe;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** A stream's life with the local driver: real publishers, a real store. */
@Execution(ExecutionMode.CONCURRENT)
class LocalDriverTest {
  private static final String INDEX = "viewer/" + LocalRig.ID + "/index.m3u8";
  private static final String PUBLIC = "viewer/live/" + LocalRig.ID + "/index.m3u8";

  @TempDir Path folder;
  private TestStore store;
  private LocalRig rig;

  @BeforeEach
  void start() {
    store = TestStore.start(folder.resolve("store"));
    rig = new LocalRig(folder, store.endpoint());
  }

  @AfterEach
  void stop() {
    rig.close();
    store.close();
  }

  private static long segments(String playlist) {
    return playlist.lines().filter(line -> line.startsWith("#EXTINF")).count();
  }

  private static boolean isBetween(double seconds, double least, double most) {
    return seconds >= least && seconds <= most;
  }

  private static double seconds(String playlist) {
    return playlist.lines().filter(line -> line.startsWith("#EXTINF:"))
        .mapToDouble(line -> Double.parseDouble(line.substring(8, line.indexOf(',')))).sum();
  }

  private String text(String key) {
    return store.has(key) ? new String(store.bytes(key)) : "";
  }

  private int pictures(String prefix, String playlist) throws Exception {
    Path whole = folder.resolve("whole.ts");
    Files.deleteIfExists(whole);
    Files.createFile(whole);
    for (String line : playlist.lines().filter(line -> !line.startsWith("#")).toList()) {
      Files.write(whole, store.bytes(prefix + line), StandardOpenOption.APPEND);
    }
    return Ffprobe.of(whole).at("/streams/0/nb_read_packets").asInt();
  }

  @Test
  void aStreamIsMadeStartedPublishedLiveStoppedAndDeleted() throws Exception {
    rig.begin();
    rig.want(Wanted.STOPPED);
    assertThat(rig.facts.get(StreamFacts.RTMP1).orElseThrow()).matches("rtmp://127.0.0.1:" + rig.port + "/live/[0-9a-f]{40}");
    assertThat(rig.facts.get(StreamFacts.RTMP1)).isNotEqualTo(rig.facts.get(StreamFacts.RTMP2));
    try (RtmpPublisher early = rig.publish(StreamFacts.RTMP1)) {
      eventually("nobody is taken before the start", () -> !early.isAlive());
    }
    String archive = rig.startSession();
    try (RtmpPublisher publisher = rig.publish(StreamFacts.RTMP1)) {
      eventually("viewers have 3 segments", () -> segments(text(INDEX)) >= 3);
      assertThat(store.has(PUBLIC)).isFalse();
      rig.live = true;
      rig.want(Wanted.STARTED);
      eventually("it is public", () -> segments(text(PUBLIC)) >= 3);
      assertThat(text(PUBLIC)).contains("\n../../" + LocalRig.ID + "/");
      assertThat(rig.facts.get(StreamFacts.IS_PUBLIC)).contains("true");
      rig.live = false;
      rig.want(Wanted.STARTED);
      assertThat(store.has(PUBLIC)).isFalse();
      eventually("the archive has 3 segments", () -> segments(text(archive + "index.m3u8")) >= 3);
      assertThat(store.has(PUBLIC)).as("it stays off").isFalse();
      publisher.end();
    }
    rig.want(Wanted.STOPPED);
    String playlist = text(archive + "index.m3u8");
    assertThat(playlist).contains("#EXT-X-PLAYLIST-TYPE:EVENT").endsWith("#EXT-X-ENDLIST\n");
    assertThat(playlist.lines().filter(line -> !line.startsWith("#")))
        .allMatch(name -> Pattern.matches("_1\\d{8}T\\d{6}\\.\\d{6}\\.ts", name));
    assertThat(text(INDEX)).endsWith("#EXT-X-ENDLIST\n");
    assertThat(pictures("viewer/" + LocalRig.ID + "/", text("viewer/" + LocalRig.ID + "/startover.m3u8")))
        .as("viewers and archive have the same pictures").isEqualTo(pictures(archive, playlist)).isGreaterThan(100);
    assertThat(rig.localFiles()).isEmpty();
    rig.session = java.util.Optional.empty();
    rig.want(Wanted.DELETED);
    assertThat(store.keys()).allMatch(key -> key.startsWith(archive)).isNotEmpty();
    assertThat(folder.resolve("workflow/viewer")).isDirectoryNotContaining("glob:**/" + LocalRig.ID);
    assertThat(folder.resolve("workflow/viewer/live")).isEmptyDirectory();
  }

  /** Each picture is another one; a key picture each second. */
  private Path film(int seconds, String... codec) throws Exception {
    Path film = folder.resolve("film.flv");
    if (!Files.exists(film)) {
      List<String> arguments = new ArrayList<>(List.of(
          "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=" + seconds,
          "-f", "lavfi", "-i", "sine=frequency=440:duration=" + seconds));
      arguments.addAll(codec.length > 0 ? List.of(codec) : List.of("-c:v", "libx264", "-c:a", "aac"));
      arguments.addAll(List.of("-preset", "ultrafast", "-g", "25", "-keyint_min", "25", "-sc_threshold", "0", "-bf", "0", film.toString()));
      Ffmpeg.run(arguments);
    }
    return film;
  }

  private RtmpPublisher send(Path film, String fact) {
    return RtmpPublisher.send(film, List.of("-c", "copy", "-f", "flv", rig.facts.get(fact).orElseThrow()));
  }

  /** Of the pictures as they are coded, in the order of the playlist. */
  private List<String> hashes(String prefix, String playlist) throws Exception {
    Path whole = folder.resolve("whole.ts");
    Files.deleteIfExists(whole);
    Files.createFile(whole);
    for (String line : playlist.lines().filter(line -> !line.startsWith("#")).toList()) {
      Files.write(whole, store.bytes(prefix + line), StandardOpenOption.APPEND);
    }
    return hashes(whole);
  }

  private static List<String> hashes(Path file) throws Exception {
    String said = new String(Ffmpeg.bytes(List.of(
        "-v", "fatal", "-i", file.toString(), "-map", "0:v", "-c", "copy", "-bsf:v", "filter_units=pass_types=1-5", "-f", "framemd5", "-")));
    return said.lines().filter(line -> !line.startsWith("#")).map(line -> line.split(",")[5].strip()).toList();
  }

  private void takesOverWithoutAPictureTwice(int most) throws Exception {
    Path film = film(16);
    rig.want(Wanted.STOPPED);
    String archive = rig.startSession();
    try (RtmpPublisher first = send(film, StreamFacts.RTMP1)) {
      eventually("the first one is taken", () -> rig.driver.costs(id -> Optional.empty()).get(0).what().contains("packaging"));
      try (RtmpPublisher second = send(film, StreamFacts.RTMP2)) {
        eventually("viewers have some", () -> segments(text(INDEX)) >= 4);
        first.kill();
        eventually("the second one has ended", () -> !second.isAlive());
      }
    }
    rig.want(Wanted.STOPPED);
    String playlist = text(archive + "index.m3u8");
    assertThat(playlist.lines().filter("#EXT-X-DISCONTINUITY"::equals)).hasSize(1);
    List<String> all = hashes(archive, playlist);
    List<String> sent = hashes(film);
    long doubled = all.size() - Set.copyOf(all).size();
    int begun = all.indexOf(sent.get(sent.size() - 1));
    assertThat(begun).as("the last picture is there").isEqualTo(all.size() - 1);
    assertThat(all.size()).isGreaterThan(sent.size() - most);
    // The second publisher began a moment later than the first: what it sent again by the clock is no longer than that.
    assertThat(doubled).isLessThan(25);
  }

  @Test
  void theOtherIngestGoesOnWhereOneEnds() throws Exception {
    rig.begin();
    takesOverWithoutAPictureTwice(26);
  }

  @Test
  void theOtherIngestGoesOnWhereAMediaServerSaysNothingOfTheEnd() throws Exception {
    try (NginxRtmp nginx = NginxRtmp.start(folder.resolve("nginx"))) {
      rig.ingest = List.of(URI.create("rtmp://" + nginx.address() + "/live"));
      rig.begin();
      takesOverWithoutAPictureTwice(26);
    }
  }

  @Test
  void aRestartGoesOnInTheSamePlaylists() throws Exception {
    rig.begin();
    rig.want(Wanted.STOPPED);
    String archive = rig.startSession();
    rig.live = true;
    rig.want(Wanted.STARTED);
    try (RtmpPublisher publisher = rig.publish(StreamFacts.RTMP1)) {
      eventually("viewers have some", () -> segments(text(INDEX)) >= 3);
      rig.restart();
      rig.want(Wanted.STARTED);
    }
    long before = segments(text(INDEX));
    try (RtmpPublisher publisher = rig.publish(StreamFacts.RTMP2)) {
      eventually("it goes on", () -> segments(text(PUBLIC)) >= before + 3);
    }
    rig.want(Wanted.STOPPED);
    String playlist = text(archive + "index.m3u8");
    assertThat(playlist.lines().filter("#EXT-X-DISCONTINUITY"::equals)).hasSize(1);
    assertThat(playlist.lines().filter(line -> !line.startsWith("#"))).doesNotHaveDuplicates();
    assertThat(text(INDEX)).contains("#EXT-X-MEDIA-SEQUENCE:0\n").endsWith("#EXT-X-ENDLIST\n");
    assertThat(text(PUBLIC)).endsWith("#EXT-X-ENDLIST\n");

    rig.startSession();
    long next = segments(text(INDEX));
    try (RtmpPublisher publisher = rig.publish(StreamFacts.RTMP1)) {
      eventually("the next session's numbers go on",
          () -> text(PUBLIC).contains("#EXT-X-MEDIA-SEQUENCE:" + next + "\n") && !text(PUBLIC).contains("ENDLIST"));
    }
    assertThat(text(INDEX)).contains("#EXT-X-DISCONTINUITY-SEQUENCE:2\n");
  }

  @ParameterizedTest
  @CsvSource({"KILL, 10, 75", "STOP, 24, 375"})
  void anFfmpegThatIsGoneOrHangsIsFollowedByAnotherOneAndWhatItHadCutIsKept(String signal, int seconds, int most) throws Exception {
    rig.segmentLength = Duration.ofSeconds(30);
    rig.begin();
    rig.want(Wanted.STOPPED);
    String archive = rig.startSession();
    Path film = film(seconds);
    try (RtmpPublisher publisher = send(film, StreamFacts.RTMP1)) {
      eventually("viewers have some", () -> segments(text(INDEX)) >= 3);
      List<ProcessHandle> packagers = ProcessHandle.current().children()
          .filter(child -> read(Path.of("/proc/" + child.pid() + "/cmdline")).contains(rig.local("runs").toString())).toList();
      assertThat(packagers).hasSize(1);
      assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(packagers.get(0).pid())).start().waitFor()).isZero();
      eventually("it has ended", () -> !publisher.isAlive());
    }
    rig.want(Wanted.STOPPED);
    List<String> sent = hashes(film);
    List<String> kept = hashes(archive, text(archive + "index.m3u8"));
    assertThat(kept).doesNotHaveDuplicates();
    assertThat(sent).containsSubsequence(kept);
    // One that hangs is ended after ten seconds; then up to a second until another one is begun, and one to the next key picture.
    assertThat(kept.size()).isGreaterThan(sent.size() - most);
    assertThat(kept.subList(0, 75)).isEqualTo(sent.subList(0, 75));
    assertThat(text(archive + "index.m3u8")).containsOnlyOnce("#EXT-X-DISCONTINUITY\n");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException gone) {
      return "";
    }
  }

  @Test
  void aSecondPublisherWithTheSameKeyIsRefusedWhileTheFirstOneIsOn() throws Exception {
    rig.begin();
    rig.want(Wanted.STOPPED);
    rig.startSession();
    try (RtmpPublisher first = rig.publish(StreamFacts.RTMP1)) {
      eventually("the first one is taken", () -> segments(text(INDEX)) >= 1);
      try (RtmpPublisher second = rig.publish(StreamFacts.RTMP1)) {
        eventually("the second one is refused", () -> !second.isAlive());
      }
      first.kill();
      try (RtmpPublisher again = rig.publish(StreamFacts.RTMP1)) {
        eventually("one that comes back is taken", () -> text(INDEX).contains("#EXT-X-DISCONTINUITY\n"));
      }
    }
  }

  @Test
  void encryptedSegmentsDecodeWithKeysThatChange() throws Exception {
    rig.encrypt = true;
    rig.begin();
    rig.want(Wanted.STOPPED);
    String archive = rig.startSession();
    try (RtmpPublisher publisher = rig.publish(StreamFacts.RTMP1)) {
      eventually("viewers have some", () -> segments(text(INDEX)) >= 6);
      for (Path key : rig.localFiles().stream().filter(file -> file.toString().endsWith(".key")).toList()) {
        assertThat(Files.getPosixFilePermissions(key)).containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
      }
    }
    rig.want(Wanted.STOPPED);
    String prefix = "viewer/" + LocalRig.ID + "/";
    Path local = Files.createDirectories(folder.resolve("played"));
    for (String key : store.keys().stream().filter(key -> key.startsWith(prefix)).toList()) {
      Files.write(local.resolve(key.substring(prefix.length())), store.bytes(key));
    }
    assertThat(store.keys().stream().filter(key -> key.endsWith(".key")).count()).isGreaterThanOrEqualTo(3);
    Path clear = folder.resolve("clear.ts");
    Ffmpeg.run(List.of("-v", "error", "-allowed_extensions", "ALL", "-i", local.resolve("index.m3u8").toString(), "-c", "copy", clear.toString()));
    List<String> played = hashes(clear);
    List<String> kept = hashes(archive, text(archive + "index.m3u8"));
    assertThat(played.size() + " " + played.equals(kept)).isEqualTo(kept.size() + " true");
    byte[] segment = store.bytes(store.keys().stream().filter(key -> key.startsWith(prefix) && key.endsWith(".ts")).findFirst().orElseThrow());
    assertThat(segment[0]).as("no sync byte of MPEG-TS at 0 and 188").isNotEqualTo(segment[188]);
  }

  @Test
  void whatLeavesTheStartOverWindowIsRemoved() throws Exception {
    rig.startover = Duration.ofSeconds(8);
    rig.window = Duration.ofSeconds(3);
    rig.encrypt = true;
    rig.begin();
    rig.want(Wanted.STOPPED);
    rig.startSession();
    String prefix = "viewer/" + LocalRig.ID + "/";
    try (RtmpPublisher publisher = rig.publish(StreamFacts.RTMP1)) {
      eventually("the start-over playlist moves on", () -> text(prefix + "startover.m3u8").contains("MEDIA-SEQUENCE:")
          && !text(prefix + "startover.m3u8").contains("MEDIA-SEQUENCE:0\n"));
      // Not at once: what a busy machine has not brought into the store yet is in neither of them.
      eventually("viewers have the window", () -> isBetween(seconds(text(INDEX)), 2.9, 5.1));
      eventually("they have the start-over window", () -> isBetween(seconds(text(prefix + "startover.m3u8")), 7, 12.1));
      eventually("the first segment and the first key are gone", () -> store.keys().stream()
          .noneMatch(key -> key.startsWith(prefix) && (key.endsWith("-000000.ts") || key.endsWith("-0.key"))));
    }
    rig.want(Wanted.STOPPED);
    for (String playlist : List.of("index.m3u8", "startover.m3u8")) {
      assertThat(text(prefix + playlist).lines().filter(line -> !line.startsWith("#")).map(name -> prefix + name))
          .allMatch(store::has);
    }
  }

  @Test
  void nothingIsLostWhileTheStoreIsAway() throws Exception {
    rig.window = Duration.ofSeconds(3);
    rig.begin();
    rig.want(Wanted.STOPPED);
    String archive = rig.startSession();
    Path film = film(14);
    int port = store.endpoint().getPort();
    try (RtmpPublisher publisher = send(film, StreamFacts.RTMP1)) {
      eventually("viewers have some", () -> segments(text(INDEX)) >= 2);
      store.close();
      eventually("more than a window is cut", () -> {
        try (var files = Files.list(rig.local("viewer/" + LocalRig.ID))) {
          return files.filter(file -> file.toString().endsWith(".ts")).count() >= 9;
        }
      });
      store = TestStore.start(folder.resolve("store"), port);
      eventually("it has ended", () -> !publisher.isAlive());
    }
    rig.want(Wanted.STOPPED);
    assertThat(hashes(archive, text(archive + "index.m3u8"))).isEqualTo(hashes(film));
    String prefix = "viewer/" + LocalRig.ID + "/";
    assertThat(hashes(prefix, text(prefix + "startover.m3u8"))).isEqualTo(hashes(film));
    assertThat(text(archive + "index.m3u8") + text(INDEX)).doesNotContain("GAP").doesNotContain("DISCONTINUITY\n");
  }

  @ParameterizedTest
  @CsvSource({
      "only pictures, h264, -c:v libx264 -an", "only sounds, aac, -vn -c:a aac", "H.265, hevc aac, -c:v libx265 -x265-params log-level=none -c:a aac"})
  void aStreamMayHave(String what, String codecs, String arguments) throws Exception {
    rig.begin();
    rig.want(Wanted.STOPPED);
    String archive = rig.startSession();
    Path film = film(6, arguments.split(" "));
    try (RtmpPublisher publisher = send(film, StreamFacts.RTMP1)) {
      eventually("it has ended", () -> !publisher.isAlive());
    }
    rig.want(Wanted.STOPPED);
    String playlist = text(archive + "index.m3u8");
    assertThat(playlist).as(what).endsWith("#EXT-X-ENDLIST\n");
    Path first = Files.write(folder.resolve("first.ts"), store.bytes(archive
        + playlist.lines().filter(line -> !line.startsWith("#")).findFirst().orElseThrow()));
    assertThat(String.join(" ", Ffprobe.codecs(first))).isEqualTo(codecs);
    double seconds = playlist.lines().filter(line -> line.startsWith("#EXTINF:"))
        .mapToDouble(line -> Double.parseDouble(line.substring(8, line.length() - 1))).sum();
    assertThat(seconds).isBetween(5.8, 6.3);
  }
}
