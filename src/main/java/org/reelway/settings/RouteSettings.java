package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;

/** {@code reelway.routes.*}: where the flow is read from. */
public final class RouteSettings {
  public static final Setting<Path> FOLDER = Setting.of(
      "reelway.routes.folder", Folders.PATH, "routes",
      "Folder with the routes, *.camel.yaml. All of them are loaded.");
  public static final Setting<Path> KAMELETS = Setting.of(
      "reelway.routes.kamelets", Folders.PATH, "kamelets",
      "Folder with the kamelets that routes place, *.kamelet.yaml.");

  public static final Setting<Boolean> RELOAD = Setting.of(
      "reelway.routes.reload", Types.BOOLEAN, "false",
      "Whether edited routes and kamelets are put into force while Reelway runs: they are checked first, and those before them run on"
          + " where they are wrong. Otherwise they are read at start only.");

  static final Setting.Group GROUP =
      new Setting.Group("Routes", "Where the flow is read from.", List.of(FOLDER, KAMELETS, RELOAD));

  private RouteSettings() {}
}
