package org.reelway.camel.dashboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedPerformanceCounterMBean;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.util.URISupport;
import org.reelway.camel.reload.RouteSwap;

/** The routes of the folder, step by step, with what came through each since the start: Camel's own counters, by its MBeans. */
public final class RouteFlows {
  private final Supplier<CamelContext> camel;
  /** By names of steps and routes. Camel goes through all routes for each, and they are asked for every ten seconds. */
  private final Map<String, ManagedPerformanceCounterMBean> counters = new ConcurrentHashMap<>();

  public RouteFlows(Supplier<CamelContext> camel) {
    this.camel = camel;
  }

  /** @param file of the routes' folder; @param from where it begins, without parameters */
  @JsonInclude(Include.NON_NULL)
  public record Flow(
      String id, String file, String description, String from, boolean running, Long total, Long failed, List<Step> steps) {}

  /**
   * @param id null for a branch without one
   * @param depth 0 for a step of the route itself
   * @param total absent where Camel does not count
   */
  @JsonInclude(Include.NON_NULL)
  public record Step(String id, int depth, String what, String description, Long total, Long failed) {}

  /** Without those that kamelets and the API are made of. */
  List<Flow> all() {
    CamelContext context = camel.get();
    ManagedCamelContext managed = context.getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
    List<Flow> all = new ArrayList<>();
    for (RouteDefinition definition : List.copyOf(((ModelCamelContext) context).getRouteDefinitions())) {
      Route route = context.getRoute(definition.getRouteId());
      if (route != null && !route.isCreatedByKamelet() && !route.isCreatedByRestDsl() && !route.isCreatedByRouteTemplate()) {
        all.add(flow(definition, route, context, managed));
      }
    }
    all.sort((one, other) -> one.file().compareTo(other.file()));
    List<RouteConfigurationDefinition> policies = ((ModelCamelContext) context).getRouteConfigurationDefinitions();
    policies.stream().filter(policy -> !policy.getOnExceptions().isEmpty()).forEach(policy -> all.add(policy(policy)));
    return all;
  }

  /** What becomes of what fails. Each route has a copy of it, so that nothing is counted. */
  private Flow policy(RouteConfigurationDefinition policy) {
    List<Step> steps = new ArrayList<>();
    add(List.copyOf(policy.getOnExceptions()), 0, steps, null);
    String id = policy.getId() == null ? "what-fails" : policy.getId();
    return new Flow(
        id, RouteSwap.file(policy.getResource()), policy.getDescriptionText(), "failures of routes", true, null, null, steps);
  }

  private Flow flow(RouteDefinition definition, Route route, CamelContext context, ManagedCamelContext managed) {
    String id = definition.getRouteId();
    List<Step> steps = new ArrayList<>();
    List<ProcessorDefinition<?>> own = new ArrayList<>(definition.getOutputs());
    own.removeIf(OnExceptionDefinition.class::isInstance);
    add(own, 0, steps, managed);
    Counts counts = counts("route " + id, name -> managed.getManagedRoute(id));
    return new Flow(
        id, RouteSwap.file(route.getSourceResource()), definition.getDescriptionText(), shown(definition.getInput().getEndpointUri()),
        context.getRouteController().getRouteStatus(id).isStarted(), counts.total(), counts.failed(), steps);
  }

  /** @param managed null where nothing is counted */
  private void add(List<ProcessorDefinition<?>> outputs, int depth, List<Step> steps, ManagedCamelContext managed) {
    for (ProcessorDefinition<?> step : outputs) {
      add(step, depth, what(step), steps, managed);
      if (step instanceof ChoiceDefinition choice) {
        for (WhenDefinition when : choice.getWhenClauses()) {
          add(when, depth + 1, "when", steps, managed);
          add(when.getOutputs(), depth + 2, steps, managed);
        }
        if (choice.getOtherwise() != null) {
          add(choice.getOtherwise(), depth + 1, "otherwise", steps, managed);
          add(choice.getOtherwise().getOutputs(), depth + 2, steps, managed);
        }
      } else if (step instanceof TryDefinition attempt) {
        add(attempt.getOutputsWithoutCatches(), depth + 1, steps, managed);
        List<ProcessorDefinition<?>> then = new ArrayList<>(attempt.getCatchClauses());
        Optional.ofNullable(attempt.getFinallyClause()).ifPresent(then::add);
        add(then, depth + 1, steps, managed);
      } else {
        add(step.getOutputs(), depth + 1, steps, managed);
      }
    }
  }

  private void add(
      OptionalIdentifiedDefinition<?> step, int depth, String what, List<Step> steps, ManagedCamelContext managed) {
    Counts counts =
        managed == null || step.getId() == null ? Counts.NONE : counts(step.getId(), managed::getManagedProcessor);
    steps.add(new Step(step.getId(), depth, what, step.getDescriptionText(), counts.total(), counts.failed()));
  }

  /** Null where Camel does not count. */
  private record Counts(Long total, Long failed) {
    static final Counts NONE = new Counts(null, null);
  }

  private Counts counts(String name, Function<String, ManagedPerformanceCounterMBean> find) {
    ManagedPerformanceCounterMBean counter = counters.computeIfAbsent(name, find);
    try {
      long total = counter == null ? 0 : counter.getExchangesTotal();
      return counter == null ? Counts.NONE : new Counts(total, total == 0 ? 0 : counter.getExchangesFailed());
    } catch (Exception gone) {
      return Counts.NONE;
    }
  }

  /** Without what an operator may have written into it: parameters, expressions and values can be secrets. */
  private static String what(ProcessorDefinition<?> step) {
    if (step instanceof ToDynamicDefinition to) {
      return "→ " + shown(to.getUri());
    } else if (step instanceof ToDefinition to) {
      return "→ " + shown(to.getEndpointUri());
    } else if (step instanceof BeanDefinition bean) {
      return "bean " + bean.getRef() + "." + bean.getMethod();
    } else if (step instanceof SetHeaderDefinition header) {
      return "header " + header.getName();
    }
    return step.getShortName();
  }

  private static String shown(String uri) {
    String safe = URISupport.sanitizeUri(uri == null ? "" : uri);
    int parameters = safe.indexOf('?');
    return (parameters < 0 ? safe : safe.substring(0, parameters)).replace("://", ":");
  }
}
