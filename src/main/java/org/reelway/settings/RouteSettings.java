package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;

/** {@code reelway.routes.*}: where the flow is read from. */
public final class RouteSettings {
  public static final Setting<Path> FOLDER = Setting.of(
      "reelway.routes.folder", Folders.PATH, "routes",
      "Folder with the routes, *.camel.yaml. All of them are loaded, at start only.");
  public static final Setting<Path> KAMELETS = Setting.of(
      "reelway.routes.kamelets", Folders.PATH, "kamelets",
      "Folder with the kamelets that routes place, *.kamelet.yaml.");

  static final Setting.Group GROUP =
      new Setting.Group("Routes", "Where the flow is read from.", List.of(FOLDER, KAMELETS));

  private RouteSettings() {}
}
