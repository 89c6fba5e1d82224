package org.reelway.app.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.reelway.settings.MessageText;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Lets Camel build the routes without running them. Camel stops at the first failure: the route that failed is left
 * out and the rest is tried again, until all that fail are told.
 */
final class TrialBuild {
  private static final Pattern BEAN_CALL = Pattern.compile("bean:(?://)?([^?]+)\\?(?:.*&)?method=([^&(]+).*");

  private final Path kameletsFolder;
  private final List<RouteFile> files;
  private final List<Kamelet> kamelets;
  private final Map<String, String> properties;
  private final Set<SourceRoute> excluded;

  /**
   * @param files parsed, and valid against the schema
   * @param excluded routes that have problems which were told already
   */
  TrialBuild(Path kameletsFolder, List<RouteFile> files, List<Kamelet> kamelets, Map<String, String> properties,
      Set<SourceRoute> excluded) {
    this.kameletsFolder = kameletsFolder;
    this.files = files;
    this.kamelets = kamelets;
    this.properties = properties;
    this.excluded = excluded;
  }

  List<RouteProblem> problems(Consumer<CamelContext> prepare) {
    List<RouteProblem> problems = new ArrayList<>();
    Set<SourceRoute> left = new HashSet<>(excluded);
    Set<RouteFile> unread = new HashSet<>();
    Optional<Failed> failed = attempt(prepare, left, unread, problems);
    while (failed.isPresent()) {
      problems.add(failed.get().problem());
      // Without a route to leave out the next attempt would end the same.
      boolean less = left.addAll(failed.get().routes()) | unread.addAll(failed.get().unread());
      failed = less ? attempt(prepare, left, unread, problems) : Optional.empty();
    }
    return problems;
  }

  /** A problem, and what to leave out in the next attempt. */
  private record Failed(RouteProblem problem, Set<SourceRoute> routes, Set<RouteFile> unread) {}

  private Optional<Failed> attempt(Consumer<CamelContext> prepare, Set<SourceRoute> left, Set<RouteFile> unread,
      List<RouteProblem> problems) {
    try (TrialContext trial = new TrialContext(kameletsFolder, properties, prepare)) {
      Optional<Failed> failed = load(trial, left, unread).or(() -> build(trial));
      if (failed.isEmpty()) {
        files.stream().filter(file -> !unread.contains(file)).forEach(file -> {
          problems.addAll(methods(file, trial));
          problems.addAll(trial.dynamic(properties).problems(file));
          problems.addAll(trial.start().problems(EndpointUse.in(file, properties)));
        });
      }
      return failed;
    }
  }

  private Optional<Failed> load(TrialContext trial, Set<SourceRoute> left, Set<RouteFile> unread) {
    Stream<RouteFile> all = Stream.concat(kamelets.stream().map(Kamelet::file), files.stream());
    for (RouteFile file : all.filter(f -> !unread.contains(f)).toList()) {
      try {
        trial.add(file, left);
      } catch (Exception e) {
        return Optional.of(new Failed(unreadable(file, trial, e), usersOf(file), Set.of(file)));
      }
    }
    return Optional.empty();
  }

  private RouteProblem unreadable(RouteFile file, TrialContext trial, Exception e) {
    CamelFailure failure = new CamelFailure(e);
    int line = e instanceof MarkedYamlEngineException marked
        ? marked.getProblemMark().map(m -> m.getLine() + 1).orElse(0)
        : line(file.root(), failure).orElse(0);
    CamelFailure.Told told = failure.told(trial::options);
    return file.error(line, redacted(told.message()), told.fix());
  }

  /** Of {@code bean:name?method=…}: Camel looks for it with the first message only. */
  private static List<RouteProblem> methods(RouteFile file, TrialContext trial) {
    List<RouteProblem> problems = new ArrayList<>();
    file.root().walk().forEach(tree -> {
      Matcher call = BEAN_CALL.matcher(tree.text());
      Set<String> known = call.matches() ? trial.methods(call.group(1)) : Set.of();
      if (!known.isEmpty() && !known.contains(call.group(2))) {
        String near = MessageText.near(call.group(2), known).map(n -> ": did you mean '" + n + "'?").orElse("");
        problems.add(file.error(tree.line(), "the bean '" + call.group(1) + "' has no method '" + call.group(2) + "'"
            + near, "use one of " + String.join(", ", known)));
      }
    });
    return problems;
  }

