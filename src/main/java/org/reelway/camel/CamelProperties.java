package org.reelway.camel;

import java.nio.file.Files;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.reelway.settings.CallbackSettings;
import org.reelway.settings.LiveSettings;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.QueueSettings;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.RouteSettings;
import org.reelway.settings.ServerSettings;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.settings.ShutdownSettings;

/** The settings as Camel and its routes have them. */
public final class CamelProperties {
  private CamelProperties() {}

  /** Of Camel's Main. */
  static Map<String, String> main(Settings settings, Path home) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("camel.main.routesIncludePattern", "file:" + real(routes(settings, home)) + "/*.camel.yaml");
    all.put("camel.component.kamelet.location", "file:" + kamelets(settings, home));
    all.put("camel.main.startupSummaryLevel", "Off");
    all.put("camel.main.autoConfigurationLogSummary", "false");
    all.put(
        "camel.main.shutdownTimeout", String.valueOf(Math.max(1, settings.get(ShutdownSettings.DRAIN_TIME).toSeconds())));
    all.put("camel.main.shutdownLogInflightExchangesOnTimeout", "false");
    all.put("camel.main.jmxEnabled", "true");
    all.put("camel.health.exposureLevel", "full");
    all.put("camel.metrics.enabled", "true");
    all.put("camel.metrics.binders", "jvm-memory,processor,uptime");
    // Counts by endpoint URI: an operator's URI can hold a secret, and dynamic ones never end.
    all.put("camel.metrics.enableExchangeEventNotifier", "false");
    // With several clients there is none that steps of aws2-s3 find by its type.
    all.put("camel.component.aws2-s3.amazonS3Client", "#" + StoreFeature.CLIENT);
    all.put("camel.component.aws2-s3.amazonS3Presigner", "#" + StoreFeature.PRESIGNER);
    all.putAll(placeholders(settings));
    return all;
  }

  /** What {@code {{…}}} in routes may name: the operator's own keys, and ours. */
  public static Map<String, String> placeholders(Settings settings) {
    Map<String, String> all = new LinkedHashMap<>(settings.others());
    all.putAll(settings.placeholders());
    // Quartz counts in milliseconds.
    all.put(
        "reelway.recordings.rescan-every-ms",
        String.valueOf(settings.get(RecordingSettings.RESCAN_EVERY).toMillis()));
    all.put(
        "reelway.servers.ask-every-ms", String.valueOf(settings.get(ServerSettings.ASK_EVERY).toMillis()));
    all.put("reelway.callbacks.events-on", String.valueOf(settings.isSet(CallbackSettings.EVENTS_URL)));
    all.put("reelway.servers.event-log-on", String.valueOf(settings.isSet(ServerSettings.EVENT_LOG)));
    all.put(
        "reelway.callbacks.link-expires-ms",
        String.valueOf(Optional.ofNullable(settings.get(CallbackSettings.LINK_EXPIRES)).map(Duration::toMillis).orElse(0L)));
    for (NodeSettings.Role role : NodeSettings.Role.values()) {
      boolean here = NodeSettings.has(settings, role);
      all.put("reelway.roles." + role.word(), String.valueOf(here));
      // A rest can be disabled, and has no precondition.
      all.put("reelway.roles.no-" + role.word(), String.valueOf(!here));
    }
    all.put("reelway.queue.on", String.valueOf(settings.isSet(QueueSettings.URL)));
    // A worker of the farm sends its mixes itself.
    all.put("reelway.transfer.on", String.valueOf(NodeSettings.sends(settings)));
    all.put("reelway.live.on", String.valueOf(settings.isSet(LiveSettings.FOLDER)));
    all.put("reelway.repair.look-every-ms", String.valueOf(RepairFeature.lookEvery(settings).toMillis()));
    return all;
  }

  /** @param home where relative folders are taken from when they are not in the working folder */
  public static Path routes(Settings settings, Path home) {
    return folder(settings, RouteSettings.FOLDER, home);
  }

  public static Path kamelets(Settings settings, Path home) {
    return folder(settings, RouteSettings.KAMELETS, home);
  }

  /** One that nobody set is taken from the program's home when the working folder has none. */
  private static Path folder(Settings settings, Setting<Path> setting, Path home) {
    Path folder = settings.get(setting);
    boolean here = settings.isSet(setting) || Files.isDirectory(folder);
    return here ? folder : home.resolve(folder);
  }

  /** Camel looks into no folder that is a link. */
  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException notThere) {
      return folder;
    }
  }
}
