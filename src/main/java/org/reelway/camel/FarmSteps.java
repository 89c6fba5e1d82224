package org.reelway.camel;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.reelway.conference.farm.FarmOrders;
import org.reelway.conference.farm.FarmWorker;
import org.reelway.failure.InputFailure;
import org.reelway.state.MixOrderRow;

/** What routes do with the orders of the mixing farm. */
public final class FarmSteps {
  private static final String TAKEN = "ReelwayMixOrder";

  private final FarmOrders orders;
  private final FarmWorker worker;
  private final RouteSource<MixOrderRow> due = new RouteSource<>("mix-orders", FarmSteps::fill);

  /** @param orders null where there is no farm @param worker null where this sidecar is none */
  FarmSteps(FarmOrders orders, FarmWorker worker) {
    this.orders = orders;
    this.worker = worker;
  }

  private static void fill(MixOrderRow order, Exchange exchange) {
    Message message = exchange.getMessage();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", order.id());
    body.put("recording", order.path());
    body.put("recorderUri", order.recorderUri());
    body.put("orderedBy", order.node());
    if (order.state() == MixOrderRow.State.FAILED) {
      body.put("trouble", order.trouble());
      body.put("worker", order.worker());
      body.put("tries", order.tries());
    }
    message.setBody(body);
    message.setHeader("RecorderUri", order.recorderUri());
    message.setHeader("MixState", order.state().word());
  }

  /** Whether this sidecar looks for mixes to hand out, or another one does. */
  public boolean isTurn() {
    return farm().isTurn();
  }

  /** Mixes whose recording is in the store by now wait for a worker. */
  public void look() {
    farm().look();
  }

  /** Gives the route of kamelet:mix-orders what waits for a worker, and what failed. */
  public void handOut() {
    farm().handOut(due::give);
  }

  /** Gives it mixes whose message was lost, where this sidecar is a worker that could begin them. */
  public void handOutLost() {
    farm().handOutLost(due::give);
  }

  /** Forgets mixes that ended long ago. */
  public void forget() {
    farm().forget();
  }

  private FarmOrders farm() {
    if (orders == null) {
      throw new InputFailure("this sidecar has no part in a mixing farm; it needs reelway.queue.url");
    }
    return orders;
  }

  Endpoint due(String uri, Component component) {
    return new SourceEndpoint<>(uri, component, due);
  }

  /** Takes the order of the body and fetches its recording; the route ends here where there is nothing to do. */
  StepEndpoint.Step fetch() {
    return exchange -> {
      String id = exchange.getMessage().getBody() instanceof Map<?, ?> body && body.get("id") instanceof String text ? text : "";
      if (!id.matches("[0-9a-f]{1,40}")) {
        throw new InputFailure("a message that is no order of a mix: its body has no id");
      }
      exchange.setProperty(TAKEN, id);
      exchange.setRouteStop(!worker().take(id));
    };
  }

  /** Returns when the mix is in the store, or is not to be made here any more. */
  StepEndpoint.Step make() {
    return exchange -> {
      if (!(exchange.getProperty(TAKEN) instanceof String id)) {
        throw new InputFailure("reelway:mix-make was reached by a message that kamelet:mix-fetch has not seen; place that before it");
      }
      worker().await(id);
    };
  }

  private FarmWorker worker() {
    if (worker == null) {
      throw new InputFailure("this sidecar makes no mixes of the farm; it needs reelway.queue.url, and mixer among reelway.roles");
    }
    return worker;
  }
}
