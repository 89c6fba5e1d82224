package org.reelway.app.demo;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.reelway.settings.Settings;

/** Settings of a demo's sidecar: the same on every machine, no file and no variable of this one changes them. */
final class DemoSettings {
  static final String BUCKET = "recordings";
  static final String ACCESS_KEY = "demo";

  private DemoSettings() {}

  /** @param more that this demo alone has */
  static Settings of(Path folder, URI endpoint, String secretKey, Map<String, String> more) {
    Map<String, String> settings = new LinkedHashMap<>(more);
    settings.put("reelway.recordings.folder", folder.resolve("recordings").toString());
    settings.put("reelway.state.folder", folder.resolve("state").toString());
    settings.put("reelway.store.endpoint", endpoint.toString());
    settings.put("reelway.store.bucket", BUCKET);
    settings.put("reelway.store.access-key", ACCESS_KEY);
    settings.put("reelway.store.secret-key", secretKey);
    settings.put("reelway.http.port", "0");
    settings.put("reelway.management.port", "0");
    return Settings.load(null, Map.of(), settings, Set.of());
  }
}
