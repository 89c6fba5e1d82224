package org.reelway.settings.imports;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.ForeignJson;
import org.reelway.failure.InputFailure;
import org.reelway.settings.MessageText;
import org.reelway.settings.imports.EvoStreamPlugins.Parameter;
import org.reelway.settings.imports.EvoStreamPlugins.Plugin;

/**
 * Makes settings of the {@code plugins.json} of the EvoStream web services, {@code {<plugin>: {"plugin_switch": "enabled" |
 * "disabled", "parameters": {...}}}}.
 *
 * @see <a href="https://github.com/EvoStream/evowebservices">the web services</a>
 */
public final class EvoStreamImport {
  /** With comments, and with a comma behind the last entry, which the shipped files have. */
  private static final JsonMapper JSON =
      ForeignJson.reader()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final ImportedSettings settings;

  private EvoStreamImport(ImportedSettings settings) {
    this.settings = settings;
  }

  /**
   * @param given settings of the user's own, by key; they win, and what they say is not missed in the file
   * @throws InputFailure when the file is no such file, or a plugin is neither enabled nor disabled
   */
  public static ImportedSettings read(Path file, Map<String, String> given) {
    JsonNode plugins = json(file);
    if (!plugins.isObject() || plugins.isEmpty()) {
      throw new InputFailure(file + " should hold {\"<plugin>\": {\"plugin_switch\": ..., \"parameters\": {...}}}");
    }
    EvoStreamImport reading = new EvoStreamImport(new ImportedSettings(given));
    List<Plugin> enabled =
        plugins.properties().stream().flatMap(entry -> reading.plugin(entry.getKey(), entry.getValue()).stream()).toList();
    enabled.forEach(reading::complete);
    return reading.settings;
  }

  private static JsonNode json(Path file) {
    if (file.toString().endsWith(".ini")) {
      throw new InputFailure(
          file + " belongs to the PHP web services; write its sections as a plugins.json (docs/evostream.md)");
    }
    try {
      return JSON.readTree(Files.readString(file).replaceFirst("^\uFEFF", ""));
    } catch (NoSuchFileException e) {
      throw new InputFailure(file + " is not there; name the plugins.json of the EvoStream web services", e);
    } catch (CharacterCodingException e) {
      throw new InputFailure(file + " is not UTF-8 text; save it as UTF-8", e);
    } catch (JsonProcessingException e) {
      // Its words are left out: they quote what they stumble over, which may be a secret.
      JsonLocation at = e.getLocation();
      throw new InputFailure(file + (at == null ? "" : ":" + at.getLineNr()) + " is no JSON that can be read"
          + (at == null ? "" : ", at column " + at.getColumnNr())
          + "; look for a quote, comma or bracket that is missing there or before, or a name that is given twice");
    } catch (IOException e) {
      throw new InputFailure(file + " cannot be read: " + e, e);
    }
  }

  /** @return the plugin, where it is one that is enabled and something takes its place */
  private Optional<Plugin> plugin(String name, JsonNode block) {
    Optional<Plugin> known =
        EvoStreamPlugins.ALL.stream().filter(plugin -> isEnabled(name, block) && plugin.name().equals(name)).findFirst();
    if (known.isPresent()) {
      read(known.get(), block.path("parameters"));
    } else if (!EvoStreamPlugins.names().contains(name)) {
      settings.note(name + " is no plugin that is known; the nearest is " + MessageText.nearest(name, EvoStreamPlugins.names()));
    } else if (isEnabled(name, block)) {
      settings.note(name + " is not taken over: " + EvoStreamPlugins.NOT_TAKEN.get(name));
    }
    return known;
  }

  private static boolean isEnabled(String name, JsonNode block) {
    String given = block.path("plugin_switch").asText();
    if (!given.equals("enabled") && !given.equals("disabled")) {
      throw new InputFailure(
          name + ".plugin_switch is " + MessageText.quoted(given) + "; allowed is \"enabled\" or \"disabled\"");
    }
    return given.equals("enabled");
  }

  private void read(Plugin plugin, JsonNode parameters) {
    List<String> names = plugin.parameters().stream().flatMap(each -> each.names().stream()).toList();
    parameters.properties().stream().filter(each -> !names.contains(each.getKey()))
        .forEach(each -> settings.note(plugin.name() + "." + each.getKey() + " is no parameter of the plugin; the nearest is "
            + MessageText.nearest(each.getKey(), names)));
    for (Counterpart<Parameter> counterpart : plugin.parameters()) {
      for (String name : counterpart.names()) {
        Parameter parameter = new Parameter(plugin.name() + "." + name, parameters.path(name));
        if (!parameter.isEmpty()) {
          counterpart.step().apply(parameter, settings);
        }
      }
    }
  }

  private void complete(Plugin plugin) {
    plugin.beside().accept(settings);
    plugin.parameters().stream().flatMap(each -> each.keys().stream()).distinct()
        .filter(key -> !settings.has(key) && !EvoStreamPlugins.OPTIONAL.contains(key))
        .forEach(key -> settings.note(plugin.name() + " gives no " + key + ": set it"));
  }
}
