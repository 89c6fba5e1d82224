package org.reelway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.settings.Settings;

/** The fleet of docker/kubernetes/cluster: objects that Kubernetes and KEDA know, and sidecars that fit each other. */
class KubernetesClusterTest {
  private static final Path FOLDER = Path.of("docker/kubernetes").toAbsolutePath();
  private static final YAMLMapper STRICT = YAMLMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .annotationIntrospector(new JacksonAnnotationIntrospector() {
        @Override
        public Boolean hasAnySetter(Annotated annotated) {
          return false;
        }
      })
      .build();

  @TempDir Path folder;

  /** By kind and name. */
  private static Map<String, JsonNode> objects(Path folder) throws IOException, InterruptedException {
    assumeTrue(Stream.of("/usr/bin", "/usr/local/bin").anyMatch(bin -> Files.isExecutable(Path.of(bin, "kubectl"))),
        "kubectl is not installed");
    Process process = new ProcessBuilder("kubectl", "kustomize", folder.toString()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
    Map<String, JsonNode> objects = new TreeMap<>();
    for (String document : said.split("(?m)^---$")) {
      JsonNode tree = STRICT.readTree(document);
      objects.put(tree.path("kind").asText() + " " + tree.at("/metadata/name").asText().replaceFirst("-\\w{10}$", ""), tree);
    }
    return objects;
  }

  private static Properties settings(Map<String, JsonNode> objects) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(objects.get("ConfigMap reelway-fleet").at("/data/application.properties").asText()));
    return properties;
  }

  private static String roles(Container container) {
    return container.getEnv().stream().filter(each -> each.getName().equals("REELWAY_ROLES")).findFirst().map(EnvVar::getValue).orElseThrow();
  }

  private static Container reelway(PodTemplateSpec pod) {
    Container container = pod.getSpec().getContainers().get(0);
    Set<String> known = new HashSet<>(Settings.all().stream().map(setting -> setting.env()).toList());
    known.add("REELWAY_CONFIG");
    assertThat(known).containsAll(container.getEnv().stream().map(EnvVar::getName).toList());
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
    assertThat(container.getLivenessProbe().getExec().getCommand()).containsExactly("reelway", "health", "--live");
    long drain = Settings.all().stream().filter(each -> each.key().equals("reelway.shutdown.drain-time")).findFirst()
        .map(each -> Duration.parse("PT" + each.defaultText()).toSeconds()).orElseThrow();
    assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isGreaterThan(drain + 10);
    return container;
  }

  private static void requireVolumes(PodTemplateSpec pod, List<String> claims) {
    List<String> volumes = new ArrayList<>(claims);
    pod.getSpec().getVolumes().stream().map(Volume::getName).forEach(volumes::add);
    assertThat(volumes).containsAll(pod.getSpec().getContainers().get(0).getVolumeMounts().stream().map(VolumeMount::getName).toList());
  }

  @Test
  void workersAndOfficeArePodsOfKubernetesWithNamesOfTheirOwn() throws Exception {
    Map<String, JsonNode> objects = objects(FOLDER.resolve("cluster"));
    StatefulSet mixer = STRICT.treeToValue(objects.get("StatefulSet mixer"), StatefulSet.class);
    Deployment office = STRICT.treeToValue(objects.get("Deployment office"), Deployment.class);
    Service names = STRICT.treeToValue(objects.get("Service mixer"), Service.class);

    assertThat(roles(reelway(mixer.getSpec().getTemplate()))).isEqualTo("mixer");
    assertThat(roles(reelway(office.getSpec().getTemplate()))).isEqualTo("callbacks,api");
    requireVolumes(mixer.getSpec().getTemplate(), mixer.getSpec().getVolumeClaimTemplates().stream().map(each -> each.getMetadata().getName())
        .toList());
    requireVolumes(office.getSpec().getTemplate(), List.of());
    for (PodTemplateSpec pod : List.of(mixer.getSpec().getTemplate(), office.getSpec().getTemplate())) {
      assertThat(pod.getSpec().getContainers().get(0).getEnv()).as("the name of each is its pod's")
          .anyMatch(each -> each.getName().equals("REELWAY_NODE") && each.getValueFrom().getFieldRef().getFieldPath().equals("metadata.name"));
    }
    assertThat(mixer.getSpec().getServiceName()).isEqualTo(names.getMetadata().getName());
    assertThat(mixer.getSpec().getReplicas()).as("an apply does not take back what KEDA did").isNull();
    assertThat(mixer.getSpec().getTemplate().getMetadata().getLabels()).containsAllEntriesOf(mixer.getSpec().getSelector().getMatchLabels());
    assertThat(office.getSpec().getTemplate().getMetadata().getLabels()).containsAllEntriesOf(office.getSpec().getSelector().getMatchLabels());
    JsonNode budget = objects.get("PodDisruptionBudget office");
    assertThat(budget.path("apiVersion").asText()).isEqualTo("policy/v1");
    assertThat(budget.path("spec").properties()).extracting(Map.Entry::getKey).containsExactlyInAnyOrder("minAvailable", "selector");
    assertThat(budget.at("/spec/minAvailable").asInt()).isLessThan(office.getSpec().getReplicas());
    assertThat(Settings.all().stream().map(setting -> setting.key()).toList()).containsAll(settings(objects).stringPropertyNames());
  }

  @Test
  void kedaScalesTheWorkersByTheQueueOfTheFarm() throws Exception {
    Map<String, JsonNode> objects = objects(FOLDER.resolve("cluster"));
    JsonNode scaled = objects.get("ScaledObject mixer").path("spec");
    JsonNode trigger = scaled.at("/triggers/0");
    JsonNode login = objects.get("TriggerAuthentication artemis").path("spec");
    String queue = Settings.all().stream().filter(each -> each.key().equals("reelway.queue.mixes")).findFirst().orElseThrow().defaultText();

    // The members of keda.sh/v1alpha1 that are used here, and of its scaler artemis-queue.
    assertThat(names(scaled)).isSubsetOf("scaleTargetRef", "pollingInterval", "cooldownPeriod", "initialCooldownPeriod", "minReplicaCount",
        "maxReplicaCount", "idleReplicaCount", "fallback", "advanced", "triggers");
    assertThat(scaled.path("scaleTargetRef")).isEqualTo(STRICT.readTree("{kind: StatefulSet, name: mixer}"));
    assertThat(names(trigger)).isSubsetOf("type", "metadata", "authenticationRef", "name", "metricType", "useCachedMetrics");
    assertThat(trigger.path("type").asText()).isEqualTo("artemis-queue");
    assertThat(names(trigger.path("metadata"))).isSubsetOf("managementEndpoint", "queueName", "brokerName", "brokerAddress", "queueLength",
        "activationQueueLength", "restApiTemplate", "username", "password", "corsHeader");
    trigger.path("metadata").forEach(value -> assertThat(value.isTextual()).as("KEDA takes text: %s", value).isTrue());
    assertThat(trigger.at("/metadata/queueName").asText()).isEqualTo(queue);
    assertThat(Files.readString(Path.of("docker/cluster/broker.xml")))
        .contains("<name>" + trigger.at("/metadata/brokerName").asText() + "</name>", "<address name=\"" + trigger.at("/metadata/brokerAddress").asText());
    assertThat(trigger.at("/authenticationRef/name").asText()).isEqualTo("artemis");
    assertThat(login.path("secretTargetRef")).extracting(each -> each.path("parameter").asText()).containsExactly("username", "password");
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void theMediaServersPodJoinsTheFleetByAWord() throws Exception {
    Files.writeString(folder.resolve("kustomization.yaml"), """
        resources: [%1$s/base]
        components: [%1$s/cluster/ingest]
        namePrefix: studio1-
        """.formatted(folder.toRealPath().relativize(FOLDER)));
    StatefulSet media = STRICT.treeToValue(objects(folder).get("StatefulSet studio1-media"), StatefulSet.class);
    Container reelway = media.getSpec().getTemplate().getSpec().getInitContainers().get(0);

    assertThat(roles(reelway)).isEqualTo("ingest,api");
    assertThat(reelway.getEnv()).extracting(EnvVar::getName)
        .contains("REELWAY_NODE", "REELWAY_STATE_PASSWORD", "REELWAY_QUEUE_PASSWORD", "REELWAY_STORE_SECRET_KEY");
  }

  @Test
  void versionsAreThoseOfTheBuild() throws Exception {
    String pom = Files.readString(Path.of("pom.xml"));
    assertThat(Files.readString(FOLDER.resolve("cluster/kustomization.yaml")))
        .contains("newTag: " + pom.substring(pom.indexOf("<version>") + 9, pom.indexOf("</version>")));
  }
}
