package org.reelway.app.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;

/**
 * Validates the operator's {@code *.camel.yaml} and {@code *.kamelet.yaml} before anything runs: files, schema, our
 * own rules, and a trial build in a Camel context that is never started. It may be asked again and again; the compiled
 * schema is kept.
 */
public final class RoutesCheck {
  private final Path routesFolder;
  private final Path kameletsFolder;
  private final Collection<String> destinations;
  private final Set<String> receivers;
  private final List<String> stores;
  private final SchemaCheck schema = new SchemaCheck();

  /**
   * @param routesFolder holds {@code *.camel.yaml}; folders below it are not read
   * @param kameletsFolder holds {@code *.kamelet.yaml}; may be missing when no route uses one
   * @param destinations names of those that streams can be sent to
   * @param receivers names of those that are told by callbacks
   * @param stores names of those beside the primary
   */
  public RoutesCheck(
      Path routesFolder, Path kameletsFolder, Collection<String> destinations, Collection<String> receivers,
      Collection<String> stores) {
    this.stores = List.copyOf(stores);
    this.routesFolder = routesFolder;
    this.kameletsFolder = kameletsFolder;
    this.destinations = destinations;
    this.receivers = new TreeSet<>(receivers);
  }

  /**
   * @param prepare binds beans and new components to a context, as for the real one, and starts nothing; it is called
   *     once per attempt, of which there is one more than routes that cannot be built, and what it throws is
   *     thrown on
   * @param properties the settings that <code>{{…}}</code> may name, under their full keys
   * @return all that is wrong, by file and line; empty when all is well
   */
  public List<RouteProblem> problems(Consumer<CamelContext> prepare, Map<String, String> properties) {
    List<RouteProblem> problems = new ArrayList<>();
    List<RouteFile> routes = SourceFolder.ofRoutes(routesFolder).read(problems);
    List<RouteFile> kameletFiles = SourceFolder.ofKamelets(kameletsFolder).read(problems);
    boolean allParsed = filesWithErrors(problems).stream().noneMatch(file -> file.endsWith(".camel.yaml"));
    routes.forEach(file -> problems.addAll(schema.problemsOfRoutes(file)));
    kameletFiles.forEach(file -> problems.addAll(schema.problemsOfKamelet(file)));
    problems.addAll(new RestRule().problems(routes));
    Set<String> broken = filesWithErrors(problems);

    List<Kamelet> kamelets = kameletFiles.stream().map(Kamelet::of).toList();
    problems.addAll(ruleProblems(routes, kamelets, brokenKamelets(broken), properties));
    if (allParsed) {
      // A file that did not parse may hold the consumers.
      problems.addAll(new DirectRule().problems(uses(routes, kamelets, properties)));
      problems.addAll(RecordFolderRule.problems(uses(routes, kamelets, properties)));
    }
    List<RouteFile> good = routes.stream().filter(f -> !broken.contains(f.label())).toList();
    if (!good.isEmpty()) {
      List<Kamelet> usable = usable(kamelets, filesWithErrors(problems), properties);
      Set<SourceRoute> untried = untried(good, problems, usable, properties);
      problems.addAll(new TrialBuild(kameletsFolder, good, usable, properties, untried).problems(prepare));
    }
    return problems.stream().distinct().sorted(RouteProblem.BY_PLACE).toList();
  }

  /**
   * Why routes did not start that could be built.
   *
   * @return in an operator's words; empty where it was not Camel that said so
   */
  public static Optional<String> startFailure(Throwable thrown) {
    return new CamelFailure(thrown).toldOfStart();
  }

  private List<RouteProblem> ruleProblems(List<RouteFile> routes, List<Kamelet> kamelets, Set<String> broken,
      Map<String, String> properties) {
    List<RouteProblem> problems = new ArrayList<>(new IdRule().problems(routes));
    PlaceholderRule placeholders = new PlaceholderRule(properties);
    ScheduleRule schedules = new ScheduleRule(properties);
    kamelets.forEach(kamelet -> problems.addAll(schedules.problems(kamelet.file())));
    problems.addAll(SourceRule.problems(routes, uses(routes, List.of(), properties)));
    problems.addAll(StoreRule.problems(uses(routes, List.of(), properties), stores));
    problems.addAll(ReceiverRule.problems(uses(routes, List.of(), properties), receivers));
    for (RouteFile file : routes) {
      problems.addAll(new DestinationRule(destinations, properties).problems(file));
      problems.addAll(placeholders.problemsOfRoutes(file));
      problems.addAll(schedules.problems(file));
      problems.addAll(new CanonicalRule().problems(file));
      problems.addAll(new ConditionRule().problems(file));
    }
    kamelets.forEach(kamelet -> problems.addAll(placeholders.problemsOfKamelet(kamelet)));
    KameletRule rule = new KameletRule(kamelets, properties);
    problems.addAll(rule.problemsOfFiles());
    problems.addAll(rule.problemsOfUses(uses(routes, kamelets, properties), broken));
    return problems;
  }

  private static List<EndpointUse> uses(List<RouteFile> routes, List<Kamelet> kamelets,
      Map<String, String> properties) {
    return Stream.concat(routes.stream(), kamelets.stream().map(Kamelet::file))
        .flatMap(file -> EndpointUse.in(file, properties).stream()).toList();
  }

  /** Kamelets without an error, of their own or of a kamelet that they use. */
  private static List<Kamelet> usable(List<Kamelet> kamelets, Set<String> broken, Map<String, String> properties) {
    List<Kamelet> before = kamelets.stream().filter(k -> !broken.contains(k.file().label())).toList();
    while (true) {
      Set<String> names = before.stream().map(Kamelet::fileName).collect(Collectors.toSet());
      List<Kamelet> after = before.stream().filter(k -> EndpointUse.in(k.file(), properties).stream()
          .allMatch(u -> !u.isKamelet() || names.contains(u.kamelet()))).toList();
      if (after.size() == before.size()) {
        return after;
      }
      before = after;
    }
  }

  private static Set<String> filesWithErrors(List<RouteProblem> problems) {
    return problems.stream().filter(p -> p.severity() == Severity.ERROR).map(RouteProblem::file)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> brokenKamelets(Set<String> files) {
    return files.stream().filter(f -> f.endsWith(".kamelet.yaml"))
        .map(f -> Path.of(f).getFileName().toString().replace(".kamelet.yaml", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Routes whose failure is known: those with an error of their own, and those that use a kamelet with one. */
  private static Set<SourceRoute> untried(List<RouteFile> files, List<RouteProblem> problems, List<Kamelet> kamelets,
      Map<String, String> properties) {
    Set<String> usable = kamelets.stream().map(Kamelet::fileName).collect(Collectors.toSet());
    Set<SourceRoute> untried = new HashSet<>();
    for (RouteFile file : files) {
      List<Integer> lines = new ArrayList<>();
      problems.stream().filter(p -> p.severity() == Severity.ERROR && p.file().equals(file.label()))
          .forEach(p -> lines.add(p.line()));
      EndpointUse.in(file, properties).stream()
          .filter(u -> u.isKamelet() && !usable.contains(u.kamelet()))
          .forEach(u -> lines.add(u.line()));
      file.routes().stream().filter(r -> lines.stream().anyMatch(r::covers)).forEach(untried::add);
    }
    return untried;
  }
}
