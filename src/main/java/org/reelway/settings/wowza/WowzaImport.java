package org.reelway.settings.wowza;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.settings.wowza.WowzaApplication.Property;

/** Writes Reelway's settings from a Wowza application that uses the S3 upload module. */
public final class WowzaImport {
  private static final String FOLDER = "reelway.recordings.folder";

  private final Path home;

  /** @param home of the Wowza installation, which variables of the file stand for */
  public WowzaImport(Path home) {
    this.home = home;
  }

  /**
   * What an application becomes.
   *
   * @param file text of a settings file, with comments that say what each line was made from
   * @param secrets keys of secrets that the application holds and the text does not
   * @param notes what a person has to look at
   * @param settings all of them by key, secrets included; never shown
   */
  public record Imported(String file, List<String> secrets, List<String> notes, Map<String, String> settings) {
    @Override
    public String toString() {
      return "settings of " + settings.keySet();
    }
  }

  /**
   * @param withSecrets whether the text may hold them
   * @throws InputFailure when the file is no Wowza application, does not use the module, or holds a value that cannot be
   */
  public Imported read(Path applicationXml, boolean withSecrets) {
    WowzaApplication application = WowzaApplication.read(applicationXml);
    Translation translation = new Translation(variables(application));
    translate(application, translation);
    Set<String> secrets =
        Settings.all().stream().filter(Setting::secret).map(Setting::key).collect(Collectors.toSet());
    secrets.retainAll(translation.settings().keySet());
    String file = text(application, translation, withSecrets ? Set.of() : secrets);
    return new Imported(
        file, withSecrets ? List.of() : secrets.stream().sorted().toList(), List.copyOf(translation.notes()),
        Map.copyOf(translation.settings()));
  }

  private static void translate(WowzaApplication application, Translation translation) {
    Set<String> known = new TreeSet<>();
    for (Counterpart counterpart : Counterparts.all()) {
      known.addAll(counterpart.names());
      Optional<Property> given =
          counterpart.names().stream().map(application::property).flatMap(Optional::stream)
              .filter(property -> !property.value().isEmpty())
              .reduce((first, last) -> last);
      given.ifPresent(property -> counterpart.step().apply(property, translation));
    }
    unknown(application, known, translation);
    defaults(application, translation);
  }

  private static void unknown(WowzaApplication application, Set<String> known, Translation translation) {
    List<Property> ours =
        application.properties().stream().filter(property -> property.name().startsWith("s3Upload")).toList();
    if (ours.isEmpty()) {
      throw new InputFailure(
          "the application " + application.name() + " has no property of the S3 upload module (s3Upload…): there is"
              + " nothing to import");
    }
    ours.stream()
        .filter(property -> !known.contains(property.name()))
        .forEach(
            property ->
                translation.note(
                    "line " + property.line() + ": " + property.name() + " is no property that the module is known to"
                        + " have; nothing is set for it"));
  }

  /** Where the module's default is another one than ours, it is said, so that nothing changes by the move. */
  private static void defaults(WowzaApplication application, Translation translation) {
    if (!translation.has(FOLDER) && !application.storageDir().isEmpty()) {
      translation.set(FOLDER, translation.resolved(application.storageDir(), FOLDER), "StorageDir");
    }
    if ("version".equals(translation.settings().get("reelway.transfer.on-existing"))
        && !translation.has("reelway.transfer.strip-recorder-version")) {
      translation.set("reelway.transfer.strip-recorder-version", "true", "the module's default");
    }
    if (!translation.has("reelway.transfer.retry-max")) {
      translation.set("reelway.transfer.retry-max", "1m", "the module's default");
    }
  }

  /** {@code com.wowza.wms.context.*}, as Wowza's documentation of variables lists them. */
  private Map<String, String> variables(WowzaApplication application) {
    Map<String, String> variables = new HashMap<>();
    String prefix = "com.wowza.wms.";
    variables.put(prefix + "AppHome", home.toString());
    variables.put(prefix + "ConfigHome", home.toString());
    variables.put(prefix + "context.VHostConfigHome", home.toString());
    variables.put(prefix + "context.Application", application.name());
    variables.put(prefix + "context.VHost", "_defaultVHost_");
    variables.put(prefix + "context.ApplicationInstance", "_definst_");
    return variables;
  }

  private static String text(WowzaApplication application, Translation translation, Set<String> hidden) {
    StringBuilder text =
        new StringBuilder("# Made from the Wowza application \"" + application.name() + "\" by reelway import wowza.\n");
    translation.notes().forEach(note -> text.append("# Look at: ").append(oneLine(note)).append('\n'));
    translation.settings().forEach(
        (key, value) -> {
          text.append("\n# from ").append(translation.origin(key)).append('\n');
          text.append(hidden.contains(key) ? "# give it as environment variable: " + env(key) : key + "=" + escaped(value))
              .append('\n');
        });
    return text.toString();
  }

  private static String env(String key) {
    return Settings.all().stream().filter(setting -> setting.key().equals(key)).findFirst().orElseThrow().env();
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\r\\n]+", " ");
  }

  /** As {@link java.util.Properties} reads it. */
  private static String escaped(String value) {
    return oneLine(value).replace("\\", "\\\\");
  }
}
