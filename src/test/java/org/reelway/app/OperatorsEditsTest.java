package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.app.check.RouteProblem;
import org.reelway.settings.Settings;

/** A file of an operator's own beside the shipped routes, and what he gets wrong in it: {@code check} says where. */
class OperatorsEditsTest {
  private static final String FILE = """
      - route:
          id: vip-to-backup
          description: Streams of the application vip go to the backup, too.
          from:
            id: vip-streams
            uri: kamelet:stream-events/vip
            parameters:
              running: "true"
            steps:
              - filter:
                  id: vip-began
                  expression:
                    simple:
                      expression: "${header.StreamEvent} == 'started' && ${header.StreamApp} == 'vip'"
                  steps:
                    - setHeader:
                        id: why
                        name: Why
                        expression:
                          constant:
                            expression: vip
                    - filter:
                        id: routed
                        expression:
                          method:
                            ref: fanOut
                            method: mayGoTo
                        steps:
                          - to:
                              id: to-backup
                              uri: kamelet:relay
                              parameters:
                                destination: backup
                    - to:
                        id: record-vip
                        uri: kamelet:record
                        parameters:
                          folder: recordings/vip
                          rotation: "600"
                    - to:
                        id: tell
                        uri: direct:told
      - route:
          id: told
          description: Says what was sent.
          from:
            id: told-in
            uri: direct:told
            steps:
              - log:
                  id: say
                  message: "${header.StreamName} goes to the backup"
      - route:
          id: nightly
          description: Says each night that it is night.
          from:
            id: at-night
            uri: quartz:nightly
            parameters:
              cron: "{{operator.cron}}"
            steps:
              - log:
                  id: good-night
                  message: Good night
      """;

  @TempDir Path folder;

  /** @param tells line, route and the beginning of the message */
  record Edit(String from, String to, String tells) {
    @Override
    public String toString() {
      return from.strip() + " → " + to.strip();
    }
  }

  static Stream<Edit> edits() {
    return Stream.of(
        new Edit("uri: kamelet:relay\n", "uri: kamelet:relai\n",
            "31: route vip-to-backup, node to-backup: there is no kamelet 'relai': did you mean 'relay'?"),
        new Edit("destination: backup", "destinaton: backup",
            "33: route vip-to-backup, node to-backup: kamelet 'relay' has no parameter 'destinaton'"),
        new Edit("destination: backup", "destination: bakcup",
            "31: route vip-to-backup, node to-backup: no destination is named 'bakcup': did you mean 'backup'?"),
        new Edit("running: \"true\"", "running: \"yes\"",
            "8: route vip-to-backup, node vip-streams: the parameter 'running' of kamelet 'stream-events' is 'yes'"),
        new Edit("stream-events/vip", "stream-events/vip-to-backup",
            "6: route vip-to-backup, node vip-streams: 'vip-to-backup' in kamelet:stream-events/vip-to-backup is the id"),
        new Edit("stream-events/vip", "stream-events/fan-out", "6: route vip-to-backup, node vip-streams: "),
        new Edit("                          destination", "                        destination",
            "32: route vip-to-backup, node to-backup: parameters is nothing, not a map"),
        new Edit("              - to:\n                  id: tell", "             - to:\n                  id: tell",
            "40: is not YAML (column 14): "),
        new Edit("constant:", "konstant:",
            "19: route vip-to-backup, node why: expression needs one member of a set, and has konstant"),
        new Edit("${header.StreamName}", "${headr.StreamName}", "52: route told, node say: the expression is wrong"),
        new Edit("&& ${header", "& ${header", "14: route vip-to-backup, node vip-began: the expression is wrong"),
        new Edit("id: told\n", "id: nightly\n", "54: route nightly: route id 'nightly' is already that of FILE:44"),
        new Edit("id: say", "id: began-or-ended", "51: route told, node began-or-ended: step id 'began-or-ended' is already that of"),
        new Edit("uri: kamelet:relay\n", "uri: kamlet:relay\n",
            "31: route vip-to-backup, node to-backup: there is no component 'kamlet'"),
        new Edit("operator.cron", "operator.corn", "60: route nightly, node at-night: nothing defines {{operator.corn}}"),
        new Edit("{{operator.cron}}", "0 3 * * *", "60: route nightly, node at-night: the cron expression '0 3 * * *' is wrong"),
        new Edit("                  uri: direct:told\n", "                  uri: direct:tell\n",
            "42: route vip-to-backup, node tell: no route consumes direct:tell"),
        new Edit("quartz:nightly", "quartz:mixes/tell", "58: route nightly, node at-night: quartz:mixes/tell starts the route at"),
        new Edit("method: mayGoTo", "method: mayGoTwo",
            "27: route vip-to-backup, node routed: the bean has no method 'mayGoTwo'"),
        new Edit("folder: recordings/vip", "folder: vip", "36: route vip-to-backup, node record-vip: streams are recorded to "),
        new Edit("rotation: \"600\"", "rotation: \"6K\"", "39: route vip-to-backup, node record-vip: the parameter 'rotation' of kamelet 'record' is '6K'"),
        new Edit("ref: fanOut", "ref: fanout", "26: route vip-to-backup, node routed: there is no bean 'fanout'"),
        new Edit("      steps:\n        - log:\n            id: good-night\n            message: Good night\n", "",
            "56: route nightly, node at-night: from has no 'steps'"),
        new Edit("      steps:\n        - log:\n            id: good-night\n            message: Good night\n", "      steps: []\n",
            "53: route nightly: Camel cannot build it: Route nightly has no output processors"));
  }

  private void copyShipped(Predicate<String> wanted) throws IOException {
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.filter(each -> wanted.test(each.getFileName().toString())).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  private List<String> errors(String text) throws IOException {
    Files.writeString(folder.resolve("99-mine.camel.yaml"), text);
    Files.writeString(folder.resolve("p"), "operator.cron=0 0 3 * * ?\nreelway.routes.folder=" + folder + "\n"
        + "reelway.routing.destinations=backup=rtmp://127.0.0.1/live/{stream}\nreelway.store.bucket=recordings\n");
    Settings settings = Settings.load(folder.resolve("p"), Map.of(), Map.of());
    return RouteTrouble.look(settings, Path.of(".")).problems().stream().map(RouteProblem::toString).toList();
  }

  @ParameterizedTest
  @MethodSource("edits")
  void aWrongEditIsNamedByFileAndLine(Edit edit) throws IOException {
    // Beside those that have to do with it; all of them are read five times as long.
    copyShipped(Pattern.compile("(00|10|20|30|35|36|38)-.*").asMatchPredicate());
    String edited = FILE.replaceFirst(Pattern.quote(edit.from()), Matcher.quoteReplacement(edit.to()));
    assertThat(edited).isNotEqualTo(FILE);
    String file = folder.resolve("99-mine.camel.yaml").toString();

    assertThat(errors(edited)).anySatisfy(
        problem -> assertThat(problem).startsWith(file + ":" + edit.tells().replace("FILE", file)));
  }

  @Test
  void theFileItselfIsRightBesideAllThatAreShipped() throws IOException {
    copyShipped(any -> true);
    assertThat(errors(FILE)).isEmpty();
  }
}
