package org.reelway.stream.server.servers;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.HttpStatus;
import org.reelway.failure.DestinationFailure;
import org.reelway.settings.ServerApi;

/**
 * {@code rtmp_control} of nginx-rtmp: {@code /record/start} and {@code /record/stop} answer the file's path, or 204 where
 * there is nothing to begin or to end (ngx_rtmp_control_module.c of arut/nginx-rtmp-module 1.1.4 and 1.2). A recorder of a
 * name of its own is driven, so that nobody else's recordings are touched. Safe for several threads.
 */
public final class NginxControl {
  /** In the application: {@code recorder reelway { record all manual; … }}. */
  static final String RECORDER = "reelway";
  /** It compares names as they stand in the request, without decoding them. */
  private static final Pattern SAYABLE = Pattern.compile("[A-Za-z0-9._~-]+");

  private final ServerApiCalls calls;

  /** @param server whose URI is that of the location with {@code rtmp_control} */
  public NginxControl(ServerApi server) {
    this.calls = new ServerApiCalls(server);
  }

  /** Whether a stream or an application of this name can be told; an empty one would mean all of them. */
  public static boolean canSay(String name) {
    return SAYABLE.matcher(name).matches();
  }

  /**
   * Begins a recording.
   *
   * @return its file; empty where nobody publishes the stream, or the recorder records it already
   * @throws org.reelway.stream.server.ServerAway where nothing listens there
   * @throws DestinationFailure where it has no such recorder, or answers otherwise than it should
   */
  public Optional<Path> start(String app, String name) {
    return call("start", app, name);
  }

  /**
   * Ends a recording; otherwise as {@link #start}.
   *
   * @return its file; empty where there is none
   */
  public Optional<Path> stop(String app, String name) {
    return call("stop", app, name);
  }

  private Optional<Path> call(String what, String app, String name) {
    if (!canSay(app) || !canSay(name)) {
      throw new IllegalArgumentException(app + "/" + name);
    }
    ServerApiCalls.Reply reply = calls.call("/record/" + what + "?rec=" + RECORDER + "&app=" + app + "&name=" + name, null);
    return switch (reply.status()) {
      case HttpStatus.SC_OK -> Optional.of(path(reply));
      case HttpStatus.SC_NO_CONTENT -> Optional.empty();
      case HttpStatus.SC_INTERNAL_SERVER_ERROR ->
          throw new DestinationFailure(
              reply.uri() + " answers with status 500: the application " + app + " of nginx-rtmp has no recorder \""
                  + RECORDER + "\", or it cannot write its file; nginx's error log says which");
      default -> throw reply.refused();
    };
  }

  private static Path path(ServerApiCalls.Reply reply) {
    try {
      Path path = Path.of(reply.text().strip());
      if (path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException noPath) {
      // Said below.
    }
    throw new DestinationFailure(
        reply.uri() + " names no absolute path of a file; give record_path of nginx-rtmp an absolute one");
  }
}
