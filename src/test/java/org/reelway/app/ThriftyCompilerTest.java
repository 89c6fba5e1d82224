package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ThriftyCompilerTest {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  /** In a JVM of its own: directives stay for good. */
  @Test
  void theJvmTakesTheShippedDirectives() throws IOException, InterruptedException {
    Process java =
        new ProcessBuilder(
                JAVA.toString(), "-XX:+UnlockDiagnosticVMOptions", "-XX:CompilerDirectivesFile=jvm/compilers.json",
                "-version")
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(java.waitFor()).isZero();
    assertThat(said).contains("2 compiler directives added").doesNotContain("error");
  }
}
