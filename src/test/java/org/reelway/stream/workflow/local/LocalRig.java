package org.reelway.stream.workflow.local;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.reelway.live.LivePublisher;
import org.reelway.live.LiveStores;
import org.reelway.live.LiveTarget;
import org.reelway.live.PublishedFolder;
import org.reelway.live.hls.HlsKind;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.process.Orphans;
import org.reelway.settings.LiveKey;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.stream.workflow.Reached;
import org.reelway.stream.workflow.Session;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.RecordingAttributes;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreCredentials;

/** The local driver joined as the program joins it, with a real store, and somebody who wants something of a stream. */
final class LocalRig implements AutoCloseable {
  static final String ID = "0123456789abcdef";
  static final Duration PATIENCE = Duration.ofSeconds(40);

  final Facts facts = new Facts();
  final int port = FreePort.any();
  private final Path folder;
  private final Orphans orphans;
  private final URI endpoint;
  private LivePublisher viewers;
  private LivePublisher archives;
  LocalDriver driver;
  FfmpegPrograms programs = LiveEncoder.PROGRAMS;
  boolean encrypt;
  List<URI> ingest = List.of();
  Duration segment = Duration.ofSeconds(1);
  Duration segmentLength = Duration.ofSeconds(2);
  Duration window = Duration.ofSeconds(60);
  Duration startover = Duration.ofHours(1);
  Duration keyRotation = Duration.ofSeconds(2);
  boolean live;
  Optional<Session> session = Optional.empty();
  Wanted wanted = Wanted.STOPPED;

  /** In memory. */
  static final class Facts implements StreamFacts {
    private final Map<String, String> all = new ConcurrentHashMap<>();

    @Override
    public Optional<String> get(String name) {
      return Optional.ofNullable(all.get(name));
    }

    @Override
    public void set(String name, String value) {
      all.put(name, value);
    }

    @Override
    public void remove(String name) {
      all.remove(name);
    }
  }

  LocalRig(Path folder, URI endpoint) {
    this.folder = folder;
    this.endpoint = endpoint;
    this.orphans = new Orphans("local-rig-" + folder);
  }

  LocalRig begin() {
    viewers = publisher("viewer", LiveKeep.WINDOW);
    archives = publisher("", LiveKeep.ALL);
    LocalPlan plan =
        new LocalPlan(
            made("runs"), ingest, ingest, new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            URI.create("rtmp://127.0.0.1:" + port + "/live"), segment, window, encrypt, "live/{id}", () -> "http://players/watch", 10);
    driver =
        new LocalDriver(
            plan, new PublishedFolder(viewers, made("viewer"), folder.resolve("markers")),
            new PublishedFolder(archives, made("archive"), folder.resolve("markers")), () -> programs, orphans,
            () -> {
              viewers.close();
              archives.close();
            });
    driver.begin(id -> {});
    return this;
  }

  private Path made(String name) {
    try {
      return Files.createDirectories(folder.resolve("workflow").resolve(name)).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LivePublisher publisher(String prefix, LiveKeep keep) {
    LiveTarget target =
        new LiveTarget(
            TestStore.BUCKET, prefix, LiveKey.PATH, "immutable", "no-cache", keep, Duration.ofDays(1), Duration.ofSeconds(2),
            Duration.ofSeconds(2), 8, new Backoff(Duration.ofMillis(20), Duration.ofMillis(200)));
    StoreCapabilities does = new StoreCapabilities(ChecksumKind.CRC64NVME, true, true, true);
    LiveStores stores = new LiveStores(connect(), connect(), bucket -> does, RecordingAttributes.NONE, target);
    return new LivePublisher(target, stores, List.of(new HlsKind()), event -> {}, Clock.systemUTC());
  }

  private Store connect() {
    return new S3Store(
        new StoreConnection(
            endpoint, "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(5),
            StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY), null));
  }

  /** As the workflow does: once now, and again until it is done. */
  void want(Wanted what) {
    wanted = what;
    await(what + ": " + facts.all.keySet()).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(50))
        .until(() -> reconcile().isDone());
  }

  Reached reconcile() {
    return driver.reconcile(
        new WantedStream(ID, "cam", "", segmentLength, startover, keyRotation, wanted, live, session), facts);
  }

  String startSession() {
    Instant now = Instant.now();
    session = Optional.of(new Session("s-" + now.toEpochMilli(), "s3://" + TestStore.BUCKET + "/2026/11/30/" + ID + "-"
        + now.getEpochSecond() + "/", now));
    want(Wanted.STARTED);
    return archive();
  }

  /** Prefix of the archive's keys. */
  String archive() {
    return session.orElseThrow().archive().substring(("s3://" + TestStore.BUCKET + "/").length());
  }

  void restart() {
    end();
    begin();
  }

  void end() {
    driver.close();
  }

  Path local(String path) {
    return folder.resolve("workflow").resolve(path);
  }

  List<Path> localFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("workflow"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  RtmpPublisher publish(String fact) {
    return RtmpPublisher.publish(folder, facts.get(fact).orElseThrow());
  }

  static void eventually(String what, Callable<Boolean> condition) {
    await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(50)).until(condition);
  }

  @Override
  public void close() {
    end();
  }
}
