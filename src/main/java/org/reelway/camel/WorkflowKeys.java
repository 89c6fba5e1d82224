package org.reelway.camel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.reelway.camel.http.ApiAnswer;
import org.reelway.camel.http.Seldom;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.StreamFacts;
import org.reelway.stream.workflow.local.IngestApps;
import org.reelway.stream.workflow.local.LocalDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step by which media servers learn whether a publisher's key is that of a started stream of the live workflow. Such
 * streams are the workflow's own: nothing else is told of them, so that no key stands in the registry.
 */
public final class WorkflowKeys {
  private static final Logger LOG = LoggerFactory.getLogger(WorkflowKeys.class);
  private static final int FORBIDDEN = 403;

  private final IngestApps ingests;
  private final Supplier<Optional<LocalDriver>> driver;
  private final Seldom seldom = new Seldom();

  /** @param driver empty while there is no stream */
  WorkflowKeys(IngestApps ingests, Supplier<Optional<LocalDriver>> driver) {
    this.ingests = ingests;
    this.driver = driver;
  }

  /** Answers 403 where a publisher has a wrong key. Of what was read it leaves what is none of the workflow's. */
  public void check(Exchange exchange) {
    List<?> read = exchange.getMessage().getBody(List.class);
    if (ingests.apps().isEmpty()) {
      return;
    }
    for (Object each : read) {
      if (((Message) each).getBody() instanceof ServerEvent.StreamStarted started && !admits(started)) {
        refuse(exchange, started.stream().publisher());
        return;
      }
    }
    exchange.getMessage().setBody(read.stream().filter(each -> !isOwn((Message) each)).toList());
  }

  private boolean isOwn(Message message) {
    return message.getBody() instanceof ServerEvent event && event.facts().filter(this::isOwn).isPresent();
  }

  /** Whether a stream of a media server is the workflow's. */
  boolean isOwn(StreamFacts stream) {
    return ingests.key(stream.app(), stream.name()).isPresent();
  }

  private boolean admits(ServerEvent.StreamStarted started) {
    Optional<String> key = ingests.key(started.stream().app(), started.stream().name());
    boolean admits = key.isEmpty() || isOpen(key.get());
    if (key.isPresent() && admits) {
      driver.get().ifPresent(LocalDriver::hasBegun);
    }
    return admits;
  }

  private boolean isOpen(String key) {
    return driver.get().filter(is -> is.isOpen(key)).isPresent();
  }

  private void refuse(Exchange exchange, String publisher) {
    int times = seldom.due("refused");
    if (times > 0) {
      LOG.warn(
          "a publisher{} has no key of a started stream and is refused ({} since the last line)",
          publisher.isEmpty() ? "" : " at " + publisher.replaceAll("[^0-9A-Za-z.:\\[\\]-]", "?"), times);
    }
    ApiAnswer.text(exchange, FORBIDDEN, "text/plain", "no stream is started that has this key\n");
    exchange.setRouteStop(true);
  }

  /** {@code authHTTPAddress} of MediaMTX asks: {@code {"action", "path", …}}; any status but 20x refuses. */
  public void mediaMtx(@Body Map<String, Object> asked, Exchange exchange) {
    Optional<String> key = ingests.key("", String.valueOf(asked.get("path")));
    if (key.isPresent() && !isOpen(key.get())) {
      refuse(exchange, String.valueOf(asked.getOrDefault("ip", "")));
    } else {
      key.ifPresent(own -> driver.get().ifPresent(LocalDriver::hasBegun));
      ApiAnswer.text(exchange, 200, "application/json", "{}\n");
    }
  }
}
