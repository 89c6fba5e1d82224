package org.reelway.app.check;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Streams are recorded to folders that a route watches for recordings; what comes to be elsewhere is never sent. */
final class RecordFolderRule {
  private RecordFolderRule() {}

  /** @param uses of all routes and kamelets */
  static List<RouteProblem> problems(List<EndpointUse> uses) {
    List<Path> watched = uses.stream().filter(use -> use.consumer() && is(use, "recording-markers", "markers"))
        .flatMap(use -> folders(use, ",")).toList();
    return uses.stream().filter(use -> is(use, "record", "record"))
        .flatMap(use -> folders(use, "\n").filter(folder -> watched.stream().noneMatch(folder::startsWith))
            .map(folder -> use.file().error(use.line(), "streams are recorded to " + folder + ", which no route watches",
                watched.isEmpty() ? "begin a route with kamelet:recording-markers"
                    : "name a folder in one of " + watched + ", or add its folder to reelway.recordings.folder")))
        .toList();
  }

  private static boolean is(EndpointUse use, String kamelet, String endpoint) {
    return use.isKamelet() ? use.kamelet().equals(kamelet) : use.scheme().equals("reelway") && use.path().equals(endpoint);
  }

  /** Those that are known without running. */
  private static Stream<Path> folders(EndpointUse use, String divider) {
    return Arrays.stream(use.parameters().getOrDefault("folder", "").split(divider)).map(String::strip)
        .filter(name -> !name.isEmpty() && !name.contains("{") && name.indexOf('\0') < 0)
        .map(name -> Path.of(name).toAbsolutePath().normalize());
  }
}
