package org.reelway.conference.multirecorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.process.Orphans;
import org.reelway.media.tracks.MovieTracks;
import org.reelway.settings.RecordingNameTemplate;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.relay.StreamTrail;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.FlvServer;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.SmallDisk;
import org.reelway.transfer.Backoff;

/** The real ffmpeg records a file again and again, as fast as it can. */
class MultiRecordersTest {
  private static final BackgroundFfmpeg FFMPEG = new BackgroundFfmpeg(LiveEncoder.PROGRAMS, Duration.ofMinutes(1));
  private static final String ROOM = "multi-recorder://room";

  @TempDir static Path made;
  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final ShiftedClock clock = new ShiftedClock();
  private String name = "{streamName}";
  private Supervisor supervisor;

  /** That of the system, so much later. */
  private static final class ShiftedClock extends Clock {
    private volatile Duration by = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(by);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private final class Told implements MultiRecorders.Listener {
    @Override
    public void added(MultiRecorders.Membership it) {
      tell("added", it);
    }

    @Override
    public void removed(MultiRecorders.Membership it) {
      tell("removed", it);
    }

    /** The same only once, as an outbox has it. */
    private void tell(String what, MultiRecorders.Membership it) {
      String occasion = it.occasion().substring(it.occasion().indexOf(' '));
      String all = what + " " + it.app() + "/" + it.mediaSessionId() + occasion;
      if (!told.contains(all)) {
        told.add(all);
      }
    }

    @Override
    public void finished(MultiRecorders.Finished file) {
      if (failures.getAndDecrement() > 0) {
        throw new IllegalStateException("the disk of the markers is full");
      }
      told.add("finished");
    }
  }

  private MultiRecorders recorders(Path root, Path source) throws IOException {
    FlvServer server = FlvServer.of(source.getParent(), 0);
    open.add(server);
    Duration second = Duration.ofSeconds(1);
    Orphans orphans = new Orphans("test-" + folder.getFileName());
    supervisor =
        new Supervisor(
            "multi-recorders", orphans,
            new Limits(10, Duration.ofSeconds(4), second, new Backoff(Duration.ofMillis(100), second), second),
            Clock.systemUTC());
    open.add(supervisor);
    MultiRecorders recorders =
        new MultiRecorders(
            new MultiRecorders.Plan(
                root, RecordingNameTemplate.parse(name), server.uri(source.getFileName().toString()), null, second, false),
            supervisor, LiveEncoder.PROGRAMS::ffmpeg, orphans, root.resolve("works"), new Told(), Duration.ofMillis(100),
            clock);
    open.add(recorders);
    recorders.recover();
    supervisor.begin();
    return recorders;
  }

  /** @param seconds of pictures that fill about half a megabyte each */
  private static Path source(int seconds) throws Exception {
    Path file = made.resolve(seconds + ".flv");
    if (!Files.exists(file)) {
      Ffmpeg.run(List.of(
          "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=" + seconds + ",noise=alls=60:allf=t", "-c:v", "libx264",
          "-preset", "ultrafast", "-b:v", "4M", "-minrate", "4M", "-maxrate", "4M", "-bufsize", "4M", "-g", "25",
          file.toString()));
    }
    return file;
  }

  private static SourceStream stream(String name) {
    return new SourceStream(new StreamId("plain", "127.0.0.1", "live", name, "in"), name + "-7", "", StreamTrail.NOBODY);
  }

  private static void until(org.awaitility.core.ThrowingRunnable seen) {
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).untilAsserted(seen);
  }

