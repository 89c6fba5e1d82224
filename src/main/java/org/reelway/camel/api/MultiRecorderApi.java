package org.reelway.camel.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.reelway.conference.multirecorder.MultiRecorders;
import org.reelway.failure.InputFailure;
import org.reelway.failure.NotFound;
import org.reelway.stream.supervise.TaskStatus;

/**
 * {@code GET /multirecorders}, and the calls {@code /rest-api/multipleRecorder/startup}, {@code /add}, {@code /find_all},
 * {@code /remove} and {@code /terminate} of Flashphoner WCS's REST API, with its members and status codes: 200 without a
 * body, 404 for what is not there, 409 for what is there already.
 */
public final class MultiRecorderApi {
  private static final Pattern SOURCE = Pattern.compile("(rtmps?|rtsps?|srt|https?)://([^%\\s\\p{Cntrl}]|%[0-9A-Fa-f]{2}){1,500}");
  private static final int LONGEST_URI = 1000;

  private final MultiRecorders recorders;
  private final Function<String, Optional<TaskStatus>> statuses;

  /** @param statuses of the streams' tasks, by their ids */
  public MultiRecorderApi(MultiRecorders recorders, Function<String, Optional<TaskStatus>> statuses) {
    this.recorders = recorders;
    this.statuses = statuses;
  }

  /** @param ending those whose files are being made */
  public record MultiRecorderList(List<MultiRecorder> multirecorders, List<MultiRecorders.Ending> ending) {}

  public record MultiRecorder(String uri, String fileName, Instant began, List<Member> streams) {}

  /** @param state away while the stream is not on */
  public record Member(String mediaSessionId, String stream, String state, long frames, long bytes, String trouble) {}

  /** {@code {"uri": "multi-recorder://name"}}. @param name older, for the uri */
  public record MultiRecorderCall(String uri, String name) {
    public MultiRecorderCall {
      uri = requireUri(uri, name);
    }
  }

  /** @param source our own: the URI where the stream is read; null where the media server's events tell */
  public record MemberCall(String uri, String name, String mediaSessionId, String source) {
    public MemberCall {
      if (source != null && !source.isEmpty() && !SOURCE.matcher(source).matches()) {
        throw new InputFailure("\"source\" is no rtmp, rtmps, rtsp, rtsps, srt, http or https URI; write a space as %20, and % as %25");
      }
      uri = requireUri(uri, name);
      mediaSessionId = requireSession(mediaSessionId);
      source = source == null || source.isEmpty() ? null : source;
    }
  }

  /** The member of the sessions is written as WCS writes it. */
  public record RunningMultiRecorder(List<String> mediaSessionsId, String uri, String fileName) {
    static RunningMultiRecorder of(MultiRecorders.Running it) {
      return new RunningMultiRecorder(
          it.streams().stream().map(MultiRecorders.Joined::mediaSessionId).toList(), it.uri(), it.fileName());
    }
  }

  public MultiRecorderList list() {
    return new MultiRecorderList(
        recorders.running().stream()
            .map(
                it -> new MultiRecorder(
                    it.uri(), it.fileName(), it.began(), it.streams().stream().map(this::member).toList()))
            .toList(),
        recorders.ending());
  }

  private Member member(MultiRecorders.Joined it) {
    return statuses.apply(it.task())
        .map(
            now -> new Member(
                it.mediaSessionId(), it.stream(), now.state(), now.frames(), now.bytes(), now.trouble()))
        .orElse(new Member(it.mediaSessionId(), it.stream(), "away", 0, 0, ""));
  }

  public Object startup(MultiRecorderCall call) {
    recorders.startup(call.uri());
    return null;
  }

  public Object add(MemberCall call) {
    recorders.add(call.uri(), call.mediaSessionId(), call.source());
    return null;
  }

  public Object remove(MemberCall call) {
    recorders.remove(call.uri(), call.mediaSessionId());
    return null;
  }

  public Object terminate(MultiRecorderCall call) {
    recorders.terminate(call.uri());
    return null;
  }

  public List<RunningMultiRecorder> findAll() {
    List<RunningMultiRecorder> all = recorders.running().stream().map(RunningMultiRecorder::of).toList();
    if (all.isEmpty()) {
      throw new NotFound("no multi-recording goes on");
    }
    return all;
  }

  private static String requireUri(String given, String name) {
    String uri = given == null || given.isEmpty() ? name : given;
    if (uri == null || uri.isBlank() || uri.length() > LONGEST_URI) {
      throw new InputFailure(
          "\"uri\" is " + (uri == null || uri.isBlank() ? "missing" : uri.length() + " characters long")
              + "; give the multi-recording a name of at most " + LONGEST_URI
              + " characters, such as multi-recorder://room-1");
    }
    return uri;
  }

  private static String requireSession(String session) {
    if (session == null || session.isEmpty() || session.length() > LONGEST_URI) {
      throw new InputFailure(
          "\"mediaSessionId\" is "
              + (session == null || session.isEmpty() ? "missing" : session.length() + " characters long, more than "
                  + LONGEST_URI)
              + "; name the stream's id of its media server, or the stream");
    }
    return session;
  }
}
