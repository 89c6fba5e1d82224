package org.reelway.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An example of docs/examples, put where its first lines say, as an operator would. */
public final class Recipe {
  private static final Path EXAMPLES = Path.of("docs/examples");
  private static final Pattern PLACE =
      Pattern.compile("Steps for routes/(\\S+), (before|instead of) the step \"(\\S+)\"\\.");

  private Recipe() {}

  /** The shipped routes in a folder of one's own. */
  public static Path shippedRoutes(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  /** Adds the file to the routes, or its steps to the file that it names. */
  public static void add(String example, Path routes) throws IOException {
    Path file = EXAMPLES.resolve(example);
    if (example.endsWith(".camel.yaml")) {
      Files.copy(file, routes.resolve(example), StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    Matcher place = PLACE.matcher(Files.readString(file).replace("\n# ", " "));
    if (!place.find()) {
      throw new AssertionError(file + " does not say where its steps belong");
    }
    Path target = routes.resolve(place.group(1));
    List<String> lines = new ArrayList<>(Files.readAllLines(target));
    int id = lines.stream().map(String::strip).toList().indexOf("id: " + place.group(3));
    if (id < 0) {
      throw new AssertionError(target + " has no step " + place.group(3));
    }
    int from = id - 1;
    while (!lines.get(from).startsWith("- ", indent(lines.get(id)) - 4)) {
      from--;
    }
    int margin = indent(lines.get(from));
    if (place.group(2).equals("instead of")) {
      lines.remove(from);
      while (from < lines.size() && indent(lines.get(from)) > margin) {
        lines.remove(from);
      }
    }
    lines.addAll(
        from, Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).map(line -> " ".repeat(margin) + line).toList());
    Files.write(target, lines);
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }
}
