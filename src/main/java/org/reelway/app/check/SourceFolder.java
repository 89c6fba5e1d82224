package org.reelway.app.check;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads the YAML files of the routes or the kamelets folder; what cannot be read becomes a problem. */
final class SourceFolder {
  private final Path folder;
  private final boolean kamelets;

  private SourceFolder(Path folder, boolean kamelets) {
    this.folder = folder;
    this.kamelets = kamelets;
  }

  static SourceFolder ofRoutes(Path folder) {
    return new SourceFolder(folder, false);
  }

  static SourceFolder ofKamelets(Path folder) {
    return new SourceFolder(folder, true);
  }

  /** The files that parsed, in the order of their names; problems are added to the list. */
  List<RouteFile> read(List<RouteProblem> problems) {
    List<RouteFile> files = new ArrayList<>();
    List<Path> listed = list(problems);
    for (Path path : listed) {
      String name = path.getFileName().toString();
      if (name.endsWith(ending())) {
        parse(path, problems).ifPresent(files::add);
      } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
        problems.add(warning(path, "is not read: its name does not end in " + ending(),
            "name it " + name.replaceFirst("(\\.camel|\\.kamelet)?\\.ya?ml$", "") + ending()));
      }
    }
    if (!kamelets && listed.stream().noneMatch(p -> p.toString().endsWith(ending())) && Files.isDirectory(folder)) {
      problems.add(error(folder, 0, "holds no route: no file is named *" + ending(),
          "put routes there, or set the folder that holds them"));
    }
    return files;
  }

  private String ending() {
    return kamelets ? ".kamelet.yaml" : ".camel.yaml";
  }

  private List<Path> list(List<RouteProblem> problems) {
    if (kamelets && Files.notExists(folder)) {
      return List.of();
    }
    if (!Files.isDirectory(folder)) {
      problems.add(error(folder, 0, Files.exists(folder) ? "is not a folder" : "does not exist",
          "create the folder with *" + ending() + " in it, or set the folder that holds them"));
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      problems.add(error(folder, 0, "cannot be listed: " + e.getMessage(), "let this user read the folder"));
      return List.of();
    }
  }

  private Optional<RouteFile> parse(Path path, List<RouteProblem> problems) {
    try {
      Optional<YamlTree> tree = YamlTree.parse(Files.readString(path), path.toString());
      if (tree.isEmpty()) {
        problems.add(error(path, 0, "is empty", "write a route, or remove the file"));
        return Optional.empty();
      }
      return checked(path, tree.get(), problems);
    } catch (CharacterCodingException e) {
      problems.add(error(path, 0, "is not UTF-8 text", "save it as UTF-8"));
    } catch (IOException e) {
      problems.add(error(path, 0, "cannot be read: " + e.getMessage(), "let this user read the file"));
    } catch (MarkedYamlEngineException e) {
      problems.add(notYaml(path, e));
    } catch (YamlEngineException e) {
      problems.add(error(path, 0, "is not YAML: " + e.getMessage(), "correct the YAML"));
    }
    return Optional.empty();
  }

  private Optional<RouteFile> checked(Path path, YamlTree tree, List<RouteProblem> problems) {
    if (kamelets ? !tree.isMap() : !tree.isList()) {
      problems.add(error(path, tree.line(), kamelets ? "is not a map" : "is not a list",
          kamelets ? "begin with 'apiVersion: camel.apache.org/v1' and 'kind: Kamelet'" : "begin with '- route:'"));
      return Optional.empty();
    }
    if (tree.isEndless()) {
      problems.add(error(path, tree.line(), "has an alias (*) inside its own anchor (&)", "write the value out"));
      return Optional.empty();
    }
    RouteFile file = kamelets ? RouteFile.ofKamelet(path, tree) : RouteFile.ofRoutes(path, tree);
    List<RouteProblem> twice = tree.walk().flatMap(map -> duplicates(file, map).stream()).toList();
    problems.addAll(twice);
    return twice.isEmpty() ? Optional.of(file) : Optional.empty();
  }

  private static List<RouteProblem> duplicates(RouteFile file, YamlTree map) {
    Map<String, Integer> lines = new HashMap<>();
    List<RouteProblem> found = new ArrayList<>();
    for (YamlTree member : map.members()) {
      Integer first = lines.putIfAbsent(member.name(), member.line());
      if (first != null) {
        found.add(file.error(member.line(), "key '" + member.name() + "' is given twice, first in line " + first,
            "remove one of them"));
      }
    }
    return found;
  }

  private static RouteProblem notYaml(Path path, MarkedYamlEngineException e) {
    int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(0);
    int column = e.getProblemMark().map(m -> m.getColumn() + 1).orElse(0);
    boolean tab = e.getProblem().contains("'\\t'") || e.getProblem().contains("TAB");
    return error(path, line, "is not YAML (column " + column + "): " + e.getProblem().strip(),
        tab ? "indent with spaces, not with tabs" : "correct the indentation, quotes or colons there");
  }

  private static RouteProblem error(Path path, int line, String message, String fix) {
    return new RouteProblem(Severity.ERROR, path.toString(), line, "", "", message, fix);
  }

  private static RouteProblem warning(Path path, String message, String fix) {
    return new RouteProblem(Severity.WARNING, path.toString(), 0, "", "", message, fix);
  }
}
