package org.reelway.settings.evostream;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.reelway.settings.Nearest;
import org.reelway.settings.Problem;

/**
 * The {@code plugins.json} of the EvoStream web services, {@code {<plugin>: {"plugin_switch": "enabled" | "disabled",
 * "parameters": {...}}}}, as settings.
 *
 * @param settings that follow from the enabled plugins
 * @see <a href="https://github.com/EvoStream/evowebservices">the web services</a>
 */
public record EvoStreamPlugins(List<Derived> settings, List<Problem> problems) {
  public EvoStreamPlugins {
    settings = List.copyOf(settings);
    problems = List.copyOf(problems);
  }

  /** @param own settings that the user gives himself, by key: what they say is not missed in the file */
  public static EvoStreamPlugins read(Path file, Map<String, String> own) {
    Findings findings = new Findings(file.toString());
    Derivation derivation = new Derivation(findings, own);
    JsonFile.read(file, findings).ifPresent(json -> plugins(json, derivation));
    return new EvoStreamPlugins(derivation.settings(), findings.problems());
  }

  private static void plugins(Json json, Derivation to) {
    if (!(json instanceof Json.Members object)) {
      to.problem(new Place(json.line(), ""), "is " + json.kind() + "; allowed: one object with the plugins");
      return;
    }
    List<Block> enabled = new ArrayList<>();
    for (Json.Member member : object.all()) {
      Optional<Plugin> plugin = Plugins.named(member.name());
      if (plugin.isPresent()) {
        Optional<Block> block = Block.read(plugin.get(), member, to.findings()).filter(Block::enabled);
        block.ifPresent(each -> plugin.get().step().apply(each, to));
        block.ifPresent(enabled::add);
      } else {
        other(member, to);
      }
    }
    Publishing.check(enabled, to);
  }

  /** The shipped files have some that nothing takes the place of, disabled. */
  private static void other(Json.Member member, Derivation to) {
    Place place = new Place(member.line(), member.name());
    String instead = Plugins.NOT_TAKEN.get(member.name());
    if (instead == null) {
      Set<String> known = new TreeSet<>(Plugins.names());
      to.problem(place, "is no plugin that is known; the nearest is " + Nearest.to(member.name(), known));
    } else if (Block.isEnabled(member)) {
      to.problem(place, "is not taken over: " + instead + "; set its plugin_switch to \"disabled\"");
    }
  }
}
