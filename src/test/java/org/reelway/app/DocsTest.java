package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/**
 * What README, SECURITY and docs/ name is there: files and headings of links, commands with their options, addresses of the API. Whether the
 * commands do what they say is tried by those that run them: StartWalkIT, LiveWalkIT, AwsCommandsIT, HawtioIT, PackagesIT, InitIT.
 */
class DocsTest {
  private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]+\\]\\(([^)\\s]+)\\)|!\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern COMMAND = Pattern.compile("(?:^|[`\\s|&(])(?:\\./|/opt/reelway/)?reelway ((?!\\||\\.|is |has |runs )[a-z][^`\n|&)]*)");
  private static final Pattern SHELL = Pattern.compile("(?s)```sh\n(.*?)```");
  private static final Pattern INLINE = Pattern.compile("`((?:\\./)?reelway [a-z][^`\n]*)`");
  private static final Pattern CALL =
      Pattern.compile("(?:http://127\\.0\\.0\\.1:(?:8090|8091)|\\$api)(/[^\\s'\"`)?]*)");

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(Stream.of(Path.of("README.md"), Path.of("SECURITY.md")), docs.filter(page -> page.toString().endsWith(".md"))).sorted().toList();
    }
  }

  /** As the renderers of Git hosts make them. */
  private static Set<String> anchors(Path page) throws IOException {
    return Files.readString(page).lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ +", "").toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        String to = link.group(1) != null ? link.group(1) : link.group(2);
        if (to.contains("://")) {
          continue;
        }
        String[] parts = to.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        boolean there = Files.exists(target);
        if (!there || parts.length == 2 && target.toString().endsWith(".md") && !anchors(target).contains(parts[1])) {
          broken.add(page + ": " + to);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyPageIsInTheIndex() throws IOException {
    String index = Files.readString(Path.of("docs", "README.md"));
    assertThat(pages()).filteredOn(page -> page.startsWith("docs") && !page.endsWith("README.md"))
        .allSatisfy(page -> assertThat(index).contains("(" + page.getFileName()));
  }

  private static List<String> commands(Path page) throws IOException {
    String text = Files.readString(page);
    List<String> found = new ArrayList<>();
    INLINE.matcher(text).results().map(match -> match.group(1)).forEach(found::add);
    SHELL.matcher(text).results().flatMap(match -> match.group(1).replace("\\\n", " ").lines())
        .map(line -> line.replaceFirst("\\s+#.*", "")).forEach(found::add);
    // Users, groups and services of that name, and alternatives in tables, are no commands.
    return found.stream().map(line -> line.replaceAll("(-[ug]|exec( -d)?) reelway ", "").replace("\\|", " ")).flatMap(line -> COMMAND.matcher(line).results().map(match -> match.group(1).strip())).toList();
  }

  @Test
  void everyCommandHasTheOptionsThatAreNamed() throws IOException {
    int seen = 0;
    List<String> wrong = new ArrayList<>();
    for (Path page : pages()) {
      for (String command : commands(page)) {
        // What is optional or left out in a table of commands.
        String[] words = command.replaceAll("[\\[\\]…]", " ").strip().split("\\s+(?=(?:[^']*'[^']*')*[^']*$)");
        try {
          CommandLineProgram.commandLine().parseArgs(words);
        } catch (CommandLine.UnmatchedArgumentException e) {
          wrong.add(page + ": reelway " + command + ": " + e.getMessage());
        } catch (CommandLine.ParameterException e) {
          // Named in a sentence, without what it is told of, or with a word in the place of a number.
        }
        seen++;
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(seen).isGreaterThan(50);
  }

  private static List<Pattern> addresses() throws IOException {
    List<String> paths = new ArrayList<>(List.of("/observe/health", "/observe/metrics", "/observe/jolokia", "/observe/health/ready",
        "/observe/health/live", "/openapi.json", "/dashboard/events"));
    try (Stream<Path> files = Files.list(Path.of("routes"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".camel.yaml")).toList()) {
        JsonNode entries = new ObjectMapper().valueToTree(new Yaml().load(Files.readString(file)));
        entries.findValues("rest").forEach(rest -> rest.findValues("path").forEach(path -> paths.add(path.asText())));
        entries.findValuesAsText("uri").stream().filter(uri -> uri.startsWith("platform-http:"))
            .forEach(uri -> paths.add(uri.substring("platform-http:".length()).replaceFirst("\\?.*", "")));
        entries.findValues("from").forEach(from -> paths.add(from.path("parameters").path("path").asText()));
      }
    }
    return paths.stream().map(path -> Pattern.compile(path.replaceAll("\\{[^}]+\\}", "[^/]+") + "/?.*")).toList();
  }

  @Test
  void everyCallHasAnAddressOfTheApi() throws IOException {
    List<Pattern> known = addresses();
    for (Path page : pages()) {
      Matcher call = CALL.matcher(Files.readString(page));
      while (call.find()) {
        String path = call.group(1).replaceAll("[.,;:]$", "");
        assertThat(known).as("%s: %s", page, path).anyMatch(each -> path.equals("/") || each.matcher(path).matches());
      }
    }
  }
}
