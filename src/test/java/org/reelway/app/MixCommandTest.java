package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.conference.mixer.MixProgress;
import org.reelway.testkit.Ffmpeg;
import picocli.CommandLine;

class MixCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theMixIsToldAndExitCodesAreThoseOfFlashphoner() throws Exception {
    Path file = folder.resolve("one.mp4");
    Ffmpeg.run(List.of("-v", "error", "-f", "lavfi", "-i", "color=s=64x48:r=10:d=1", file.toString()));
    Path config = Files.writeString(folder.resolve("m.json"),
        "{\"minAvailableSpace\": \"0\", \"mixerVideoWidth\": 64, \"mixerVideoHeight\": 64}");

    assertThat(mix(file, config, "3724973476", "1000", "multi-recorder://test")).isZero();
    assertThat(out.toString().strip()).isEqualTo(folder.resolve("one_mixed.mp4").toString());
    assertThat(mix(folder.resolve("away.mp4"), config)).isEqualTo(64);
    assertThat(mix(file, folder.resolve("away.json"))).isEqualTo(65);
    assertThat(mix(folder.resolve("one_mixed.mp4"), config)).as("a mix again").isEqualTo(2);
    Files.writeString(config, "{\"minAvailableSpace\": \"900000G\"}");
    assertThat(mix(file, config)).as("too little is free").isEqualTo(75);
    Files.writeString(config, "{\"hasVidio\": \"true\"}");
    assertThat(mix(file, config)).isEqualTo(2);
    assertThat(err.toString()).contains("the nearest is hasVideo");
  }

  @Test
  void whoIsToBeCalledBackIsLeftToTheSidecarAndWhereThatCannotBeItIsSaid() throws Exception {
    Path file = folder.resolve("one.mp4");
    Ffmpeg.run(List.of("-v", "error", "-f", "lavfi", "-i", "color=s=64x48:r=10:d=1", file.toString()));
    Path config = Files.writeString(folder.resolve("m.json"),
        "{\"minAvailableSpace\": \"0\", \"mixerVideoWidth\": 64, \"mixerVideoHeight\": 64, \"callbackUrl\": \"https://b/c?key=top\"}");
    Path state = Files.createDirectories(folder.resolve("state"));
    Files.createSymbolicLink(state.resolve("ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
    String[] more = {"3724973476", "1000", "multi-recorder://test"};

    assertThat(mixBy(state, file, config, "reelway.log.level=info", more)).isEqualTo(69);
    assertThat(err.toString()).contains("has another callbackUrl").doesNotContain("key=top");
    assertThat(mixBy(state, file, config, "reelway.mixer.settings=" + config, more)).isEqualTo(69);
    assertThat(err.toString()).contains("which must have run once");
    Path left = Files.createDirectories(state.resolve("multi-recorder-callbacks"));
    assertThat(mixBy(state, file, config, "reelway.mixer.settings=" + config, more)).isZero();
    assertThat(left.toFile().list()).hasSize(1);
    assertThat(mixBy(state, file, null, "reelway.mixer.settings=" + folder.resolve("away.json"))).isEqualTo(65);
  }

  @Test
  void theBarTellsTheTimeThatIsLeft() {
    assertThat(MixScreen.line(new MixProgress(0, 0, Duration.ZERO))).isEqualTo("  mixing " + "░".repeat(28) + "   0 %");
    assertThat(MixScreen.line(new MixProgress(25, 100, Duration.ofSeconds(30))))
        .isEqualTo("  mixing " + "█".repeat(7) + "░".repeat(21) + "  25 %  1:30 min left");
  }

  private int mix(Path file, Path config, String... more) {
    return mixBy(Path.of("target").toAbsolutePath(), file, config, "reelway.log.level=info", more);
  }

  private int mixBy(Path state, Path file, Path config, String setting, String... more) {
    CommandLine line = CommandLineProgram.commandLine();
    List<String> words = new ArrayList<>(List.of("mix", file.toString()));
    words.addAll(List.of(more));
    if (config != null) {
      words.addAll(List.of("--mixer", config.toString()));
    }
    words.addAll(List.of("--set", "reelway.state.folder=" + state, "--set", setting));
    return line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(words.toArray(String[]::new));
  }
}
