package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.Finished;
import org.reelway.testkit.Recordings;

/** {@code reelway demo}, as a new user runs it. */
class DemoIT {
  @TempDir Path folder;

  private static Stream<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList().stream();
    }
  }

  private static String fact(String out, String name) {
    Matcher matcher = Pattern.compile("(?m)^  " + name + " +(\\S+)").matcher(out);
    assertThat(matcher.find()).as("%s in:%n%s", name, out).isTrue();
    return matcher.group(1);
  }

  @Test
  void aRealRecordingReachesAStoreAndTheVerdictSaysSo() throws IOException {
    Path demo = folder.resolve("demo");
    Finished run = ChildReelway.command(folder, "demo", "--folder", demo.toString(), "--size", "20").finish();

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .containsPattern("(?m)^  recording +[█░]{28} ")
        .containsPattern("(?m)^  sending +█{28} .* MiB  part (\\d+) of \\1  .*MiB/s")
        .containsPattern("(?m)^  recorded +camera1-\\d+\\.mp4: .* MiB, \\d+ s, h264/aac$")
        .containsPattern("(?m)^  verified +crc32c:\\S+  in [2-9] parts$")
        .containsPattern("(?m)^  left +\\d{2,3} MB in \\S+/demo; delete it")
        .contains("the object's SHA-256 equals the file's")
        .containsPattern("✔ camera1-\\d+\\.mp4 is a verified object, [0-9.]+ s after its marker\n$")
        .doesNotContain("\u001b", "\r");
    assertThat(fact(run.out(), "metrics")).matches("http://127\\.0\\.0\\.1:\\d+/observe/metrics");
    assertThat(fact(run.out(), "health")).matches("http://127\\.0\\.0\\.1:\\d+/observe/health");
    assertThat(fact(run.out(), "JMX")).matches("http://127\\.0\\.0\\.1:\\d+/observe/jolokia");

    Path recording = filesIn(demo.resolve("recordings")).filter(file -> !file.endsWith(".reelway.lock")).reduce((one, other) -> null).orElseThrow();
    assertThat(filesIn(demo.resolve("store"))).anySatisfy(
        object -> assertThat(Recordings.bytes(object)).isEqualTo(Recordings.bytes(recording)));
    assertThat(filesIn(folder.resolve("home"))).isEmpty();
    assertThat(filesIn(folder.resolve("tmp"))).isEmpty();
    assertThat(filesIn(folder).filter(file -> !file.startsWith(demo)).map(file -> file.getFileName().toString()))
        .containsExactlyInAnyOrder("demo-1.out", "demo-1.err");
  }

  @Test
  void keptItAnswersUntilItIsStoppedAndNotLonger() throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    URI story;
    Path demo = folder.resolve("demo");
    try (ChildReelway child =
        ChildReelway.command(folder, "demo", "--keep", "--folder", demo.toString(), "--size", "10").start()) {
      child.await("it stays", () -> child.out().contains("It stays until Ctrl-C"));
      story = URI.create(fact(child.out(), "story"));
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(story).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"state\" : \"done\"");
      child.terminate();
      child.awaitExit();
      assertThat(child.err()).as("nothing has to be forced").doesNotContain("WARN", "ERROR");
    }
    assertThatThrownBy(() -> client.send(HttpRequest.newBuilder(story).build(), HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void aSizeThatIsNotPossibleIsRefused() {
    Finished run = ChildReelway.command(folder, "demo", "--size", "9", "--folder", "demo").finish();

    assertThat(run).isEqualTo(new Finished(2, "", "reelway: --size is 9; allowed are 10 to 1000 megabytes\n"));
  }
}
