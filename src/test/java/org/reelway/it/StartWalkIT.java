package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.Recipe;

/** docs/start.md, block by block as it stands there, with other ports; what it asks for in words is done in between. */
class StartWalkIT {
  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;
  private final List<Process> terminals = new ArrayList<>();
  private final int store = FreePort.any();
  private final int http = FreePort.any();
  private final int management = FreePort.any();

  /** The blocks of a section, with this test's ports. */
  private List<String> blocks(String section) throws IOException {
    String page = Files.readString(Path.of("docs", "start.md"));
    int begin = page.indexOf("## " + section + "\n");
    assertThat(begin).as("section %s", section).isPositive();
    int end = page.indexOf("\n## ", begin);
    return BLOCK.matcher(page.substring(begin, end < 0 ? page.length() : end)).results()
        .map((MatchResult block) -> block.group(1).replace(":9000", ":" + store).replace(":8090", ":" + http))
        .toList();
  }

  private Process shell(String script, Path out) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", script);
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("REELWAY_") || name.startsWith("AWS_"));
    builder.environment().put("REELWAY_HTTP_PORT", String.valueOf(http));
    builder.environment().put("REELWAY_MANAGEMENT_PORT", String.valueOf(management));
    builder.environment().put("REELWAY_WORKFLOW_LISTEN_PORT", String.valueOf(FreePort.any()));
    // Each of a dozen lives for seconds.
    builder.environment().put("REELWAY_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    builder.environment().merge("PATH", folder.resolve("bin").toString(), (path, own) -> own + ":" + path);
    return builder.start();
  }

  /** @return what was printed; the last command's exit code is as wanted */
  private String run(String script, int wanted) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "block", ".out");
    Process process = shell(script, out);
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(script).isTrue();
    String said = Files.readString(out);
    assertThat(process.exitValue()).as("%s%n%s", script, said).isEqualTo(wanted);
    return said;
  }

  /** What stays in its terminal until Ctrl-C. */
  private Process terminal(String line, String ready) throws IOException {
    Path out = Files.createTempFile(folder, "terminal", ".out");
    Process process = shell("exec " + line, out);
    terminals.add(process);
    await().atMost(PATIENCE).until(() -> !process.isAlive() || Files.readString(out).contains(ready));
    assertThat(Files.readString(out)).contains(ready);
    return process;
  }

  private Process store() throws IOException {
    return terminal(blocks("A store").get(0).strip() + " --port " + store + " --folder demo/objects", "reelway.store.endpoint=");
  }

  private Process sidecar() throws IOException {
    return terminal("./reelway run -c try/my.properties", "ready: ");
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private void awaitState(String recording, String state) {
    String call = "curl -s 'http://127.0.0.1:" + http + "/recordings?search=" + recording + "'";
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> run(call, 0).contains("\"state\" : \"" + state + "\""));
  }

  @AfterEach
  void nothingIsLeftRunning() {
    terminals.forEach(Process::destroyForcibly);
  }

  @Test
  void eachBlockDoesWhatThePageSays() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
    Files.createSymbolicLink(folder.resolve("reelway"), Path.of("reelway").toAbsolutePath());
    Recipe.shippedRoutes(folder.resolve("routes"));
    Files.createSymbolicLink(Files.createDirectories(folder.resolve("bin")).resolve("ffmpeg"), LiveEncoder.PROGRAMS.ffmpeg());

    String managed = "http://127.0.0.1:" + management;
    Process store = store();
    List<String> settings = blocks("Settings, and the sidecar");
    assertThat(run(settings.get(0).replace("./reelway run -c try/my.properties\n", ""), 0)).contains("ok: recordings would be sent");
    Process sidecar = sidecar();

    List<String> recording = blocks("A recording");
    run(recording.get(0), 0);
    awaitState("camera1", "done");
    assertThat(folder.resolve("try/recordings/camera1.mp4.upload")).doesNotExist();
    assertThat(run(recording.get(1), 0)).contains("camera1.mp4", "verified crc32c:");

    end(store);
    String broken = blocks("Break the store").get(0);
    int health = broken.indexOf("./reelway health");
    run(broken.substring(0, health), 0);
    awaitState("camera2", "waiting");
    assertThat(run(broken.substring(health), 1)).contains("store is down", "Connection refused");
    assertThat(run("curl -s " + managed + "/observe/health", 0))
        .as("what is down stands first").contains("\"checks\":[{\"name\":\"store\",\"status\":\"DOWN\"");
    store();
    awaitState("camera2", "done");

    List<String> edit = blocks("Edit a route");
    Recipe.add("csv.steps.yaml", folder.resolve("try/routes"));
    assertThat(run(edit.get(0), 0)).contains("routes are valid");
    await().atMost(PATIENCE).until(() -> run("curl -s " + managed + "/observe/metrics", 0)
        .contains("reelway_routes_reloads_total{outcome=\"current\"} 1.0"));
    String[] sent = edit.get(1).split("\n");
    run(sent[0], 0);
    awaitState("camera3", "done");
    assertThat(run(sent[1].replace("sleep 5 && ", ""), 0)).contains("camera3.mp4");

    end(sidecar);
    run(blocks("Hawtio").get(0).replace("./reelway run -c try/my.properties\n", ""), 0);
    sidecar();
    assertThat(run("curl -s -o page -w '%{http_code}' " + managed + "/hawtio/", 0)).isEqualTo("401");
    assertThat(run("curl -s -L -u me:a-secret-of-mine " + managed + "/hawtio/", 0)).contains("Hawtio");
  }
}
