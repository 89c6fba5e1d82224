package org.reelway.camel.reload;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;

/**
 * What is to be swapped when files have changed.
 *
 * @param files names of those whose routes go, and of those whose routes come
 * @param kamelets names of those that are made anew
 * @param shared whether something changed that all routes are made by
 * @param sources routes that begin as before: what they begin with runs on
 */
record ReloadPlan(Set<String> files, Set<String> kamelets, boolean shared, Set<String> sources) {

  /** @throws InputFailure for what only a restart can change */
  static ReloadPlan between(FlowFiles before, FlowFiles now) {
    Set<String> kamelets = changedKamelets(before, now);
    boolean shared = !shared(before).equals(shared(now));
    Set<String> files = new TreeSet<>();
    if (shared) {
      files.addAll(before.routes().keySet());
      files.addAll(now.routes().keySet());
    } else {
      files.addAll(changed(before.routes(), now.routes()));
      Stream.of(before, now).flatMap(each -> each.routes().entrySet().stream())
          .filter(file -> file.getValue().kamelets().stream().anyMatch(kamelets::contains))
          .forEach(file -> files.add(file.getKey()));
      addPartnersOfCalls(before, now, files);
    }
    requireSwappable(before, now, files);
    return new ReloadPlan(files, kamelets, shared, shared ? Set.of() : sources(before, now, files, kamelets));
  }

  boolean isEmpty() {
    return files.isEmpty() && kamelets.isEmpty();
  }

  private static Set<String> changed(SortedMap<String, FlowFile> before, SortedMap<String, FlowFile> now) {
    return Stream.concat(before.keySet().stream(), now.keySet().stream())
        .filter(name -> !before.containsKey(name) || !before.get(name).means(now.get(name)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those that place one that changed are made anew, too. */
  private static Set<String> changedKamelets(FlowFiles before, FlowFiles now) {
    Set<String> all = changed(before.kamelets(), now.kamelets());
    boolean more = true;
    while (more) {
      more = all.addAll(
          Stream.of(before, now).flatMap(each -> each.kamelets().entrySet().stream())
              .filter(kamelet -> kamelet.getValue().kamelets().stream().anyMatch(all::contains))
              .map(Map.Entry::getKey).toList());
    }
    return all;
  }

  private static List<Object> shared(FlowFiles files) {
    return files.routes().values().stream().flatMap(file -> file.shared().stream()).toList();
  }

  /** A call of the API and the {@code direct:} route that Camel puts in its place are one. */
  private static void addPartnersOfCalls(FlowFiles before, FlowFiles now, Set<String> files) {
    boolean more = true;
    while (more) {
      Set<String> called = new HashSet<>();
      Set<String> answering = new HashSet<>();
      Stream.of(before, now).flatMap(each -> each.routes().entrySet().stream()).filter(file -> files.contains(file.getKey()))
          .forEach(file -> {
            called.addAll(file.getValue().directsOfCalls());
            answering.addAll(file.getValue().directs());
          });
      more = files.addAll(
          Stream.of(before, now).flatMap(each -> each.routes().entrySet().stream())
              .filter(file -> file.getValue().directs().stream().anyMatch(called::contains)
                  || file.getValue().directsOfCalls().stream().anyMatch(answering::contains))
              .map(Map.Entry::getKey).toList());
    }
  }

  private static void requireSwappable(FlowFiles before, FlowFiles now, Set<String> files) {
    for (String name : files) {
      List<FlowFile> both =
          Stream.of(before, now).map(each -> each.routes().get(name)).filter(Objects::nonNull).toList();
      if (both.stream().anyMatch(FlowFile::hasTemplates)) {
        throw new InputFailure(name + " has routeTemplate or templatedRoute, and cannot be swapped; restart Reelway");
      }
      Stream<FlowFile> either = Stream.of(before, now).map(each -> each.routes().get(name));
      if (either.map(file -> file == null ? List.of() : file.restConfiguration()).distinct().count() > 1) {
        throw new InputFailure(name + " changes restConfiguration, which is read at start only; restart Reelway");
      }
    }
  }

  private static Set<String> sources(FlowFiles before, FlowFiles now, Set<String> files, Set<String> kamelets) {
    Map<String, Object> old = sources(before, files);
    Map<String, Object> fresh = sources(now, files);
    return old.entrySet().stream()
        .filter(source -> Objects.equals(source.getValue(), fresh.get(source.getKey())))
        .filter(source -> kamelets.stream().noneMatch(kamelet -> source.getValue().toString().contains("kamelet:" + kamelet)))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, Object> sources(FlowFiles all, Set<String> files) {
    return all.routes().entrySet().stream().filter(file -> files.contains(file.getKey()))
        .flatMap(file -> file.getValue().sources().entrySet().stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one));
  }
}
