package org.reelway.testkit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Posts what SRS posts ({@code on_hls}) for each chunk that another packager writes, each event twice. */
public final class ChunkNotifier implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpCalls http;
  private final Path folder;
  private final List<String> answers = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  private ChunkNotifier(HttpCalls http, Path folder) {
    this.http = http;
    this.folder = folder;
    this.thread = new Thread(this::run, "chunk-notifier");
    thread.setDaemon(true);
  }

  /** @param folder of a stream whose playlist is playlist.m3u8 */
  public static ChunkNotifier watch(HttpCalls http, Path folder) {
    ChunkNotifier notifier = new ChunkNotifier(http, folder);
    notifier.thread.start();
    return notifier;
  }

  private void run() {
    Map<Path, FileTime> known = new HashMap<>();
    while (!closed) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{ts,m3u8}")) {
        for (Path file : files) {
          FileTime written = Files.getLastModifiedTime(file);
          if (!written.equals(known.put(file, written))) {
            tell(file);
            tell(file);
          }
        }
        Thread.sleep(10);
      } catch (NoSuchFileException removed) {
        // Looked at again.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void tell(Path file) throws IOException {
    String body =
        JSON.writeValueAsString(
            Map.of(
                "action", "on_hls", "client_id", "c1", "ip", "127.0.0.1", "vhost", "__defaultVhost__", "app", "live",
                "stream", "livestream", "cwd", folder.toString(), "file", "./" + file.getFileName(),
                "m3u8", "./playlist.m3u8", "seq_no", 1));
    HttpCalls.Answer answer = http.post("/hooks/srs", "application/json", body);
    answers.add(answer.status() + " " + answer.body());
  }

  /** Status and body of each answer. */
  public List<String> answers() {
    return List.copyOf(answers);
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
