package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;

/** {@code reelway.routes.*}: where the flow is read from. */
public final class RouteSettings {
  public static final Setting<Path> FOLDER = Setting.of(
      "reelway.routes.folder", new PathType(), "routes",
      "Folder with the routes, *.camel.yaml. All of them are loaded, at start only.");
  public static final Setting<Path> KAMELETS = Setting.of(
      "reelway.routes.kamelets", new PathType(), "kamelets",
      "Folder with the kamelets that routes place, *.kamelet.yaml.");

  static final SettingGroup GROUP =
      new SettingGroup("Routes", "Where the flow is read from.", List.of(FOLDER, KAMELETS));

  private RouteSettings() {}
}