  private static int pictures(Path file) throws Exception {
    return StreamSupport.stream(
            FFMPEG.probe(file, "stream=nb_read_packets", List.of("-count_packets", "-select_streams", "v"))
                .path("streams").spliterator(), false)
        .mapToInt(track -> track.path("nb_read_packets").asInt()).sum();
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void onAFullDiskWhatWasRecordedStaysAndBecomesTheFileWhenThereIsRoom() throws Exception {
    Path source = source(6);
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 24, 1000)) {
      Path root = disk.folder();
      long room = Files.size(source) * 3 / 2;
      Path filler = Files.write(root.resolve("filler"), new byte[(int) (root.toFile().getUsableSpace() - room)]);
      MultiRecorders recorders = recorders(root, source);
      recorders.started(stream("cam"));
      recorders.startup(ROOM);
      recorders.add(ROOM, "cam", null);

      until(() -> assertThat(supervisor.statuses().get(0).trouble()).contains("No space left on device"));
      long recorded = supervisor.statuses().get(0).frames();
      assertThat(recorded).as("all of it, and a part").isBetween(6 * 25 + 25L, 2 * 6 * 25L - 1);
      recorders.terminate(ROOM);
      until(() -> assertThat(recorders.ending().get(0).trouble()).matches(
          "there is no room for " + root + "/multi-recorder___room.mp4: it needs \\d+ MiB, and 0 MiB are free in " + root
              + "; make room there, what was recorded is kept until then"));
      assertThat(files(root)).containsExactly(filler);

      Files.delete(filler);
      until(() -> assertThat(told).endsWith("finished"));
      assertThat(pictures(root.resolve("multi-recorder___room.mp4"))).isGreaterThanOrEqualTo((int) recorded);
      until(() -> assertThat(root.resolve("works")).isEmptyDirectory());
      assertThat(recorders.ending()).isEmpty();
    }
  }

  @Test
  void whoeverComesAndGoesIsToldInOrderAndNobodyStaysWhenItEnds() throws Exception {
    MultiRecorders recorders = recorders(folder, source(1));
    recorders.started(stream("a"));
    recorders.started(stream("b"));
    recorders.startup(ROOM);
    recorders.add(ROOM, "a", null);
    recorders.add(ROOM, "b-7", null);
    recorders.ended(stream("a"));
    recorders.started(stream("a"));
    recorders.remove(ROOM, "b-7");
    until(() -> assertThat(told).containsExactly(
        "added live/a 0 1", "added live/b-7 1 1", "removed live/a 0 1", "added live/a 0 2", "removed live/b-7 1 1"));
    until(() -> assertThat(supervisor.statuses()).anyMatch(each -> each.frames() > 0));

    failures.set(3);
    recorders.terminate(ROOM);

    until(() -> assertThat(told).endsWith("removed live/a 0 2", "finished"));
    assertThat(told).as("handed over once it can be").hasSize(7);
  }

  @Test
  void whatAKillLeftIsToldByTheNextStart() throws Exception {
    MultiRecorders killed = recorders(folder, source(1));
    killed.started(stream("a"));
    killed.startup(ROOM);
    killed.add(ROOM, "a", null);
    killed.started(stream("b"));
    killed.add(ROOM, "b-7", null);
    until(() -> assertThat(supervisor.statuses()).allMatch(each -> each.frames() > 0));
    supervisor.close();
    told.clear();
    Path unbegun = Files.createDirectories(folder.resolve("works/01234567-89ab-cdef-0123-456789abcdef"));
    Path others = Files.createDirectories(folder.resolve("works/mixes"));

    recorders(folder, source(1));

    until(() -> assertThat(told).endsWith("finished"));
    assertThat(told).containsExactly(
        "added live/a 0 1", "removed live/a 0 1", "added live/b-7 1 1", "removed live/b-7 1 1", "finished");
    assertThat(unbegun).doesNotExist();
    assertThat(others).exists();
  }

  @Test
  void aFileBeginsWithItsMediaAndEndsWithItWhateverTheTimeAtWhichItIsMade() throws Exception {
    name = "{startTimeMillis} {endTimeMillis} {duration}";
    MultiRecorders recorders = recorders(folder, source(1));
    long started = clock.millis();
    recorders.startup(ROOM);
    recorders.startup("hanging");
    clock.by = Duration.ofHours(1);
    recorders.started(stream("a"));
    recorders.add(ROOM, "a", null);
    recorders.add("hanging", "a", null);
    Instant came = clock.instant();
    until(() -> assertThat(supervisor.statuses()).hasSize(2).allMatch(each -> each.frames() > 25));
    supervisor.close();
    recorders.close();
    Instant last = clock.instant();
    clock.by = Duration.ofHours(9);

    recorders(folder, source(1));

    until(() -> assertThat(told.stream().filter("finished"::equals)).hasSize(2));
    List<Path> files = files(folder).stream().filter(file -> file.toString().endsWith(".mp4")).toList();
    assertThat(files).hasSize(2);
    for (Path file : files) {
      List<Long> name = Stream.of(file.getFileName().toString().replaceAll("(-2)?\\.mp4", "").split(" ")).map(Long::valueOf).toList();
      assertThat(name.get(0)).isBetween(started, started + 10_000);
      assertThat(name.get(1)).isBetween(came.toEpochMilli(), last.toEpochMilli() + 1000);
      assertThat(name.get(2)).isBetween(1000L, Duration.between(came, last).toMillis() + 3000);
      assertThat(MovieTracks.created(file).orElseThrow()).isBetween(came.minusSeconds(5), last);
    }
  }

  @Test
  void ofAPieceThatIsBrokenWhatCanBeReadIsTakenAndItIsKept() throws Exception {
    MultiRecorders killed = recorders(folder, source(6));
    killed.started(stream("a"));
    killed.started(stream("b"));
    killed.startup(ROOM);
    killed.add(ROOM, "a", null);
    killed.add(ROOM, "b", null);
    until(() -> assertThat(supervisor.statuses()).allMatch(each -> each.frames() > 100));
    supervisor.close();
    killed.close();
    Path piece = pieces().get(0);
    byte[] bytes = Files.readAllBytes(piece);
    int trun = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("trun", bytes.length / 2);
    ByteBuffer.wrap(bytes).putInt(trun + 8, Integer.MAX_VALUE);
    Files.write(piece, bytes);
    Files.delete(Path.of(pieces().get(1) + ".time"));

    recorders(folder, source(6));

    until(() -> assertThat(told).endsWith("finished"));
    Path file = folder.resolve("multi-recorder___room.mp4");
    assertThat(MovieTracks.of(file)).extracting(track -> track.metadata().streamName()).contains("a", "b");
    assertThat(pictures(file)).isGreaterThan(125);
    assertThat(files(folder.resolve("works/unreadable"))).singleElement().satisfies(kept ->
        assertThat(kept).hasBinaryContent(bytes));
  }

  private List<Path> pieces() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("works"))) {
      return all.filter(file -> file.toString().endsWith(".piece")).sorted().toList();
    }
  }

  @Test
  void aStreamThatChangesItsSizeHasATrackOfEach() throws Exception {
    MultiRecorders recorders = recorders(folder, Path.of("src/test/resources/flv/resolution-change.flv").toAbsolutePath());
    recorders.started(stream("cam"));
    recorders.startup(ROOM);
    recorders.add(ROOM, "cam", null);
    until(() -> assertThat(supervisor.statuses().get(0).frames()).isGreaterThanOrEqualTo(60));
    recorders.terminate(ROOM);

    until(() -> assertThat(told).endsWith("finished"));
    Path file = folder.resolve("multi-recorder___room.mp4");
    List<Integer> widths =
        StreamSupport.stream(FFMPEG.probe(file, "stream=width", List.of()).path("streams").spliterator(), false)
            .map(track -> track.path("width").asInt()).toList();
    assertThat(widths).startsWith(160, 320);
    assertThat(FFMPEG.run(List.of("-xerror", "-v", "error", "-i", file.toString(), "-map", "0", "-f", "null", "-"))).isEmpty();
  }
}
