package org.reelway.settings.evostream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What becomes of the enabled plugins: settings by key, and what is missing. */
final class Derivation {
  private final Findings findings;
  private final Map<String, String> own;
  private final Map<String, Value> settings = new LinkedHashMap<>();

  /** @param own settings that the user gives himself, by key: they need not follow from anything */
  Derivation(Findings findings, Map<String, String> own) {
    this.findings = findings;
    this.own = Map.copyOf(own);
  }

  /** Whether the user sets one of them himself. */
  boolean own(String... keys) {
    return List.of(keys).stream().anyMatch(own::containsKey);
  }

  /** What the user gives; empty where he does not. */
  String ownText(String key) {
    return own.getOrDefault(key, "");
  }

  boolean has(String key) {
    return settings.containsKey(key);
  }

  /** Two plugins may say the same, not different things. */
  void set(String key, Value value) {
    Value first = settings.putIfAbsent(key, value);
    if (first != null && !first.text().equals(value.text()) && !own(key)) {
      findings.add(
          value.place(),
          "is another one than " + first.place().path() + " in line " + first.place().line() + ", and there is one "
              + key + " only; make them the same, set " + key + " yourself, or run a Reelway for each");
    }
  }

  /**
   * A parameter without which its plugin does nothing.
   *
   * @param key of the setting that would say it too; it is named
   * @param also keys of others that would
   */
  Optional<Value> needed(Block block, String parameter, String key, String... also) {
    List<Value> values = block.texts(parameter);
    if (values.isEmpty() && !own(key) && !own(also)) {
      missing(block, parameter, key);
    }
    return values.stream().findFirst();
  }

  void missing(Block block, String parameter, String key) {
    problem(
        block.place(parameter),
        (block.has(parameter) ? "is empty" : "has no " + parameter) + "; give it here, set " + key
            + " yourself, or disable the plugin");
  }

  void problem(Place place, String message) {
    findings.add(place, message);
  }

  Findings findings() {
    return findings;
  }

  /** In the order in which they were found. */
  List<Derived> settings() {
    return settings.entrySet().stream()
        .map(entry -> new Derived(entry.getKey(), findings.where(entry.getValue().place()), entry.getValue().text()))
        .toList();
  }
}
