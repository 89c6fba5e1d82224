package org.reelway.app.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.reelway.camel.Sidecar;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.failure.Sha256;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.ffmpeg.MediaProbe;
import org.reelway.media.ffmpeg.RecordedTestStream;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.RecordingId;
import org.reelway.settings.Settings;
import org.reelway.state.RecordingStory;
import org.reelway.transfer.TransferProgress;

/**
 * The main job, start to end, on one machine: the same sidecar and routes as always, a store in this process, and a
 * recording that the bundled ffmpeg makes.
 */
public final class Demo {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long MEGABYTE = 1_000_000;

  private final Path folder;
  private final Path home;
  private final int megabytes;
  private final DemoScreen screen;

  /**
   * @param folder everything is written here
   * @param home where the shipped routes are
   * @param megabytes wished size of the recording
   */
  public Demo(Path folder, Path home, int megabytes, DemoScreen screen) {
    if (megabytes < 10 || megabytes > 1000) {
      throw new InputFailure("--size is " + megabytes + "; allowed are 10 to 1000 megabytes");
    }
    this.folder = folder.toAbsolutePath().normalize();
    this.home = home;
    this.megabytes = megabytes;
    this.screen = screen;
  }

  /**
   * @param keep stays until the program is interrupted
   * @return whether the recording was verified in the store
   */
  public boolean run(boolean keep) throws IOException, InterruptedException {
    String secretKey = HexFormat.of().formatHex(SecureRandom.getSeed(16));
    Files.createDirectories(folder.resolve("recordings"));
    screen.title("Reelway demo: a finished recording travels into object storage");
    try (EmbeddedStore store = EmbeddedStore.start(folder.resolve("store"), 0, DemoSettings.ACCESS_KEY, secretKey)) {
      store.createBucket(DemoSettings.BUCKET);
      screen.fact("store", store.endpoint() + "  (embedded, objects in " + folder.resolve("store") + ")");
      Settings settings =
          DemoSettings.of(folder, store.endpoint(), secretKey, Map.of("reelway.transfer.part-size", "8MiB"));
      try (Sidecar sidecar = new Sidecar(settings, home)) {
        sidecar.start();
        screen.fact("recordings", folder.resolve("recordings").toString());
        boolean good = carry(sidecar, keep);
        if (keep && good) {
          stay(sidecar, store.endpoint(), secretKey);
        }
        return good;
      }
    }
  }

  private boolean carry(Sidecar sidecar, boolean keep) throws IOException, InterruptedException {
    FfmpegPrograms programs = FfmpegPrograms.shipped(home.resolve("ffmpeg"), folder.resolve("ffmpeg"));
    Path recording = record(programs);
    screen.fact("recorded", recording.getFileName() + ": " + describe(programs, recording));
    Instant begun = Instant.now();
    String id = RecordingId.of(recording, FileIdentity.of(recording));
    sidecar.folders().mark(recording, "demo");
    screen.fact("marked", recording.getFileName() + ".upload");
    Optional<RecordingStory> done = watch(sidecar, id);
    if (done.isEmpty()) {
      screen.verdict(false, "NOT verified within " + PATIENCE.toMinutes() + " minutes: " + lastError(sidecar, id));
      return false;
    }
    Duration took = Duration.between(begun, Instant.now());
    show(sidecar, done.get(), keep);
    return verdict(sidecar, recording, done.get(), took);
  }

  private Path record(FfmpegPrograms programs) throws InterruptedException {
    Path temporary = folder.resolve("recordings").resolve("camera1.mp4.tmp");
    long bytes = megabytes * MEGABYTE;
    // As much as the encoder's quickest setting makes of noise: a few seconds of recording for a few of waiting.
    Duration length = Duration.ofSeconds(Math.max(4, bytes / (4 * MEGABYTE)));
    new RecordedTestStream(programs).record(temporary, length, bytes, share -> screen.share("recording", share));
    screen.endBar();
    Path recording = temporary.resolveSibling("camera1-" + Instant.now().getEpochSecond() + ".mp4");
    try {
      // As media servers do: a temporary name while it is written, the real one when it is finished.
      Files.move(temporary, recording);
      return recording.toRealPath();
    } catch (IOException e) {
      throw new OurFailure("the recording " + temporary + " cannot be renamed: " + e, e);
    }
  }

