package org.reelway.app.check;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The folders that routes watch for recordings, as their files say; nothing is built or started for it. */
public final class RecordingRoutes {
  private RecordingRoutes() {}

  /**
   * @param routes holds {@code *.camel.yaml}
   * @param kamelets holds {@code *.kamelet.yaml}: an operator's own may watch a folder of its own
   * @param properties the settings that <code>{{…}}</code> may name
   * @return the folders whose names are known without running; files that cannot be read are passed over
   */
  public static List<Path> folders(Path routes, Path kamelets, Map<String, String> properties) {
    Placeholders placeholders = new Placeholders(properties);
    List<RouteProblem> unread = new ArrayList<>();
    return Stream.of(SourceFolder.ofRoutes(routes), SourceFolder.ofKamelets(kamelets))
        .flatMap(folder -> folder.read(unread).stream())
        .flatMap(file -> file.root().walk())
        .filter(tree -> tree.name().equals("from") && takesMarkers(tree.text("uri")))
        .flatMap(from -> from.get("parameters").stream())
        .flatMap(parameters -> Arrays.stream(placeholders.resolved(parameters.text("folder")).split(",")))
        .map(String::trim)
        .filter(name -> !name.isEmpty() && !name.contains("{{"))
        .flatMap(RecordingRoutes::path)
        .distinct()
        .toList();
  }

  private static boolean takesMarkers(String uri) {
    return uri.matches("(kamelet:recording-markers|reelway:(//)?markers)(/.*)?");
  }

  private static Stream<Path> path(String name) {
    try {
      return Stream.of(Path.of(name));
    } catch (InvalidPathException none) {
      return Stream.of();
    }
  }
}
