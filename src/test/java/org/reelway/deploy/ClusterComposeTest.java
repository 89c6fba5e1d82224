package org.reelway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.reelway.settings.Settings;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** docker/compose.cluster.yaml names settings, files and volumes that are there, and its sidecars do all that a fleet has to. */
class ClusterComposeTest {
  private static final Path DOCKER = Path.of("docker").toAbsolutePath();

  private static JsonNode compose(String name) throws IOException {
    // Jackson's own reader leaves << as it is.
    try (Reader reader = Files.newBufferedReader(DOCKER.resolve(name))) {
      Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      return JsonMapper.builder().build().valueToTree(tree);
    }
  }

  private static Map<String, JsonNode> sidecars() throws IOException {
    Map<String, JsonNode> sidecars = new TreeMap<>();
    compose("compose.cluster.yaml").path("services").properties().forEach(each -> {
      if (each.getValue().path("image").asText().equals("reelway")) {
        sidecars.put(each.getKey(), each.getValue());
      }
    });
    return sidecars;
  }

  private static String variable(JsonNode sidecar, String name) {
    return sidecar.path("environment").path(name).asText();
  }

  @Test
  void everySidecarHasItsOwnNameAndTogetherTheyHaveAllRoles() throws Exception {
    Set<String> known = new HashSet<>();
    Settings.all().forEach(setting -> known.add(setting.env()));
    Set<String> roles = new HashSet<>();
    Set<String> places = new HashSet<>();

    for (Map.Entry<String, JsonNode> each : sidecars().entrySet()) {
      JsonNode sidecar = each.getValue();
      sidecar.path("environment").fieldNames().forEachRemaining(name -> assertThat(known).as(each.getKey()).contains(name));
      assertThat(variable(sidecar, "REELWAY_NODE")).isEqualTo(each.getKey());
      assertThat(variable(sidecar, "REELWAY_HTTP_ADVERTISED")).isEqualTo("http://" + each.getKey() + ":8090");
      assertThat(variable(sidecar, "REELWAY_STATE_URL")).isEqualTo("jdbc:postgresql://database:5432/reelway");
      assertThat(variable(sidecar, "REELWAY_QUEUE_URL")).isEqualTo("tcp://broker:61616");
      roles.addAll(List.of(variable(sidecar, "REELWAY_ROLES").split(",")));
      for (JsonNode volume : sidecar.path("volumes")) {
        assertThat(volume.asText().startsWith("./") || places.add(volume.asText().split(":")[0])).as("%s of %s is its own", volume, each.getKey())
            .isTrue();
      }
    }
    assertThat(roles).containsExactlyInAnyOrder("ingest", "mixer", "callbacks", "api");
  }

  @Test
  void everyFileAndVolumeIsThereAndNothingIsOpenBeyondThisMachine() throws Exception {
    JsonNode cluster = compose("compose.cluster.yaml");
    Set<String> volumes = new HashSet<>();
    cluster.path("volumes").fieldNames().forEachRemaining(volumes::add);
    for (JsonNode each : cluster.path("services")) {
      JsonNode extended = each.path("extends");
      JsonNode service = extended.isMissingNode() ? each
          : compose(extended.path("file").asText()).path("services").path(extended.path("service").asText());
      assertThat(service.isObject()).as(each.toString()).isTrue();
      for (JsonNode volume : service.path("volumes")) {
        String from = volume.asText().split(":")[0];
        if (from.startsWith("./")) {
          assertThat(DOCKER.resolve(from)).exists();
        } else {
          assertThat(volumes).contains(from);
        }
      }
      for (JsonNode port : service.path("ports")) {
        assertThat(port.asText()).startsWith("127.0.0.1:");
      }
    }
  }

  @Test
  void prometheusAsksEachSidecar() throws Exception {
    JsonNode scrape = compose("monitoring/prometheus-cluster.yml").at("/scrape_configs/0");
    List<String> targets = new ArrayList<>();
    scrape.at("/static_configs/0/targets").forEach(target -> targets.add(target.asText()));

    assertThat(targets).containsExactlyInAnyOrderElementsOf(sidecars().keySet().stream().map(name -> name + ":9876").toList());
    assertThat(scrape.path("authorization").path("credentials_file").asText()).isEqualTo("prometheus-secret");
  }

  @Test
  void theBrokerHasTheQueuesOfTheFarmAndTheVersionOfItsClient() throws Exception {
    Document broker = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(DOCKER.resolve("cluster/broker.xml").toFile());
    NodeList queues = broker.getElementsByTagName("queue");
    Set<String> names = new HashSet<>();
    for (int i = 0; i < queues.getLength(); i++) {
      names.add(((Element) queues.item(i)).getAttribute("name"));
    }
    String mixes = Settings.all().stream().filter(each -> each.key().equals("reelway.queue.mixes")).findFirst().orElseThrow().defaultText();
    String pom = Files.readString(Path.of("pom.xml"));
    String version = pom.substring(pom.indexOf("<artemis.version>") + 17, pom.indexOf("</artemis.version>"));

    assertThat(names).contains(mixes, mixes + ".dead",
        broker.getElementsByTagName("dead-letter-address").item(0).getTextContent());
    assertThat(compose("compose.cluster.yaml").path("services").path("broker").path("image").asText()).isEqualTo("apache/artemis:" + version);
  }
}