  private static String describe(FfmpegPrograms programs, Path recording) throws IOException, InterruptedException {
    MediaProbe.Media media = new MediaProbe(programs).probe(recording);
    return String.format(
        java.util.Locale.ROOT,
        "%.1f MiB, %d s, %s",
        Files.size(recording) / 1048576.0,
        media.duration().toSeconds(),
        String.join("/", media.codecs()));
  }

  private Optional<RecordingStory> watch(Sidecar sidecar, String id) throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    long size = 0;
    int parts = 0;
    while (Instant.now().isBefore(deadline)) {
      Optional<TransferProgress> live = sidecar.transfers().find(id);
      if (live.isPresent()) {
        TransferProgress transfer = live.get();
        size = transfer.size();
        parts = transfer.partsTotal();
        show(transfer);
      }
      Optional<RecordingStory> story = sidecar.history().find(id);
      if (story.isPresent() && story.get().state().equals("done")) {
        RecordingStory done = story.get();
        Duration took = Duration.between(done.foundAt(), done.verifiedAt());
        screen.transfer(
            size > 0 ? size : done.size(),
            done.size(),
            Math.max(parts, done.parts()),
            Math.max(parts, done.parts()),
            done.size() * 1000 / Math.max(1, took.toMillis()),
            0);
        screen.endBar();
        return story;
      }
      Thread.sleep(50);
    }
    screen.endBar();
    return Optional.empty();
  }

  private void show(TransferProgress transfer) {
    long rate = transfer.bytesPerSecond();
    long left = rate <= 0 ? -1 : (transfer.size() - transfer.bytesDone() + rate - 1) / rate;
    screen.transfer(
        transfer.bytesDone(), transfer.size(), transfer.partsDone(), transfer.partsTotal(), rate, left);
  }

  private static String lastError(Sidecar sidecar, String id) {
    return sidecar.history().find(id).map(RecordingStory::lastError).orElse("no error was told");
  }

  private void show(Sidecar sidecar, RecordingStory story, boolean keep) {
    screen.fact("object", story.address());
    screen.fact("story", sidecar.http() + "/recordings/" + story.id());
    screen.fact("metrics", sidecar.management() + "/observe/metrics");
    screen.fact("health", sidecar.management() + "/observe/health");
    screen.fact("JMX", sidecar.management() + "/observe/jolokia");
    if (!keep) {
      screen.fact("", "(these answer while it runs: ./reelway demo --keep)");
    }
  }

  private boolean verdict(Sidecar sidecar, Path recording, RecordingStory story, Duration took) throws IOException {
    screen.fact("verified", story.evidence() + "  in " + story.parts() + " parts");
    String file = Sha256.hex(recording);
    String object = sha256(sidecar, story);
    boolean same = file.equals(object);
    screen.fact("read back", same ? "the object's SHA-256 equals the file's: " + file.substring(0, 16) + "…" : "DIFFERENT");
    screen.fact("left", size(folder) / MEGABYTE + " MB in " + folder + "; delete it when you are done");
    screen.verdict(
        same,
        same
            ? String.format(
                java.util.Locale.ROOT,
                "%s is a verified object, %.1f s after its marker",
                recording.getFileName(),
                took.toMillis() / 1000.0)
            : "the object is not the file");
    return same;
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
    }
  }

  private static String sha256(Sidecar sidecar, RecordingStory story) {
    MessageDigest digest = Sha256.begin();
    sidecar
        .store()
        .get(
            story.bucket(),
            story.key(),
            new DigestOutputStream(java.io.OutputStream.nullOutputStream(), digest));
    return HexFormat.of().formatHex(digest.digest());
  }

  private void stay(Sidecar sidecar, URI endpoint, String secretKey) throws InterruptedException {
    screen.title("\nIt stays until Ctrl-C. Put a recording into the folder above, then: ");
    screen.fact("mark it", "touch <file>.upload   or   curl -d '{\"file\": \"<file>\"}' " + sidecar.http() + "/hooks/recorded");
    screen.fact(
        "look",
        "AWS_ACCESS_KEY_ID=" + DemoSettings.ACCESS_KEY + " AWS_SECRET_ACCESS_KEY=" + secretKey + " aws --region us-east-1 --endpoint-url "
            + endpoint + " s3 ls --recursive s3://" + DemoSettings.BUCKET);
    Runtime.getRuntime().addShutdownHook(new Thread(sidecar::close, "stop"));
    Object forever = new Object();
    synchronized (forever) {
      while (true) {
        forever.wait();
      }
    }
  }
}
