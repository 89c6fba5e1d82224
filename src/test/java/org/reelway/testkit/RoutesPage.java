package org.reelway.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** The parts of docs/routes.md that are made from files: pictures of the shipped flows, and the recipes. */
public final class RoutesPage {
  public static final Path FILE = Path.of("docs", "routes.md");
  private static final Pattern MADE = Pattern.compile("(?s)<!-- (flow|recipe) (\\S+) -->\n```\\w*\n.*?\n```\n");
  private static final int COLUMN = 46;

  private RoutesPage() {}

  /** The page with those parts as the files are now. */
  public static String made() throws IOException {
    return MADE.matcher(Files.readString(FILE)).replaceAll(part -> Matcher.quoteReplacement(part(part.group(1), part.group(2))));
  }

  private static String part(String kind, String name) {
    try {
      String text = kind.equals("recipe") ? Files.readString(Path.of("docs", "examples", name)) : picture(Path.of("routes", name));
      return "<!-- " + kind + " " + name + " -->\n```" + (kind.equals("recipe") ? "yaml" : "") + "\n" + text + "```\n";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Each route with its steps, a line for each, by their ids. */
  private static String picture(Path file) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Object entry : (List<?>) new Yaml().load(Files.readString(file))) {
      if (((Map<?, ?>) entry).get("routeConfiguration") instanceof Map<?, ?> policy && policy.get("onException") instanceof List<?> all) {
        for (Object one : all) {
          Map<?, ?> failure = (Map<?, ?>) ((Map<?, ?>) one).get("onException");
          line(lines, 0, String.valueOf(failure.get("id")), "on " + String.join(", ", ((List<?>) failure.get("exception")).stream().map(String::valueOf).toList()));
          steps(lines, 1, failure.get("steps"));
        }
      }
      if (((Map<?, ?>) entry).get("route") instanceof Map<?, ?> route) {
        Map<?, ?> from = (Map<?, ?>) route.get("from");
        line(lines, 0, String.valueOf(route.get("id")), "from " + from.get("uri"));
        steps(lines, 1, from.get("steps"));
      }
    }
    return lines.toString();
  }

  private static void steps(StringBuilder lines, int depth, Object steps) {
    if (!(steps instanceof List<?> list)) {
      return;
    }
    for (Object step : list) {
      ((Map<?, ?>) step).forEach((kind, inner) -> {
        Map<?, ?> what = (Map<?, ?>) inner;
        line(lines, depth, String.valueOf(what.get("id")), words(String.valueOf(kind), what));
        steps(lines, depth + 1, what.get("steps"));
        branches(lines, depth + 1, "when", what.get("when"));
        branches(lines, depth + 1, "otherwise", what.get("otherwise"));
        branches(lines, depth + 1, "catch", what.get("doCatch"));
      });
    }
  }

  private static void branches(StringBuilder lines, int depth, String word, Object branches) {
    List<?> all = branches instanceof List<?> list ? list : branches == null ? List.of() : List.of(branches);
    for (Object one : all) {
      Map<?, ?> branch = (Map<?, ?>) one;
      line(lines, depth, String.valueOf(branch.get("id")), word);
      steps(lines, depth + 1, branch.get("steps"));
    }
  }

  private static String words(String kind, Map<?, ?> what) {
    return switch (kind) {
      case "to", "toD" -> "→ " + what.get("uri");
      case "bean" -> "bean " + what.get("ref") + "." + String.valueOf(what.get("method")).replaceAll("\\(.*", "");
      case "setHeader", "setProperty" -> kind + " " + what.get("name");
      default -> kind;
    };
  }

  private static void line(StringBuilder lines, int depth, String id, String words) {
    String left = "  ".repeat(depth) + id;
    lines.append(left).append(" ".repeat(Math.max(1, COLUMN - left.length()))).append(words).append('\n');
  }
}
