package org.reelway.camel.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.rest.ParamDefinition;
import org.apache.camel.model.rest.ResponseMessageDefinition;
import org.apache.camel.model.rest.VerbDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.util.ObjectHelper;

/**
 * Makes the answers of REST routes what their file says. Camel takes the responses that a file declares for documentation
 * only: here the first one is the status of what went well, and the answer is JSON whatever the request was sent as. A call
 * that takes no body passes over the one that it gets; to one that does, an empty body, or a null, is an empty object. No header of a
 * request comes back in its answer, as Camel would have it.
 */
public final class RestAnswers implements RoutePolicyFactory {
  private static final String ASKED_WITH = "ReelwayAskedWith";

  @Override
  public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode node) {
    if (!(node instanceof RouteDefinition route) || !Boolean.TRUE.equals(route.isRest())) {
      return null;
    }
    Optional<VerbDefinition> verb =
        Optional.ofNullable(route.getRestDefinition()).stream().flatMap(rest -> rest.getVerbs().stream())
            .filter(each -> route.getOutputs().contains(each.getTo())).findFirst();
    return new Answers(verb);
  }

  private static final class Answers extends RoutePolicySupport {
    private final int status;
    private final boolean takesJson;
    private final List<String> parameters;

    Answers(Optional<VerbDefinition> verb) {
      status =
          verb.stream().flatMap(each -> each.getResponseMsgs().stream()).findFirst()
              .map(ResponseMessageDefinition::getCode).map(Integer::parseInt).orElse(200);
      takesJson = verb.map(VerbDefinition::getType).isPresent();
      parameters = verb.stream().flatMap(each -> each.getParams().stream()).map(ParamDefinition::getName).toList();
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
      Message message = exchange.getMessage();
      message.setHeader(Exchange.CONTENT_TYPE, "application/json");
      exchange.setProperty(ASKED_WITH, new HashMap<>(message.getHeaders()));
      message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
      if (!takesJson) {
        message.setBody(null);
      } else if (isNothing(message.getBody(String.class))) {
        message.setBody("{}");
      }
    }

    private static boolean isNothing(String body) {
      return ObjectHelper.isEmpty(body) || body.strip().equals("null");
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
      Map<?, ?> asked = exchange.getProperty(ASKED_WITH, Map.class);
      Map<String, Object> headers = exchange.getMessage().getHeaders();
      // Those that have a default are no headers of the request.
      headers.keySet().removeAll(parameters);
      headers.entrySet().removeIf(
          header -> !header.getKey().equalsIgnoreCase(Exchange.CONTENT_TYPE)
              && header.getValue() == asked.get(header.getKey()));
    }
  }
}
