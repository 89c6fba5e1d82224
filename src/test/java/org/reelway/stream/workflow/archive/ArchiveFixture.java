package org.reelway.stream.workflow.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.SeenRequests;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreCredentials;
import software.amazon.awssdk.core.sync.RequestBody;

/** Archives of real media in a real store, and what players would show of them. */
final class ArchiveFixture implements AutoCloseable {
  static final String PREFIX = "2026/11/30/cam-1796040000/";
  static final ArchiveRoot ROOT = new ArchiveRoot(TestStore.BUCKET, PREFIX);
  static final int RATE = 25;
  /** Encoded once for all tests. */
  private static final Map<Double, byte[]> FILMS = new ConcurrentHashMap<>();
  private static final String PLAYLIST = "application/vnd.apple.mpegurl";

  final TestStore server;
  final SeenRequests seen;
  final S3Store store;
  final ArchiveStore archives;
  final List<SplitDone> told = new CopyOnWriteArrayList<>();
  final PlaylistSplitter splitter;
  private final Path folder;
  private int folders;

  ArchiveFixture(Path folder) {
    this.folder = folder;
    this.server = TestStore.start(folder.resolve("store"));
    this.seen = SeenRequests.of(server.endpoint());
    this.store = connect(seen.endpoint());
    this.archives = archives(store);
    this.splitter = new PlaylistSplitter(archives, told::add);
  }

  static S3Store connect(URI endpoint) {
    return new S3Store(
        new StoreConnection(
            endpoint, "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
            StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY), null));
  }

  static ArchiveStore archives(S3Store store) {
    StoreCapabilities capabilities = new StoreCapabilities(ChecksumKind.CRC32C, true, true, true);
    return new ArchiveStore(
        store, bucket -> capabilities, key -> new ObjectAttributes(PLAYLIST, Map.of()));
  }

  Path newFolder() {
    try {
      return Files.createDirectories(folder.resolve("f" + ++folders));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Pictures that differ, with a key picture each second, and a tone. */
  Path film(double seconds) {
    Path film = newFolder().resolve("film.mp4");
    try {
      return Files.write(film, FILMS.computeIfAbsent(seconds, length -> bytes(encode(film, length))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path encode(Path film, double seconds) {
    run(
        "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=" + RATE, "-f", "lavfi", "-i", "sine=frequency=440", "-t",
        Double.toString(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25", "-keyint_min", "25",
        "-sc_threshold", "0", "-x264-params", "open-gop=0", "-pix_fmt", "yuv420p", "-c:a", "aac", film.toString());
    return film;
  }

  static void run(String... arguments) {
    try {
      List<String> all = new ArrayList<>(List.of("-hide_banner", "-loglevel", "error", "-y"));
      all.addAll(List.of(arguments));
      Ffmpeg.run(all);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Segments as MediaLive names them.
   *
   * @param name such as {@code _120261130T120000.%06d.ts}
   * @param muxer options of the segment muxer
   */
  Path segments(Path film, String name, int seconds, String... muxer) {
    Path to = newFolder();
    List<String> all =
        new ArrayList<>(
            List.of(
                "-i", film.toString(), "-map", "0", "-c", "copy", "-f", "segment", "-segment_time",
                Integer.toString(seconds), "-segment_format", "mpegts"));
    all.addAll(List.of(muxer));
    all.add(to.resolve(name).toString());
    run(all.toArray(String[]::new));
    return to;
  }

  /** Segments with their playlist, as Reelway writes them. */
  Path indexed(Path film, int seconds, String... muxer) {
    Path to = newFolder();
    List<String> all =
        new ArrayList<>(
            List.of(
                "-i", film.toString(), "-map", "0", "-c", "copy", "-f", "hls", "-hls_time", Integer.toString(seconds),
                "-hls_list_size", "0", "-hls_segment_filename", to.resolve("_120261130T120000.%06d.ts").toString()));
    all.addAll(List.of(muxer));
    all.add(to.resolve("index.m3u8").toString());
    run(all.toArray(String[]::new));
    return to;
  }

  void put(Path from) {
    try (Stream<Path> files = Files.list(from)) {
      files.sorted().forEach(file -> put(file.getFileName().toString(), bytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void put(String name, byte[] bytes) {
    server.client().putObject(
        put -> put.bucket(TestStore.BUCKET).key(PREFIX + name), RequestBody.fromBytes(bytes));
  }

  void delete(String name) {
    server.client().deleteObject(delete -> delete.bucket(TestStore.BUCKET).key(PREFIX + name));
  }

  static SplitSource source(int segmentLength) {
    return new SplitSource("cam", "s1", ROOT, Duration.ofSeconds(segmentLength), false);
  }

  static SplitSource open(int segmentLength) {
    return new SplitSource("cam", "s1", ROOT, Duration.ofSeconds(segmentLength), true);
  }

  /** @param borders start and end of each section in turn */
  static SplitRequest request(String modifier, Object... borders) {
    List<SplitRequest.Stamps> stamps = new ArrayList<>();
    for (int i = 0; i < borders.length; i += 2) {
      stamps.add(new SplitRequest.Stamps(String.valueOf(borders[i]), String.valueOf(borders[i + 1])));
    }
    return new SplitRequest(stamps, "s1", modifier, null, null);
  }

  String text(String key) {
    return new String(server.bytes(key), StandardCharsets.UTF_8);
  }

  /** The names of the segments that the playlist has. */
  List<String> named(String key) {
    return text(key).lines().filter(line -> !line.startsWith("#")).toList();
  }

  /** Hashes of the pictures that a player would show of a playlist in the store, in their order. */
  List<String> shown(String key) {
    Path local = newFolder();
    try {
      for (String each : server.keys()) {
        if (each.startsWith(PREFIX)) {
          Files.write(local.resolve(each.substring(PREFIX.length())), server.bytes(each));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pictures(local.resolve(key.substring(PREFIX.length())), "-allowed_extensions", "ALL", "-extension_picky", "0");
  }

  /** Hashes of all pictures of a file. */
  static List<String> pictures(Path file, String... before) {
    List<String> all = new ArrayList<>(List.of("-hide_banner", "-loglevel", "error"));
    all.addAll(List.of(before));
    all.addAll(List.of("-i", file.toString(), "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framemd5", "-"));
    try {
      return new String(Ffmpeg.bytes(all), StandardCharsets.UTF_8).lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
          .toList();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How often the store was asked. @param part of the request's line */
  long asked(String part) {
    return seen.all().stream().filter(request -> request.line().contains(part)).count();
  }

  @Override
  public void close() {
    splitter.close();
    store.close();
    seen.close();
    server.close();
  }
}
