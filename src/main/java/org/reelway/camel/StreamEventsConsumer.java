package org.reelway.camel;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.RegisteredStream;
import org.reelway.stream.server.StreamListener;

/** One message for each stream that begins or ends, in order for one stream. A route that fails is told again. */
final class StreamEventsConsumer extends DefaultConsumer implements StreamListener {
  private final EventParts events;
  private final boolean running;

  /** @param running whether it is told of streams that are on at the start, too */
  StreamEventsConsumer(StreamEventsEndpoint endpoint, Processor processor, EventParts events, boolean running) {
    super(endpoint, processor);
    this.events = events;
    this.running = running;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    if (running) {
      events.act(this);
    } else {
      events.listen(this);
    }
  }

  @Override
  protected void doStop() throws Exception {
    events.ignore(this);
    super.doStop();
  }

  @Override
  public void started(RegisteredStream stream) {
    tell("started", stream);
  }

  @Override
  public void ended(RegisteredStream stream) {
    tell("ended", stream);
  }

  private void tell(String what, RegisteredStream stream) {
    Exchange exchange = createExchange(false);
    try {
      Message message = exchange.getMessage();
      message.setBody(what + " " + stream.id().app() + "/" + stream.id().name());
      message.setHeader("StreamEvent", what);
      message.setHeader("StreamSource", stream.id().source());
      message.setHeader("StreamServer", stream.id().server());
      message.setHeader("StreamApp", stream.id().app());
      message.setHeader("StreamName", stream.id().name());
      message.setHeader("StreamDirection", stream.id().direction());
      message.setHeader("StreamSession", stream.session());
      message.setHeader("StreamPublisher", stream.publisher());
      getProcessor().process(exchange);
      if (exchange.getException() != null) {
        throw exchange.getException();
      }
    } catch (Exception e) {
      String words = "the route " + getRouteId() + " failed for a stream that " + what + ": " + e;
      throw Failure.classOf(e) == FailureClass.INPUT ? new InputFailure(words, e) : new DestinationFailure(words, e);
    } finally {
      releaseExchange(exchange, false);
    }
  }
}
