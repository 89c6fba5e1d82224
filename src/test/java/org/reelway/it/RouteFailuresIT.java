package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.TestStore;

/** Routes of an operator's own that carry no recording fail, and nothing is written for it: routes/00-errors is the policy. */
class RouteFailuresIT {
  private static final int MANY = 40;

  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void start() throws IOException {
    store = TestStore.start(folder.resolve("store"));
    Files.createDirectories(folder.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.copy(file, folder.resolve("routes").resolve(file.getFileName()));
      }
    }
  }

  @AfterEach
  void stop() {
    store.close();
  }

  /** The shipped routes and these. Each step {@code DONE name} writes a byte to that file. */
  private ChildReelway startWith(String routes) throws IOException {
    Files.writeString(folder.resolve("routes/99-own.camel.yaml"), routes.replaceAll("DONE ([a-z]+)",
        "to: {uri: \"file:" + folder.resolve("done") + "\", parameters: {fileName: $1, fileExist: Append}}"));
    return ChildReelway.sidecar(folder, store.endpoint())
        .set("reelway.routes.folder", folder.resolve("routes"))
        .startReady();
  }

  private long done(String name) throws IOException {
    Path file = folder.resolve("done").resolve(name);
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private static List<String> lines(ChildReelway child, String text) {
    return child.err().lines().filter(line -> line.contains(text)).toList();
  }

  private static long traces(ChildReelway child) {
    return child.err().lines().filter(line -> line.startsWith("\tat ") && line.contains("ThrowExceptionProcessor.process")).count();
  }

  @Test
  void aTickGoesOnWithItsNextTimeAndIsSaidOnce() throws IOException {
    try (ChildReelway child = startWith("""
        - route:
            id: own-tick
            from:
              uri: timer:own-tick
              parameters: {delay: 0, period: 20}
              steps:
                - setBody: {constant: "."}
                - to: direct:own-part
                - DONE never
        - route:
            id: own-part
            from:
              uri: direct:own-part
              steps:
                - DONE ticks
                - throwException: {exceptionType: java.lang.IllegalStateException, message: broken tick}
        - route:
            id: own-report
            from:
              uri: quartz:own/report
              parameters: {trigger.repeatCount: "-1", trigger.repeatInterval: "20"}
              steps:
                - setBody: {constant: "."}
                - DONE reports
                - throwException: {exceptionType: org.reelway.failure.DestinationFailure, message: the mail server is away}
        """)) {
      child.await("ticks go on", () -> done("ticks") > MANY && done("reports") > MANY);

      assertThat(lines(child, "broken tick")).hasSize(2)
          .first().asString().contains("ERROR", "the route own-part failed (ours)", "goes on with its next time");
      assertThat(lines(child, "the mail server is away")).singleElement().asString()
          .contains("WARN", "the route own-report failed (destination)");
      assertThat(traces(child)).isEqualTo(1);
      assertThat(done("never")).isZero();
      child.terminate();
      assertThat(child.awaitExit()).isEqualTo(143);
      // Schedules end before what they use.
      assertThat(lines(child, " ERROR ")).hasSize(1);
    }
  }

  @Test
  void aRequestIsAnsweredWithTheFailuresClassAndNothingOfTheInside() throws IOException {
    try (ChildReelway child = startWith("""
        - route:
            id: own-broken
            from:
              uri: platform-http:/own/broken
              steps:
                - to: direct:own-part
        - route:
            id: own-part
            from:
              uri: direct:own-part
              steps:
                - throwException: {exceptionType: java.lang.IllegalStateException, message: the secret inside}
        - route:
            id: own-away
            from:
              uri: platform-http:/own/away
              steps:
                - removeHeaders: {pattern: "*"}
                - to: "http://127.0.0.1:1/there?password=hidden"
        - route:
            id: own-wrong
            from:
              uri: platform-http:/own/wrong
              steps:
                - throwException: {exceptionType: org.reelway.failure.InputFailure, message: there is no room 7}
        """)) {
      HttpCalls http = child.http();
      for (int i = 0; i < MANY; i++) {
        told(http.get("/own/broken"), 500, "ours", "the request could not be handled; the log tells why");
        told(http.get("/own/away"), 503, "destination", "what this request needs is away or refuses; the log tells more");
        told(http.get("/own/wrong"), 422, "input", "there is no room 7");
      }
      assertThat(http.get("/own/away").header("Retry-After")).isEqualTo("10");

      assertThat(lines(child, "the secret inside")).hasSize(2);
      assertThat(lines(child, "the route own-away failed (destination)")).hasSize(1);
      assertThat(lines(child, "the route own-wrong failed (input)")).hasSize(1);
      assertThat(traces(child)).isEqualTo(1);
      assertThat(child.err()).doesNotContain("hidden");
    }
  }

  @Test
  void aBodyThatIsNotWhatTheRouteWantsIsTheAskersFault() throws IOException {
    try (ChildReelway child = startWith("""
        - route:
            id: own-json
            from:
              uri: platform-http:/own/json
              steps:
                - unmarshal: {json: {library: Jackson, unmarshalType: java.util.Map}}
                - validate: {simple: "${body[room]} != null"}
                - setBody: {simple: "${body[room]}"}
        """)) {
      HttpCalls http = child.http();
      for (int i = 0; i < MANY; i++) {
        told(http.post("/own/json", "application/json", "{\"room\": "), 422, "input", "the body is not JSON: ");
        told(http.post("/own/json", "application/json", "[7]"), 422, "input", "the body's JSON is not what is wanted: ");
        told(http.post("/own/json", "application/json", "{}"), 422, "input", "Validation failed for Predicate[bodyOgnl([room]) != null]");
      }
      assertThat(http.post("/own/json", "application/json", "{\"room\": \"seven\"}").body()).isEqualTo("seven");

      assertThat(lines(child, "the route own-json failed (input)")).singleElement().asString().contains(" WARN ");
      assertThat(lines(child, " ERROR ")).isEmpty();
      assertThat(child.err()).doesNotContain("\tat ");
    }
  }

  @Test
  void aSourceThatFailsIsSaidOnceAndGoesOn() throws IOException {
    Path inbox = folder.resolve("not-there-yet");
    try (ChildReelway child = startWith("""
        - route:
            id: own-source
            from:
              uri: "file:%s"
              parameters: {delay: 20, initialDelay: 0, autoCreate: false, directoryMustExist: true}
              steps:
                - DONE files
        - route:
            id: own-tick
            from:
              uri: timer:own-tick
              parameters: {delay: 0, period: 20}
              steps:
                - setBody: {constant: "."}
                - DONE ticks
        """.formatted(inbox))) {
      child.await("the source fails again and again", () -> done("ticks") > MANY);
      Files.createDirectories(inbox);
      Files.writeString(inbox.resolve("a.txt"), ".");
      child.await("it goes on", () -> done("files") == 1);

      assertThat(lines(child, "the source file:")).singleElement().asString()
          .contains("failed (", inbox.toString(), "it is tried again");
      assertThat(traces(child)).isZero();
    }
  }

  private static void told(HttpCalls.Answer answer, int status, String failureClass, String error) {
    JsonNode json = answer.json();
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(json.path("class").asText()).isEqualTo(failureClass);
    assertThat(json.path("error").asText()).startsWith(error).doesNotContain("Exchange[");
  }

  @Test
  void anEventGoesBackToWhereItCameFromAndComesAgain() throws IOException {
    Files.createDirectories(folder.resolve("inbox"));
    Files.writeString(folder.resolve("inbox/a.txt"), ".");
    try (ChildReelway child = startWith("""
        - route:
            id: own-inbox
            from:
              uri: "file:%s"
              parameters: {delay: 20, initialDelay: 0}
              steps:
                - to: direct:own-part
        - route:
            id: own-part
            from:
              uri: direct:own-part
              steps:
                - DONE files
                - throwException: {exceptionType: java.lang.IllegalStateException, message: broken file}
        """.formatted(folder.resolve("inbox")))) {
      child.await("it comes again", () -> done("files") > MANY);

      assertThat(folder.resolve("inbox/a.txt")).exists();
      assertThat(lines(child, " ERROR ")).singleElement().asString()
          .contains("the route own-part failed (ours): ", "broken file", "it goes back to where it came from");
      assertThat(lines(child, " WARN ")).isEmpty();
      assertThat(traces(child)).isEqualTo(1);
    }
  }

  @Test
  void aRouteThatHasAPolicyOfItsOwnKeepsIt() throws IOException {
    try (ChildReelway child = startWith("""
        - route:
            id: own-dead-letter
            errorHandler:
              deadLetterChannel: {deadLetterUri: direct:own-dead}
            from:
              uri: platform-http:/own/dead-letter
              steps:
                - throwException: {exceptionType: java.lang.IllegalStateException, message: broken}
        - route:
            id: own-dead
            from:
              uri: direct:own-dead
              steps:
                - setBody: {constant: "told by the route itself"}
        - route:
            id: own-on-exception
            from:
              uri: platform-http:/own/on-exception
              steps:
                - onException:
                    exception: [java.lang.Exception]
                    handled: {constant: "true"}
                    steps:
                      - setBody: {constant: "told by the route itself"}
                - throwException: {exceptionType: java.lang.IllegalStateException, message: broken}
        """)) {
      assertThat(child.http().get("/own/dead-letter").body()).isEqualTo("told by the route itself");
      assertThat(child.http().get("/own/on-exception").body()).isEqualTo("told by the route itself");
    }
  }
}
