package org.reelway.settings.imports;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.reelway.failure.InputFailure;
import org.reelway.settings.imports.WowzaApplication.Property;

/** Makes settings of a Wowza application that uses the S3 upload module. */
public final class WowzaImport {
  private static final String FOLDER = "reelway.recordings.folder";

  private WowzaImport() {}

  /**
   * @param home of the Wowza installation, which variables of the file stand for
   * @param given settings of the user's own, by key; they win
   * @throws InputFailure when the file is no Wowza application, does not use the module, or holds a value that cannot be
   */
  public static ImportedSettings read(Path applicationXml, Path home, Map<String, String> given) {
    WowzaApplication application = WowzaApplication.read(applicationXml);
    ImportedSettings settings = new ImportedSettings(given);
    WowzaProperties properties = new WowzaProperties(variables(application, home));
    Set<String> known = new TreeSet<>();
    for (Counterpart<Property> counterpart : properties.all()) {
      known.addAll(counterpart.names());
      counterpart.names().stream().map(application::property).flatMap(Optional::stream)
          .filter(property -> !property.value().isEmpty())
          .reduce((first, last) -> last)
          .ifPresent(property -> counterpart.step().apply(property, settings));
    }
    unknown(application, known, settings);
    if (!settings.has(FOLDER) && !application.storageDir().isEmpty()) {
      settings.set(FOLDER, properties.resolved(application.storageDir(), FOLDER, settings), "StorageDir");
    }
    defaults(settings);
    return settings;
  }

  private static void unknown(WowzaApplication application, Set<String> known, ImportedSettings settings) {
    List<Property> ours =
        application.properties().stream().filter(property -> property.name().startsWith("s3Upload")).toList();
    if (ours.isEmpty()) {
      throw new InputFailure(
          "the application " + application.name() + " has no property of the S3 upload module (s3Upload…): there is"
              + " nothing to import");
    }
    ours.stream()
        .filter(property -> !known.contains(property.name()))
        .forEach(property -> settings.note("line " + property.line() + ": " + property.name()
            + " is no property that the module is known to have; nothing is set for it"));
  }

  /** Where the module's default is another one than ours, it is said, so that nothing changes by the move. */
  private static void defaults(ImportedSettings settings) {
    if (settings.get("reelway.transfer.on-existing").equals("version")
        && !settings.has("reelway.transfer.strip-recorder-version")) {
      settings.set("reelway.transfer.strip-recorder-version", "true", "the module's default");
    }
    if (!settings.has("reelway.transfer.retry-max")) {
      settings.set("reelway.transfer.retry-max", "1m", "the module's default");
    }
  }

  /** {@code com.wowza.wms.context.*}, as Wowza's documentation of variables lists them. */
  private static Map<String, String> variables(WowzaApplication application, Path home) {
    String prefix = "com.wowza.wms.";
    return Map.of(
        prefix + "AppHome", home.toString(),
        prefix + "ConfigHome", home.toString(),
        prefix + "context.VHostConfigHome", home.toString(),
        prefix + "context.Application", application.name(),
        prefix + "context.VHost", "_defaultVHost_",
        prefix + "context.ApplicationInstance", "_definst_");
  }
}
