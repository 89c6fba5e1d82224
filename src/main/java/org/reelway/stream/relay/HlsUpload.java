package org.reelway.stream.relay;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.FileEntity;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.OurFailure;

/**
 * Carries what ffmpeg packs in a folder to an HTTP server: chunks first, then the playlist that names them (RFC 8216,
 * 6.2.1), and takes away what fell out of it. ffmpeg's own sending looks neither at answers nor at certificates. Used by
 * one thread at a time.
 */
final class HlsUpload {
  /** RFC 8216, 4: servers keep what they are told, and players refuse a playlist of another type. */
  private static final ContentType OF_PLAYLISTS = ContentType.create("application/vnd.apple.mpegurl");
  /** Players may still ask for what the playlist before named. */
  private static final int KEPT = 3;
  private static final List<Integer> PASSING = List.of(408, 425, 429);

  private final Path playlist;
  private final Destination.Http target;
  private final HttpClient client;
  private final Set<String> there = new LinkedHashSet<>();
  private volatile String published = "";
  private volatile long bytes;

  /** It will not take the stream whenever it is asked. */
  static final class Refused extends DestinationFailure {
    private static final long serialVersionUID = 1L;

    Refused(String why, Throwable cause) {
      super(why, cause);
    }
  }

  /**
   * @param playlist that ffmpeg writes; what it names lies beside it
   * @param client whose time for an exchange is limited
   */
  HlsUpload(Path playlist, Destination.Http target, HttpClient client) {
    this.playlist = playlist;
    this.target = target;
    this.client = client;
  }

  /**
   * Sends what is new.
   *
   * @throws Refused it does not take the stream
   * @throws DestinationFailure it did not get through, and may the next time
   */
  void send() {
    try {
      String text = Files.readString(playlist, StandardCharsets.UTF_8);
      if (text.equals(published)) {
        return;
      }
      List<String> chunks = text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
      for (String chunk : chunks) {
        if (!there.contains(chunk)) {
          Path file = playlist.resolveSibling(chunk);
          long size = Files.size(file);
          put(beside(chunk), new FileEntity(file.toFile(), null), size);
          there.add(chunk);
        }
      }
      byte[] whole = text.getBytes(StandardCharsets.UTF_8);
      put(target.playlist(), new ByteArrayEntity(whole, OF_PLAYLISTS), whole.length);
      published = text;
      takeAway(chunks);
    } catch (NoSuchFileException late) {
      // ffmpeg went on: what the next playlist names is there.
    } catch (IOException e) {
      throw new OurFailure("what ffmpeg packed cannot be read: " + e, e);
    }
  }

  private void takeAway(List<String> named) {
    List<String> gone = there.stream().filter(chunk -> !named.contains(chunk)).toList();
    for (String chunk : gone.subList(0, Math.max(0, gone.size() - KEPT))) {
      // A server that deletes nothing by request does so itself, or keeps all.
      answer(ClassicRequestBuilder.delete(beside(chunk)));
      there.remove(chunk);
    }
  }

  private void put(URI to, HttpEntity body, long size) {
    int status = answer(ClassicRequestBuilder.put(to).setEntity(body));
    if (status < 200 || status > 299) {
      String why = "PUT " + to.getPath() + " was answered with " + status;
      boolean passing = status >= 500 || PASSING.contains(status);
      throw passing ? new DestinationFailure(why) : new Refused(why, null);
    }
    bytes += size;
  }

  /** With the playlist's query: where there is one, it says who sends. */
  private URI beside(String chunk) {
    String query = target.playlist().getRawQuery();
    return target.playlist().resolve(chunk + (query == null ? "" : "?" + query));
  }

  private int answer(ClassicRequestBuilder request) {
    if (!target.authorization().isEmpty()) {
      request.addHeader("Authorization", target.authorization());
    }
    try {
      return client.execute(request.build(), answer -> answer.getCode());
    } catch (SSLException e) {
      throw new Refused(
          "its certificate is refused (" + e.getMessage() + "); where an authority of your own issued it, set"
              + " reelway.relay.ca-file", e);
    } catch (IOException e) {
      throw new DestinationFailure(
          target + " cannot be reached: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()), e);
    }
  }

  /** Whether players have a playlist. */
  boolean isPublished() {
    return !published.isEmpty();
  }

  /** That arrived. */
  long bytes() {
    return bytes;
  }
}
