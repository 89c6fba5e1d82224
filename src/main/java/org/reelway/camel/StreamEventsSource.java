package org.reelway.camel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.StreamChange;
import org.reelway.stream.server.StreamId;
import org.reelway.stream.server.StreamListener;

/** One message for each stream that begins or ends, in order for one stream. A route that fails is told again. */
final class StreamEventsSource implements SourceEndpoint.Source<StreamChange> {
  private final EventFeature events;
  private final boolean running;
  private final Map<SourceEndpoint.Route<StreamChange>, StreamListener> routes = new ConcurrentHashMap<>();

  /** @param running whether routes are told of streams that are on at the start, too */
  StreamEventsSource(EventFeature events, boolean running) {
    this.events = events;
    this.running = running;
  }

  @Override
  public boolean isForSeveral() {
    return true;
  }

  @Override
  public void begin(SourceEndpoint.Route<StreamChange> route) {
    StreamListener listener = change -> tell(route, change);
    routes.put(route, listener);
    if (running) {
      events.act(listener);
    } else {
      events.listen(listener);
    }
  }

  @Override
  public void end(SourceEndpoint.Route<StreamChange> route) {
    events.ignore(routes.remove(route));
  }

  private static void tell(SourceEndpoint.Route<StreamChange> route, StreamChange change) {
    try {
      route.take(change);
    } catch (Exception e) {
      String words = "the route " + route.name() + " failed for a stream that " + change.word() + ": " + e;
      throw Failure.classOf(e) == FailureClass.INPUT ? new InputFailure(words, e) : new DestinationFailure(words, e);
    }
  }

  /** The stream that a message of {@code kamelet:stream-events} tells of. @throws InputFailure for any other message */
  static StreamId id(Exchange exchange) {
    Message message = exchange.getMessage();
    if (message.getHeader("StreamName") == null) {
      throw new InputFailure(
          "a message without the headers of a stream: use it in a route that starts with kamelet:stream-events");
    }
    return new StreamId(
        text(message, "StreamSource"), text(message, "StreamServer"), text(message, "StreamApp"),
        text(message, "StreamName"), text(message, "StreamDirection"));
  }

  private static String text(Message message, String header) {
    return message.getHeader(header, "", String.class);
  }

  @Override
  public void fill(StreamChange change, Exchange exchange) {
    Message message = exchange.getMessage();
    message.setBody(change.word() + " " + change.stream().id().app() + "/" + change.stream().id().name());
    message.setHeader("StreamEvent", change.word());
    message.setHeader("StreamSource", change.stream().id().source());
    message.setHeader("StreamServer", change.stream().id().server());
    message.setHeader("StreamApp", change.stream().id().app());
    message.setHeader("StreamName", change.stream().id().name());
    message.setHeader("StreamDirection", change.stream().id().direction());
    message.setHeader("StreamSession", change.stream().session());
    message.setHeader("StreamPublisher", change.stream().publisher());
    message.setHeader("StreamNode", events.node);
  }
}
