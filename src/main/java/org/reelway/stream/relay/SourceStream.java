package org.reelway.stream.relay;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.reelway.stream.server.RegisteredStream;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.server.ViaQuery;
import org.reelway.stream.supervise.KnownTracks;

/**
 * A stream that is on, as whoever reads it from its media server sees it.
 *
 * @param session the server's id of this run; empty where it has none
 * @param publisher address of the machine that it comes from; empty where the server does not say
 * @param via servers that it came through
 * @param video whether the server says that it has pictures; @param audio likewise for sounds
 */
public record SourceStream(StreamId id, String session, String publisher, StreamTrail via, boolean video, boolean audio) {
  private static final String APP_WHERE_UNKNOWN = "live";

  /** One whose server says nothing of its tracks. */
  public SourceStream(StreamId id, String session, String publisher, StreamTrail via) {
    this(id, session, publisher, via, false, false);
  }

  public static SourceStream of(RegisteredStream stream) {
    Map<String, String> details = stream.details();
    // What a server was told when it was asked to pull is a variable of the stream; what a publisher told is its agent.
    StreamTrail via =
        Stream.concat(
                Stream.of("flashver", "userAgent").map(details::get).map(StreamTrail::of),
                Stream.of(EmsMark.VIA, ViaQuery.DETAIL).map(details::get).filter(Objects::nonNull).map(StreamTrail::ofList))
            .filter(found -> !found.servers().isEmpty()).findFirst().orElse(StreamTrail.NOBODY);
    return new SourceStream(
        stream.id(), stream.session(), stream.publisher(), via, isKnown(details.get("videoCodec")),
        isKnown(details.get("audioCodec")));
  }

  /** EvoStream says VUNK and AUNK of what it does not know. */
  private static boolean isKnown(String codec) {
    return codec != null && !codec.isEmpty() && !codec.endsWith("UNK");
  }

  public String name() {
    return id.name();
  }

  /** Its name, fit for a line of a log. */
  String shownName() {
    return name().replaceAll("\\p{Cntrl}", "?");
  }

  /** Streams that a server sends out are copies of ones that came in. */
  public boolean isInbound() {
    return !id.direction().equals("out");
  }

  /**
   * Where it is read from.
   *
   * @param template URI with {@code {app}} and {@code {stream}}
   * @param silence after which a server that sends nothing has gone
   */
  public StreamSource source(String template, Duration silence) {
    String app = Optional.of(id.app()).filter(name -> !name.isEmpty()).orElse(APP_WHERE_UNKNOWN);
    return StreamSource.of(template, app, id.name(), silence, new KnownTracks(video, audio));
  }
}
