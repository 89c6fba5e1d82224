package org.reelway.settings.evostream;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.reelway.settings.Shown;

/** One plugin's block: {@code {"plugin_switch": "enabled", "parameters": {...}}}. */
final class Block {
  static final String PARAMETERS = "parameters";
  private static final String SWITCH = "plugin_switch";
  private static final String ENABLED = "enabled";
  private static final String SWITCH_ALLOWED = "; allowed: \"enabled\" and \"disabled\"";

  private final Place place;
  private final boolean enabled;
  private final Map<String, Json.Member> parameters;

  private Block(Place place, boolean enabled, Map<String, Json.Member> parameters) {
    this.place = place;
    this.enabled = enabled;
    this.parameters = Map.copyOf(parameters);
  }

  /** Of a plugin whose parameters are not known. */
  static boolean isEnabled(Json.Member block) {
    return block.value() instanceof Json.Members members
        && members.all().stream()
            .anyMatch(member -> member.name().equals(SWITCH) && member.value() instanceof Json.Text text
                && text.value().equals(ENABLED));
  }

  /** Empty where something is wrong with it, which is among the findings then. */
  static Optional<Block> read(Plugin plugin, Json.Member member, Findings findings) {
    int before = findings.count();
    Place place = new Place(member.line(), "").member(member);
    if (!(member.value() instanceof Json.Members block)) {
      findings.add(place, "is " + member.value().kind() + "; allowed: {\"plugin_switch\": ..., \"parameters\": {...}}");
      return Optional.empty();
    }
    boolean enabled = false;
    boolean switched = false;
    Map<String, Json.Member> parameters = Map.of();
    for (Json.Member part : block.all()) {
      if (part.name().equals(SWITCH)) {
        switched = true;
        enabled = isEnabled(part, place.member(part), findings);
      } else if (part.name().equals(PARAMETERS)) {
        parameters = parameters(plugin, part, place, findings);
      } else {
        findings.add(place.member(part), "is not known here; a plugin has plugin_switch and parameters, in which "
            + names(plugin) + " belong");
      }
    }
    if (!switched) {
      findings.add(place, "has no plugin_switch" + SWITCH_ALLOWED);
    }
    return findings.count() > before ? Optional.empty() : Optional.of(new Block(place, enabled, parameters));
  }

  private static String names(Plugin plugin) {
    return plugin.parameters().stream().map(Parameter::name).collect(Collectors.joining(", "));
  }

  private static boolean isEnabled(Json.Member part, Place place, Findings findings) {
    if (!(part.value() instanceof Json.Text text)) {
      findings.add(place, "is " + part.value().kind() + SWITCH_ALLOWED);
      return false;
    }
    if (!text.value().equals(ENABLED) && !text.value().equals("disabled")) {
      findings.add(place, "is " + Shown.quoted(text.value()) + SWITCH_ALLOWED);
    }
    return text.value().equals(ENABLED);
  }

  private static Map<String, Json.Member> parameters(
      Plugin plugin, Json.Member part, Place place, Findings findings) {
    if (!(part.value() instanceof Json.Members object)) {
      findings.add(place.member(part), "has parameters that are " + part.value().kind() + "; allowed: an object with "
          + names(plugin));
      return Map.of();
    }
    Map<String, Form> forms =
        plugin.parameters().stream().collect(Collectors.toMap(Parameter::name, Parameter::form));
    Map<String, Json.Member> known = Named.check(object, place, forms, "a parameter of " + plugin.name(), findings);
    known.values().stream()
        .filter(member -> forms.get(member.name()) == Form.OBJECTS)
        .forEach(member -> proxies(member, place.member(member), findings));
    return known;
  }

  String plugin() {
    return place.path();
  }

  boolean enabled() {
    return enabled;
  }

  /** The block itself. */
  Place place() {
    return place;
  }

  boolean has(String parameter) {
    return parameters.containsKey(parameter);
  }

  /** Whether it is missing, or holds nothing. */
  boolean isEmpty(String parameter) {
    return texts(parameter).isEmpty()
        && !(has(parameter) && parameters.get(parameter).value() instanceof Json.Items items
            && items.all().stream().anyMatch(Json.Members.class::isInstance));
  }

  /** Where the parameter stands; the block where it is missing. */
  Place place(String parameter) {
    return has(parameter) ? place.member(parameters.get(parameter)) : place;
  }

  /** A text that is there; it may be blank. */
  Value text(String parameter) {
    return texts(parameters.get(parameter).value(), place(parameter)).get(0);
  }

  /** A text, a number as it is written, or the texts of an array; blank ones are left out. */
  List<Value> texts(String parameter) {
    return Optional.ofNullable(parameters.get(parameter)).stream()
        .flatMap(member -> texts(member.value(), place.member(member)).stream())
        .filter(value -> !value.isBlank())
        .toList();
  }

  private static List<Value> texts(Json json, Place place) {
    if (json instanceof Json.Text text) {
      return List.of(new Value(place, text.value()));
    } else if (json instanceof Json.Number number) {
      return List.of(new Value(place, number.value()));
    } else if (json instanceof Json.Items items) {
      return IntStream.range(0, items.all().size())
          .mapToObj(i -> texts(items.all().get(i), place.item(items.all().get(i).line(), i)))
          .flatMap(List::stream)
          .toList();
    }
    return List.of();
  }

  /** The proxies of an array. */
  List<ApiProxy> proxies(String parameter, Findings findings) {
    return has(parameter) ? proxies(parameters.get(parameter), place(parameter), findings) : List.of();
  }

  private static List<ApiProxy> proxies(Json.Member member, Place place, Findings findings) {
    List<Json> all = ((Json.Items) member.value()).all();
    return IntStream.range(0, all.size())
        .mapToObj(i -> ApiProxy.read((Json.Members) all.get(i), place.item(all.get(i).line(), i), findings))
        .toList();
  }
}
