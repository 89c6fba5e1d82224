package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.Finished;
import org.reelway.testkit.Ffprobe;
import org.reelway.testkit.HttpCalls;

/** {@code reelway demo live}, as a new user runs it. */
class LiveDemoIT {
  @TempDir Path folder;

  private static String fact(String out, String name) {
    Matcher matcher = Pattern.compile("(?m)^  " + name + " +(\\S+)").matcher(out);
    assertThat(matcher.find()).as("%s in:%n%s", name, out).isTrue();
    return matcher.group(1);
  }

  /** Of processes whose arguments name the folder, and of their children. */
  private static List<String> programs(Path folder) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::info)
        .map(info -> info.commandLine().orElse(""))
        .filter(line -> line.contains(folder.toString()) && line.contains("ffmpeg "))
        .toList();
  }

  @Test
  void aStreamIsLiveIsSplitAndIsArchivedAndTheVerdictSaysSo() throws IOException {
    Path demo = folder.resolve("demo");
    Finished run =
        ChildReelway.command(folder, "demo", "live", "--folder", demo.toString(), "--seconds", "18").finish();

    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .containsPattern("(?m)^  live +http://127\\.0\\.0\\.1:\\d+/watch/live/\\S+\\.m3u8, [0-9.]+ s after")
        .containsPattern("(?m)^  plays at +http://127\\.0\\.0\\.1:\\d+/player\\?stream=[0-9a-f]{32}$")
        .containsPattern("(?m)^  split +seconds 2 to 12 while it is live: \\S+/index_demo_0\\.m3u8, [34] segments, 1[0-9]\\.\\d s$")
        .containsPattern("(?m)^ +[0-9,]+  _1\\d{8}T\\d{6}\\.000000\\.ts$")
        .containsPattern("(?m)^ +[0-9,]+  index\\.m3u8$")
        .containsPattern("✔ the stream was live, was split, and is archived: 1[4-9]\\.\\d s in [4-6] segments\n$")
        .doesNotContain("\u001b", "\r");
    String archive = fact(run.out(), "archive").substring("s3://".length());
    try (Stream<Path> files = Files.walk(demo.resolve("store").resolve(archive))) {
      Path first = files.filter(file -> file.toString().endsWith("000000.ts")).findFirst().orElseThrow();
      assertThat(Ffprobe.codecs(first)).contains("h264", "aac");
    }
    assertThat(programs(folder)).isEmpty();
  }

  @Test
  void keptItPlaysUntilItIsStoppedAndLeavesNothingRunning() throws IOException {
    Path demo = folder.resolve("demo");
    try (ChildReelway child =
        ChildReelway.command(folder, "demo", "live", "--keep", "--folder", demo.toString()).start()) {
      child.await("it stays", () -> child.out().contains("It stays live until Ctrl-C"));
      URI playlist = URI.create(fact(child.out(), "live").replace(",", ""));
      assertThat(new HttpCalls(playlist).get(playlist.getPath()).body()).startsWith("#EXTM3U");
      URI page = URI.create(fact(child.out(), "plays at"));
      assertThat(new HttpCalls(page).get(page.getPath()).status()).isEqualTo(200);
      String stream = new HttpCalls(page).get("/streams/" + page.getQuery().substring("stream=".length())).body();
      String key = stream.replaceAll("(?s).*\"rtmp1\" ?: ?\"[^\"]*/([^\"/]+)\".*", "$1");
      assertThat(key).hasSizeGreaterThan(10);
      assertThat(programs(folder)).isNotEmpty().noneMatch(line -> line.contains(key));

      child.terminate();
      child.awaitExit();
      assertThat(child.err()).as("nothing has to be forced").doesNotContain("WARN", "ERROR", "Exception");
    }
    assertThat(programs(folder)).isEmpty();
  }

  @Test
  void aLengthThatIsNotPossibleIsRefused() {
    Finished run = ChildReelway.command(folder, "demo", "live", "--seconds", "9", "--folder", "demo").finish();

    assertThat(run).isEqualTo(new Finished(2, "", "reelway: --seconds is 9; allowed are 16 to 3600\n"));
  }
}
