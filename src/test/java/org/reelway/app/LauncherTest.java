package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which libraries {@code ./reelway} puts on the class path, seen by a java that prints its arguments. */
class LauncherTest {
  @TempDir
  Path folder;

  @ParameterizedTest
  @CsvSource({
      "aws-live-lib, reelway.workflow.driver, aws, local",
      "hawtio-lib, reelway.hawtio.enabled, true, false",
      "telemetry-lib, reelway.telemetry.endpoint, http://127.0.0.1:4318, ''",
      "queue-lib, reelway.queue.url, tcp://127.0.0.1:61616, ''"})
  void librariesThatFewNeedAreAddedWhereTheirSettingAsksForThem(String lib, String setting, String value, String other)
      throws Exception {
    String variable = setting.toUpperCase().replace('.', '_');
    Path file = Files.writeString(folder.resolve("my.properties"), "reelway.store.bucket=b\n  " + setting + " : " + value + " \n");

    assertThat(arguments("", "run", "--set", setting + "=" + value)).contains(lib);
    assertThat(arguments("", "run", "--set=" + setting + "=" + value)).contains(lib);
    assertThat(arguments("", "run", "-s" + setting + "=" + value)).contains(lib);
    assertThat(arguments("", "run", "-s=" + setting + "=" + value)).contains(lib);
    assertThat(arguments("", "check", "--config", file.toString())).contains(lib);
    assertThat(arguments("", "check", "-c", file.toString())).contains(lib);
    assertThat(arguments("", "check", "-c" + file)).contains(lib);
    assertThat(arguments("", "check", "-c=" + file)).contains(lib);
    assertThat(arguments("", "run", "--config=" + file)).contains(lib);
    assertThat(arguments("REELWAY_CONFIG=" + file, "run")).contains(lib);
    assertThat(arguments(variable + "=" + value, "run")).contains(lib);

    for (String separator : List.of("=", ":", " ", " \t", ": ", " = ")) {
      Files.writeString(file, "  " + setting + separator + value + "\r\n");
      assertThat(arguments("", "run", "--config=" + file)).as("separated by '%s'", separator).contains(lib);
      Files.writeString(file, setting + separator + other + "\n");
      assertThat(arguments("", "run", "--config=" + file)).as("separated by '%s'", separator).doesNotContain(lib);
    }

    assertThat(arguments("", "run")).doesNotContain("-lib/", "-cp");
    assertThat(arguments("", "run", "--set", setting + "=" + other)).doesNotContain(lib);
    assertThat(arguments(variable + "=" + other, "run")).doesNotContain(lib);
    Files.writeString(file, "#" + setting + "=" + value + "\n" + setting + "=" + other + "\n");
    assertThat(arguments("", "run", "--config", file.toString())).doesNotContain(lib);
    assertThat(arguments(variable + "=" + value, "settings")).as("of another command").doesNotContain(lib);
  }

  @Test
  void severalAreAddedOneBehindTheOther() throws Exception {
    assertThat(arguments("REELWAY_HAWTIO_ENABLED=true", "run", "--set", "reelway.workflow.driver=aws"))
        .containsPattern("reelway.jar:[^ ]*/aws-live-lib/\\*:[^ ]*/hawtio-lib/\\*");
  }

  private String arguments(String environment, String... words) throws IOException, InterruptedException {
    Path java = folder.resolve("java");
    if (!Files.exists(java)) {
      Files.writeString(java, "#!/bin/sh\nprintf '%s ' \"$@\"\n");
      Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }
    Path home = Path.of("").toAbsolutePath();
    List<String> command = new ArrayList<>(List.of("env", "-u", "REELWAY_LIB", "REELWAY_JAVA=" + java));
    if (!environment.isEmpty()) {
      command.add(environment);
    }
    command.add(installed(home).toString());
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return out;
  }

  /** As an installed copy, so that nothing is built. */
  private Path installed(Path home) throws IOException {
    Path launcher = folder.resolve("reelway");
    if (!Files.exists(launcher)) {
      Files.copy(home.resolve("reelway"), launcher);
      Files.createFile(folder.resolve("reelway.jar"));
    }
    return launcher;
  }
}
