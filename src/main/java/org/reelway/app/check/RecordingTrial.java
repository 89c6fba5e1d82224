package org.reelway.app.check;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.OnCompletionDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.StopDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.util.URISupport;

/**
 * Follows recordings through the routes as their steps say, and does none of them: conditions and values of {@code simple} are
 * computed, and whatever only a bean could tell is said to be unknown.
 */
public final class RecordingTrial implements AutoCloseable {
  private static final Set<String> COMPUTED = Set.of("simple", "constant", "header", "exchangeProperty");
  private static final int DEEPEST = 50;

  private final TrialContext trial;
  private final CamelContext camel;
  private final List<RouteDefinition> routes;
  private final Map<String, Map<String, String>> defaults = new HashMap<>();

  /**
   * A route that takes recordings.
   *
   * @param parameters of {@code kamelet:recording-markers}, with its defaults
   */
  public record Taker(String route, Map<String, String> parameters) {}

  /**
   * What a route would do.
   *
   * @param transfer parameters of {@code kamelet:store-transfer}; empty where it comes to none
   * @param skipped why it is not sent; empty where the route does not skip it
   * @param tidy what becomes of the file; empty where the route does not say
   * @param unknown steps of which only a running sidecar can tell which way they lead, before the transfer
   */
  public record Way(
      Optional<Map<String, Object>> transfer, Optional<String> skipped, Optional<String> tidy, List<String> unknown) {}

  /** @param prepare binds beans and components that the routes name; nothing is started */
  public RecordingTrial(
      Path routesFolder, Path kameletsFolder, Map<String, String> properties, Consumer<CamelContext> prepare)
      throws Exception {
    trial = new TrialContext(kameletsFolder, properties, prepare);
    camel = trial.camel();
    List<RouteProblem> toldByCheck = new ArrayList<>();
    for (RouteFile file : SourceFolder.ofKamelets(kameletsFolder).read(toldByCheck)) {
      trial.add(file, Set.of());
      defaults.put(Kamelet.of(file).fileName(), defaults(file));
    }
    for (RouteFile file : SourceFolder.ofRoutes(routesFolder).read(toldByCheck)) {
      trial.add(file, Set.of());
    }
    routes = List.copyOf(trial.routes());
  }

  private static Map<String, String> defaults(RouteFile kamelet) {
    Map<String, String> all = new HashMap<>();
    kamelet.root().get("spec", "definition", "properties").ifPresent(properties -> properties.members().forEach(
        each -> each.get("default").ifPresent(value -> all.put(each.name(), value.text()))));
    return all;
  }

  /** Those that are on, in the order of the files. */
  public List<Taker> takers() {
    List<Taker> takers = new ArrayList<>();
    for (RouteDefinition route : routes) {
      String uri = route.getInput() == null ? "" : route.getInput().getEndpointUri();
      if (kamelet(uri).equals("recording-markers") && !text(route.getPrecondition()).equals("false")) {
        Map<String, String> parameters = new HashMap<>(defaults.getOrDefault("recording-markers", Map.of()));
        parameters(uri).forEach((name, value) -> parameters.put(name, value.toString()));
        takers.add(new Taker(route.getRouteId(), parameters));
      }
    }
    return takers;
  }

  /** @param headers that the recording comes with */
  public Way way(Taker taker, Map<String, String> headers) {
    Exchange exchange = new DefaultExchange(camel);
    headers.forEach(exchange.getMessage()::setHeader);
    Walk walk = new Walk(exchange);
    walk.steps(route(taker.route()).getOutputs(), 0);
    return new Way(
        Optional.ofNullable(walk.transfer), Optional.ofNullable(walk.skipped), Optional.ofNullable(walk.tidy),
        List.copyOf(walk.unknown));
  }

  private RouteDefinition route(String id) {
    return routes.stream().filter(route -> id.equals(route.getRouteId())).findFirst().orElseThrow();
  }

  /** Without placeholders. */
  private String text(String written) {
    return written == null ? "" : camel.resolvePropertyPlaceholders(written).strip();
  }

  /** The name of the kamelet; empty for any other endpoint. */
  private static String kamelet(String uri) {
    return uri.startsWith("kamelet:") ? uri.substring("kamelet:".length()).replaceFirst("[/?].*", "") : "";
  }

  /** Parsed before placeholders are resolved: what a setting holds is no part of a query. */
  private Map<String, Object> parameters(String uri) {
    int query = uri.indexOf('?');
    Map<String, Object> all = new HashMap<>();
    try {
      if (query >= 0) {
        URISupport.parseQuery(uri.substring(query + 1), false, true)
            .forEach((name, value) -> all.put(name, text(String.valueOf(value))));
      }
    } catch (URISyntaxException toldByCheck) {
      return Map.of();
    }
    return all;
  }

