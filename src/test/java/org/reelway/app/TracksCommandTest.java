package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.Reelway;
import org.reelway.testkit.Ffmpeg;
import picocli.CommandLine;

class TracksCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theTracksArePrintedAsJson() throws Exception {
    Path file = folder.resolve("one.mp4");
    Ffmpeg.run(List.of("-v", "error", "-f", "lavfi", "-i", "color=s=64x48:r=10:d=1", file.toString()));

    assertThat(tracks(file)).isZero();
    assertThat(out.toString()).startsWith("[\n  {\n    \"durationInMS\": \"1000\",\n    \"trackEdits\": [\n");
  }

  @Test
  void exitCodesTellWhyNot() throws Exception {
    assertThat(tracks(folder.resolve("away.mp4"))).isEqualTo(64);
    assertThat(err.toString()).contains("away.mp4 is not there");
    assertThat(tracks(Files.writeString(folder.resolve("text.mp4"), "no film at all"))).isEqualTo(2);
    assertThat(err.toString()).contains("text.mp4 is no sound MP4");
    assertThat(tracks(folder)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theProgramPrintsTheSameWithoutItsCommandLineSetUp() throws Exception {
    Path file = folder.resolve("twelve.mp4");
    Ffmpeg.run(List.of("-v", "error", "-f", "lavfi", "-i", "color=s=64x48:r=10:d=1", file.toString()));
    tracks(file);

    Path classes = folder.resolve("classes");
    assertThat(program(classes, file)).isEqualTo(out.toString());
    assertThat(classes).content().contains("org.reelway.media.tracks").doesNotContain("picocli");
    assertThat(program(classes, folder.resolve("away.mp4"))).isEqualTo("reelway: " + folder.resolve("away.mp4")
        + " is not there; name a recording by its path\n");
    assertThat(classes).content().contains("picocli");
  }

  /** @return what it prints; the classes that it loads are in the file */
  private String program(Path classes, Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:file=" + classes, "-cp", System.getProperty("java.class.path"),
                Reelway.class.getName(), "tracks", file.toString())
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private int tracks(Path file) {
    CommandLine line = CommandLineProgram.commandLine();
    return line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute("tracks", file.toString());
  }
}
