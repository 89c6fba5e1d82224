package org.reelway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of docker/monitoring and of docker/compose.yaml fit each other and the docs. MonitoringIT has them at work. */
class MonitoringTest {
  private static final Path DOCKER = Path.of("docker").toAbsolutePath();
  private static final Path MONITORING = DOCKER.resolve("monitoring");
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
  private static final YAMLMapper YAML = new YAMLMapper();

  private static List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    YAML.readTree(MONITORING.resolve("alerts.yml").toFile()).path("groups").forEach(group -> group.path("rules").forEach(alerts::add));
    return alerts;
  }

  private static void promtool(String... arguments) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(PROMTOOL), PROMTOOL + " is not installed (Debian's package prometheus)");
    List<String> command = Stream.concat(Stream.of(PROMTOOL.toString()), Stream.of(arguments)).toList();
    Process process = new ProcessBuilder(command).directory(MONITORING.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(command + "\n" + said).isZero();
  }

  @Test
  void prometheusTakesTheConfigurationAndTheAlertsFireAsTheirTestsSay() throws Exception {
    promtool("check", "config", "prometheus.yml");
    promtool("check", "config", "prometheus-cluster.yml");
    promtool("check", "rules", "alerts.yml");
    promtool("test", "rules", "alerts-test.yml");
  }

  @Test
  void everyAlertIsTestedAndSaysWhereToReadWhatToDo() throws Exception {
    String tests = Files.readString(MONITORING.resolve("alerts-test.yml"));
    for (JsonNode alert : alerts()) {
      String name = alert.path("alert").asText();
      assertThat(tests).as(name).containsPattern(Pattern.compile("alertname: " + name + "\n +exp_alerts:"));
      assertThat(alert.at("/labels/severity").asText()).as(name).isIn("critical", "warning", "info");
      String[] todo = alert.at("/annotations/todo").asText().split("#");
      assertThat(Path.of(todo[0])).as(name).isRegularFile();
      if (todo.length > 1) {
        assertThat(anchors(Path.of(todo[0]))).as(name).contains(todo[1]);
      }
    }
  }

  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new HashSet<>();
    for (String line : Files.readAllLines(page)) {
      if (line.matches("#+ .*")) {
        anchors.add(line.replaceFirst("#+ ", "").toLowerCase().replaceAll("[^\\w -]", "").replace(' ', '-'));
      }
    }
    return anchors;
  }

  @Test
  void prometheusHasTheSecretOfAnAccountThatMayOnlyRead() throws Exception {
    String secret = Files.readString(MONITORING.resolve("prometheus-secret"));

    assertThat(Files.readAllLines(MONITORING.resolve("access"))).anyMatch(line -> line.matches("prometheus +read +" + secret));
    assertThat(Files.readString(DOCKER.resolve("try.sh"))).contains(
        Files.readAllLines(MONITORING.resolve("access")).stream().filter(line -> line.contains(" operate ")).findFirst().orElseThrow()
            .replaceAll(".* ", ""));
  }

  @Test
  void everyFileThatComposeMountsIsThere() throws Exception {
    JsonNode compose = YAML.readTree(DOCKER.resolve("compose.yaml").toFile());
    Set<String> volumes = new HashSet<>();
    compose.path("volumes").fieldNames().forEachRemaining(volumes::add);
    for (JsonNode service : compose.path("services")) {
      for (JsonNode volume : service.path("volumes")) {
        String from = volume.asText().split(":")[0];
        if (from.startsWith("./")) {
          assertThat(DOCKER.resolve(from)).exists();
        } else {
          assertThat(volumes).contains(from);
        }
      }
      for (JsonNode port : service.path("ports")) {
        assertThat(port.asText()).as("nothing is open beyond this machine").startsWith("127.0.0.1:");
      }
    }
  }

  @Test
  void theFleetsDashboardAsksForMetricsThatThereAre() throws Exception {
    JsonNode panels = YAML.readTree(MONITORING.resolve("grafana/fleet.json").toFile()).path("panels");
    String code = sources();

    assertThat(panels).isNotEmpty();
    for (JsonNode panel : panels) {
      for (JsonNode target : panel.path("targets")) {
        Matcher metric = Pattern.compile("reelway_\\w+").matcher(target.path("expr").asText());
        assertThat(metric.find()).as(target.toString()).isTrue();
        assertThat(code).contains('"' + metric.group().replaceFirst("_total$", "").replace('_', '.') + '"');
      }
    }
    assertThat(Files.readString(DOCKER.resolve("compose.yaml"))).contains("./monitoring/grafana/fleet.json:");
  }

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path each : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        all.append(Files.readString(each));
      }
    }
    return all.toString();
  }
}
