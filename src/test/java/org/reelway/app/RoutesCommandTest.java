package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reelway routes} reads the flows from their files; nothing is started. */
class RoutesCommandTest {
  private static final String MINE = """
      - route:
          id: mine
          precondition: "{{reelway.live.on}}"
          description: Only with a live folder.
          from:
            uri: "ftp://me:a-password-never-shown@127.0.0.1/in?password=another-never-shown"
            steps:
              - choice:
                  id: which
                  when:
                    - expression: {simple: {expression: "${header.a} == 1"}}
                      steps:
                        - bean: {id: tell, ref: failures, method: "tell(${body})"}
                  otherwise:
                    steps:
                      - to: {id: on, uri: "http:127.0.0.1?token=never-shown"}
      - from:
          uri: timer:tick
          steps:
            - log: hello
      """;
  private static final String CALLS = """
      - rest:
          get:
            - {id: one, routeId: one, path: /mine, description: What is mine., to: "bean:mine?method=list"}
      - route:
          id: asked
          precondition: "${sys.user.name} == 'me'"
          from: {uri: "direct:asked"}
      """;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int routes(String... more) {
    List<String> words = new ArrayList<>(List.of("routes", "-s", "reelway.routes.folder=" + folder));
    words.addAll(List.of(more));
    return CommandLineProgram.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true))
        .execute(words.toArray(String[]::new));
  }

  private void write() throws IOException {
    Files.writeString(folder.resolve("70-mine.camel.yaml"), MINE);
    Files.writeString(folder.resolve("80-calls.camel.yaml"), CALLS);
  }

  @Test
  void eachRouteAndCallIsALine() throws IOException {
    write();

    assertThat(routes()).isZero();

    assertThat(out.toString()).isEqualTo("""
        file                 route  from                          steps  state                        description
        70-mine.camel.yaml   mine   ftp://me:xxxxxx@127.0.0.1/in  3      off                          Only with a live folder.
        70-mine.camel.yaml          timer:tick                    1      on
        80-calls.camel.yaml  one    GET /mine                     1      on                           What is mine.
        80-calls.camel.yaml  asked  direct:asked                  0      if ${sys.user.name} == 'me'
        """);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aRouteIsOnOnceItsPreconditionHolds() throws IOException {
    write();

    assertThat(routes("-s", "reelway.live.folder=live")).isZero();

    assertThat(out.toString()).containsPattern("(?m)mine .* 3 +on +Only");
  }

  @Test
  void whatOtherRolesDoIsOff() throws IOException {
    Files.writeString(folder.resolve("70-mine.camel.yaml"), MINE.replace("{{reelway.live", "{{reelway.roles.ingest}} && {{reelway.live"));
    Files.writeString(folder.resolve("80-calls.camel.yaml"), CALLS.replace("    get:", "    disabled: \"{{reelway.roles.no-api}}\"\n    get:"));

    assertThat(routes("-s", "reelway.live.folder=live")).isZero();
    assertThat(out.toString()).containsPattern("(?m)mine .* on +Only").containsPattern("GET /mine +1 +on ");

    out.getBuffer().setLength(0);
    assertThat(routes("-s", "reelway.live.folder=live", "-s", "reelway.roles=mixer,callbacks", "-s",
        "reelway.state.url=jdbc:postgresql://127.0.0.1/reelway")).isZero();
    assertThat(out.toString()).containsPattern("(?m)mine .* off +Only").containsPattern("GET /mine +1 +off ");
  }

  @Test
  void programsGetEveryStepWithoutQueries() throws IOException {
    write();

    assertThat(routes("--json")).isZero();

    JsonNode all = JsonMapper.builder().build().readTree(out.toString());
    assertThat(all.path("routes")).hasSize(4);
    assertThat(all.path("routes").path(0).path("line").asInt()).isEqualTo(1);
    assertThat(all.path("routes").path(0).path("steps").toString()).isEqualTo("[{\"id\":\"which\",\"kind\":\"choice\",\"what\":\"\"},"
        + "{\"id\":\"tell\",\"kind\":\"bean\",\"what\":\"failures.tell\"},{\"id\":\"on\",\"kind\":\"to\",\"what\":\"http:127.0.0.1\"}]");
    assertThat(out.toString()).doesNotContain("never-shown");
  }

  @Test
  void aFileThatCannotBeReadIsToldAndHidesNoOther() throws IOException {
    write();
    Files.writeString(folder.resolve("90-broken.camel.yaml"), "- route:\n\tid: x\n");

    assertThat(routes()).isEqualTo(1);

    assertThat(out.toString()).contains("GET /mine").doesNotContain("90-broken");
    assertThat(err.toString()).startsWith("reelway: " + folder.resolve("90-broken.camel.yaml") + ":2: ").contains("not with tabs");
  }

  @Test
  void aFolderThatIsNotThereIsTold() {
    folder = folder.resolve("nowhere");

    assertThat(routes()).isEqualTo(1);

    assertThat(err.toString()).contains("nowhere");
  }
}