  private Optional<Failed> build(TrialContext trial) {
    try {
      trial.build();
      return Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      return Optional.of(failed(trial, new CamelFailure(e)));
    }
  }

  private Failed failed(TrialContext trial, CamelFailure failure) {
    Optional<Kamelet> kamelet = failure.kamelet().flatMap(this::kamelet);
    if (kamelet.isPresent()) {
      RouteFile file = kamelet.get().file();
      return new Failed(problem(file, line(file.root(), failure).orElse(1), failure, trial), usersOf(file), Set.of());
    }
    Optional<SourceRoute> route = failure.routeId().flatMap(trial::source);
    if (route.isPresent()) {
      RouteProblem problem = problem(route.get().file(), line(trial, route.get(), failure), failure, trial);
      return new Failed(problem, Set.of(route.get()), Set.of());
    }
    CamelFailure.Told told = failure.told(trial::options);
    return new Failed(new RouteProblem(Severity.ERROR, files.get(0).path().getParent().toString(), 0,
        failure.routeId().orElse(""), "", redacted(told.message()), told.fix()), Set.of(), Set.of());
  }

  private RouteProblem problem(RouteFile file, int line, CamelFailure failure, TrialContext trial) {
    Optional<String> away = failure.awayHost();
    if (away.isPresent()) {
      // Nothing is wrong with the route; it cannot be looked at further.
      return file.warning(line, "a host that is asked when the route is built does not answer: " + redacted(away.get()),
          "see that it is there when the route starts");
    }
    CamelFailure.Told told = failure.told(trial::options);
    return file.error(line, redacted(told.message()), told.fix());
  }

  private int line(TrialContext trial, SourceRoute route, CamelFailure failure) {
    Optional<SourceNode> step = failure.step().flatMap(text -> trial.stepId(route, text))
        .flatMap(id -> route.file().nodes().stream()
            .filter(n -> n.id().equals(id) && route.covers(n.line())).findFirst());
    return step.flatMap(s -> line(s.tree(), failure)).or(() -> line(route.tree(), failure))
        .or(() -> step.map(SourceNode::line)).orElse(route.line());
  }

  private static Optional<Integer> line(YamlTree tree, CamelFailure failure) {
    return tree.walk().filter(failure::isCause).findFirst()
        .map(t -> t.isText() ? Math.max(t.line(), t.valueLine()) : t.line());
  }

  private Optional<Kamelet> kamelet(String name) {
    return kamelets.stream().filter(k -> k.fileName().equals(name)).findFirst();
  }

  /** Routes that use a kamelet, directly or through others: they fail with it. */
  private Set<SourceRoute> usersOf(RouteFile kamelet) {
    Set<RouteFile> broken = new HashSet<>(Set.of(kamelet));
    boolean more = true;
    while (more) {
      more = broken.addAll(kamelets.stream().map(Kamelet::file).filter(f -> uses(f, 0, Integer.MAX_VALUE, broken))
          .toList());
    }
    Set<SourceRoute> users = new HashSet<>();
    for (RouteFile file : files) {
      file.routes().stream().filter(r -> uses(file, r.line(), r.lastLine(), broken)).forEach(users::add);
    }
    return users;
  }

  private boolean uses(RouteFile file, int first, int last, Set<RouteFile> broken) {
    return EndpointUse.in(file, properties).stream()
        .filter(u -> u.isKamelet() && first <= u.line() && u.line() <= last)
        .anyMatch(u -> kamelet(u.kamelet()).map(Kamelet::file).filter(broken::contains).isPresent());
  }

  /** Camel's messages may quote resolved settings: those that hold secrets are blotted out. */
  private String redacted(String message) {
    String text = message;
    for (Map.Entry<String, String> setting : properties.entrySet()) {
      String key = setting.getKey().toLowerCase(Locale.ROOT);
      boolean secret = key.matches(".*(secret|password|passphrase|token|credential|access-key|private-key).*");
      if (secret && setting.getValue() != null && setting.getValue().length() > 3) {
        text = text.replace(setting.getValue(), "xxxxxx");
      }
    }
    return text;
  }
}