  private final class Walk {
    private final Exchange exchange;
    private final List<String> unknown = new ArrayList<>();
    private Map<String, Object> transfer;
    private String skipped;
    private String tidy;

    Walk(Exchange exchange) {
      this.exchange = exchange;
    }

    /** @return whether the recording's way ends among them */
    boolean steps(List<ProcessorDefinition<?>> steps, int depth) {
      for (ProcessorDefinition<?> step : steps) {
        if (depth < DEEPEST && step(step, depth + 1)) {
          return true;
        }
      }
      return false;
    }

    private boolean step(ProcessorDefinition<?> step, int depth) {
      if (step instanceof OnExceptionDefinition || step instanceof OnCompletionDefinition || step instanceof CatchDefinition) {
        // What is done on failures, and of routes/00-errors beside every route, is not on the way.
        return false;
      } else if (step instanceof ToDynamicDefinition to) {
        return leadsTo(computed(to.getUri()), depth);
      } else if (step instanceof ToDefinition to) {
        return leadsTo(Optional.of(to.getEndpointUri()), depth);
      } else if (step instanceof ChoiceDefinition choice) {
        return choice(choice, depth);
      } else if (step instanceof FilterDefinition filter) {
        return holds(filter.getExpression(), filter.getId()) && steps(filter.getOutputs(), depth);
      } else if (step instanceof SetHeaderDefinition header) {
        Optional<Object> value = value(header.getExpression());
        value.ifPresentOrElse(
            known -> exchange.getMessage().setHeader(header.getName(), known),
            () -> exchange.getMessage().removeHeader(header.getName()));
        return false;
      } else if (step instanceof SetPropertyDefinition property) {
        value(property.getExpression()).ifPresentOrElse(
            known -> exchange.setProperty(property.getName(), known), () -> exchange.removeProperty(property.getName()));
        return false;
      }
      return step instanceof StopDefinition || steps(step.getOutputs(), depth);
    }

    private boolean choice(ChoiceDefinition choice, int depth) {
      for (WhenDefinition when : choice.getWhenClauses()) {
        if (holds(when.getExpression(), choice.getId())) {
          return steps(when.getOutputs(), depth);
        }
      }
      return choice.getOtherwise() != null && steps(choice.getOtherwise().getOutputs(), depth);
    }

    /** What cannot be told is said, and taken for a no. */
    private boolean holds(ExpressionDefinition expression, String id) {
      if (isComputed(expression)) {
        return camel.resolveLanguage(expression.getLanguage()).createPredicate(text(expression.getExpression()))
            .matches(exchange);
      }
      if (transfer == null) {
        unknown.add(id);
      }
      return false;
    }

    private Optional<Object> value(ExpressionDefinition expression) {
      return isComputed(expression)
          ? Optional.ofNullable(camel.resolveLanguage(expression.getLanguage())
              .createExpression(text(expression.getExpression())).evaluate(exchange, Object.class))
          : Optional.empty();
    }

    /** A bean may do anything, and a body be read to its end. */
    private static boolean isComputed(ExpressionDefinition expression) {
      return COMPUTED.contains(expression.getLanguage())
          && !expression.getExpression().matches("(?s).*\\$(simple)?\\{(bean:|body|bodyAs|bodyOneLine|mandatoryBody|exec).*");
    }

    private Optional<String> computed(String uri) {
      String text = text(uri);
      return text.contains("bean:") || text.contains("${body") ? Optional.empty()
          : Optional.ofNullable(camel.resolveLanguage("simple").createExpression(text).evaluate(exchange, String.class));
    }

    private boolean leadsTo(Optional<String> written, int depth) {
      String uri = written.orElse("");
      if (uri.startsWith("direct:")) {
        String address = text(uri).replaceFirst("\\?.*", "");
        return routes.stream()
            .filter(route -> route.getInput() != null
                && text(route.getInput().getEndpointUri()).replaceFirst("\\?.*", "").equals(address))
            .findFirst().map(route -> steps(route.getOutputs(), depth)).orElse(false);
      }
      Map<String, Object> given = parameters(uri);
      switch (kamelet(uri)) {
        case "store-transfer" -> transfer = transfer == null ? given : transfer;
        case "recording-skip" -> skipped = given.getOrDefault("reason", "a route skipped it").toString();
        case "recording-tidy" -> tidy = given.getOrDefault("action", "keep").toString();
        default -> {
          return false;
        }
      }
      return skipped != null || tidy != null;
    }
  }

  @Override
  public void close() {
    trial.close();
  }
}
