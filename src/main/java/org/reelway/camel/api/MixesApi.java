package org.reelway.camel.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.Header;
import org.reelway.callback.MixedRecording;
import org.reelway.callback.MultiRecorderCallbacks;
import org.reelway.conference.mixer.MixJob;
import org.reelway.conference.mixer.MixOrder;
import org.reelway.conference.mixer.MixProgress;
import org.reelway.conference.mixer.Mixes;
import org.reelway.failure.InputFailure;
import org.reelway.failure.NotFound;
import org.reelway.failure.OurFailure;
import org.reelway.media.tracks.MovieTime;
import org.reelway.transfer.flow.WatchedFolders;

/** {@code GET /mixes}, {@code POST /mixes}, {@code POST /mixes/{id}/cancel} and {@code /retry}, {@code DELETE /mixes/{id}}. */
public final class MixesApi {
  private static final int LONGEST_URI = 1000;

  private final Mixes jobs;
  private final Runnable orders;
  private final WatchedFolders folders;
  private final Runnable look;
  private final MultiRecorderCallbacks callbacks;

  /** @param orders takes up what other programs ordered */
  public MixesApi(Mixes jobs, Runnable orders, WatchedFolders folders, Runnable look, MultiRecorderCallbacks callbacks) {
    this.jobs = jobs;
    this.orders = orders;
    this.folders = folders;
    this.look = look;
    this.callbacks = callbacks;
  }

  /**
   * @param counts by state, of all that are not done
   * @param mixes the oldest recording first; of a fleet a thousand of them
   */
  public record MixList(Map<String, Long> counts, List<Mix> mixes, List<AwaitedUpload> awaitingUpload) {}

  /** @param worker sidecar that has it, or had it last; absent where there is no farm @param progress absent where nobody here knows */
  public record Mix(
      String id, String recording, String recorderUri, Instant created, long durationMs, String state, int tries,
      String trouble, @JsonInclude(Include.NON_NULL) String worker,
      @JsonUnwrapped @JsonInclude(Include.NON_NULL) Progress progress) {
    static Mix of(MixJob job) {
      return new Mix(
          job.id(), job.recording().toString(), job.recorderUri(), job.created(), job.length().toMillis(),
          job.state().word(), job.tries(), job.trouble(), job.worker(), job.progress() == null ? null : Progress.of(job.progress()));
    }
  }

  /** @param secondsLeft null while nobody can know */
  public record Progress(double percent, Long secondsLeft) {
    static Progress of(MixProgress now) {
      return new Progress(
          Math.round(now.share() * 1000) / 10.0, now.left().map(Duration::toSeconds).orElse(null));
    }
  }

  /** A recording and its mix, of which backends are told once both are in the store. */
  public record AwaitedUpload(String recorderUri, String recording, String mix) {
    static AwaitedUpload of(MixedRecording it) {
      return new AwaitedUpload(it.recorderUri(), it.recording().file(), it.mix().file());
    }
  }

  /**
   * The arguments of Flashphoner's {@code on_multiple_record_hook.sh}, of which only the first has to be there.
   *
   * @param creationTime seconds from 1904, as a number or a text
   * @param durationMs likewise
   */
  public record MixCall(
      String file, @JsonDeserialize(using = StringDeserializer.class) String creationTime,
      @JsonDeserialize(using = StringDeserializer.class) String durationMs, String recorderUri) {}

  public record MixId(String id) {}

  public MixList list() {
    Map<String, Long> counts = new TreeMap<>();
    jobs.counts().forEach((state, number) -> counts.put(state.word(), number));
    return new MixList(
        counts, jobs.all().stream().map(Mix::of).toList(),
        callbacks.awaitingUpload().stream().map(AwaitedUpload::of).toList());
  }

  /** Takes up the mixes that other programs ordered. */
  public void takeOrders() {
    orders.run();
  }

  /** Gives routes the mixes that are to be told: those of other programs, and those that are uploaded by now. */
  public void tell() {
    look.run();
  }

  /** Of a recording that lies in a recordings folder. */
  public MixId add(MixCall call) {
    Path file = file(call.file());
    String uri = recorderUri(call.recorderUri());
    Optional<Instant> created = number("creationTime", call.creationTime()).map(MovieTime::at);
    Optional<Duration> length = number("durationMs", call.durationMs()).map(Duration::ofMillis);
    if (!Files.isRegularFile(file)) {
      throw new NotFound(file + " is no file; name a recording by its whole path");
    }
    folders.requireInside(file);
    try {
      return new MixId(jobs.add(MixOrder.of(file, uri, created, length)));
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be read: " + e, e);
    }
  }

  private static String recorderUri(String uri) {
    if (uri != null && uri.length() > LONGEST_URI) {
      throw new InputFailure("\"recorderUri\" has " + uri.length() + " characters; at most " + LONGEST_URI);
    }
    return uri == null ? "" : uri;
  }

  private static Path file(String text) {
    try {
      Path file = Path.of(text == null ? "" : text);
      if (!file.isAbsolute()) {
        throw new InputFailure("\"file\" is \"" + file + "\"; name a recording by its whole path");
      }
      return file.normalize();
    } catch (InvalidPathException e) {
      throw new InputFailure("\"file\" is no path: " + e.getReason());
    }
  }

  private static Optional<Long> number(String member, String text) {
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.matches("\\d{1,12}")) {
      throw new InputFailure("\"" + member + "\" is \"" + text + "\"; it is a whole number");
    }
    return Optional.of(Long.parseLong(text));
  }

  /** Ends one; it can be tried again. */
  public MixId cancel(@Header("id") String id) {
    return known(id, jobs.cancel(id));
  }

  /** Tries one again that failed, was cancelled, or waits for room. */
  public MixId retry(@Header("id") String id) {
    return known(id, jobs.retry(id));
  }

  /** Drops one, and the room that it holds; a recording whose mix is dropped, or done, is mixed when it is ordered anew. */
  public MixId drop(@Header("id") String id) {
    return known(id, jobs.drop(id));
  }

  private static MixId known(String id, boolean known) {
    if (!known) {
      throw new NotFound("no mix has the id \"" + id + "\"; GET /mixes lists them");
    }
    return new MixId(id);
  }
}
