package org.reelway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.settings.Settings;

/** The objects of docker/kubernetes are Kubernetes' own, to the last member, and kustomize and Helm make the same pod. */
class KubernetesTest {
  private static final Path FOLDER = Path.of("docker/kubernetes").toAbsolutePath();
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of("ConfigMap", ConfigMap.class, "Service", Service.class, "StatefulSet", StatefulSet.class);

  /** The models keep members that they do not know, in a map for them; here these are errors. */
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

  private static List<HasMetadata> objects(String yaml) throws IOException {
    List<HasMetadata> objects = new ArrayList<>();
    for (String document : yaml.split("(?m)^---$")) {
      JsonNode tree = STRICT.readTree(document);
      if (!tree.isMissingNode() && !tree.isNull()) {
        assertThat(KINDS).as(document).containsKey(tree.path("kind").asText());
        objects.add(STRICT.treeToValue(tree, KINDS.get(tree.path("kind").asText())));
      }
    }
    return objects;
  }

  private static <T> T only(List<HasMetadata> objects, Class<T> kind) {
    List<T> found = objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    assertThat(found).as(kind.getSimpleName()).hasSize(1);
    return found.get(0);
  }

  private static ConfigMap config(List<HasMetadata> objects, String name) {
    return objects.stream().filter(ConfigMap.class::isInstance).map(ConfigMap.class::cast)
        .filter(map -> map.getMetadata().getName().matches("(media-)?" + name + "(-\\w{10})?")).findFirst().orElseThrow();
  }

  private static String kustomized(Path folder) throws IOException, InterruptedException {
    assumeTrue(Stream.of("/usr/bin", "/usr/local/bin").anyMatch(bin -> Files.isExecutable(Path.of(bin, "kubectl"))),
        "kubectl is not installed");
    Process process = new ProcessBuilder("kubectl", "kustomize", folder.toString()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static TemplateCommand chart() {
    return new Helm(FOLDER.resolve("helm/reelway")).template().withName("media").withNamespace("live").withKubeVersion("1.32.0");
  }

  private static PodSpec pod(List<HasMetadata> objects) {
    return only(objects, StatefulSet.class).getSpec().getTemplate().getSpec();
  }

  @Test
  void aMemberThatKubernetesDoesNotKnowIsFound() {
    assertThatThrownBy(() -> objects("kind: Service\nspec: {ports: [{port: 1, targetport: 1}]}")).hasMessageContaining("targetport");
  }

  @Test
  void kustomizeAndHelmMakeTheSamePod() throws Exception {
    List<HasMetadata> base = objects(kustomized(FOLDER.resolve("base")));
    List<HasMetadata> chart = objects(chart().call());

    assertThat(like(chart, "media-settings", "media-nginx-rtmp")).isEqualTo(
        like(base, config(base, "reelway-settings").getMetadata().getName(), config(base, "nginx-rtmp").getMetadata().getName()));
    assertThat(config(chart, "nginx-rtmp").getData()).isEqualTo(config(base, "nginx-rtmp").getData());
    assertThat(properties(config(chart, "settings"))).isEqualTo(properties(config(base, "reelway-settings")));
    StatefulSet set = only(chart, StatefulSet.class);
    assertThat(claims(chart)).isEqualTo(claims(base)).containsOnlyKeys("recordings", "state");
    assertThat(only(chart, Service.class).getSpec().getPorts()).isEqualTo(only(base, Service.class).getSpec().getPorts());
    assertThat(set.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels())
        .containsAllEntriesOf(only(chart, Service.class).getSpec().getSelector());
  }

  private static Map<String, PersistentVolumeClaimSpec> claims(List<HasMetadata> objects) {
    return only(objects, StatefulSet.class).getSpec().getVolumeClaimTemplates().stream()
        .collect(Collectors.toMap(claim -> claim.getMetadata().getName(), PersistentVolumeClaim::getSpec));
  }

  /** Without the names of what differs by wish. */
  private static PodSpec like(List<HasMetadata> objects, String settings, String nginx) {
    PodSpec pod = pod(objects);
    for (Volume volume : pod.getVolumes()) {
      if (volume.getConfigMap() != null) {
        assertThat(volume.getConfigMap().getName()).isIn(settings, nginx);
        volume.getConfigMap().setName(volume.getName());
      }
    }
    Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream()).forEach(container -> container.setImagePullPolicy(null));
    return pod;
  }

  private static Properties properties(ConfigMap config) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(config.getData().get("application.properties")));
    return properties;
  }

  @Test
  void reelwayIsASidecarThatMayDoNothingButItsWork() throws Exception {
    PodSpec pod = pod(objects(chart().call()));
    Container reelway = pod.getInitContainers().get(0);

    assertThat(reelway.getRestartPolicy()).as("it starts before the media server and ends after it").isEqualTo("Always");
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    for (Container container : List.of(reelway, pod.getContainers().get(0))) {
      assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
      assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
      assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(container.getResources().getLimits()).containsKey("memory");
      assertThat(pod.getVolumes().stream().map(Volume::getName).toList()).as("with the claims").containsAll(
          container.getVolumeMounts().stream().map(VolumeMount::getName).filter(name -> !List.of("recordings", "state").contains(name)).toList());
    }
    long drain = Settings.all().stream().filter(each -> each.key().equals("reelway.shutdown.drain-time")).findFirst()
        .map(each -> Duration.parse("PT" + each.defaultText()).toSeconds()).orElseThrow();
    assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(drain + 10);
    assertThat(reelway.getStartupProbe().getExec().getCommand()).containsExactly("reelway", "health", "--live");
    assertThat(reelway.getLivenessProbe().getExec().getCommand()).as("a store that is away is no reason to restart")
        .containsExactly("reelway", "health", "--live");
    assertThat(reelway.getReadinessProbe()).as("nor to keep publishers away").isNull();
  }

  @Test
  void everySettingAndVariableIsOneOfReelways() throws Exception {
    List<HasMetadata> objects = objects(chart().set("metrics.enabled", true).call());
    List<String> keys = Settings.all().stream().map(setting -> setting.key()).toList();
    List<String> variables = Settings.all().stream().map(setting -> setting.env()).collect(Collectors.toCollection(ArrayList::new));
    variables.add("REELWAY_CONFIG");

    assertThat(keys).containsAll(properties(config(objects, "settings")).stringPropertyNames());
    assertThat(variables).containsAll(pod(objects).getInitContainers().get(0).getEnv().stream().map(each -> each.getName()).toList());
  }

  @Test
  void metricsAreOpenedByAWordInBoth() throws Exception {
    Files.writeString(folder.resolve("kustomization.yaml"), """
        resources: [%1$s/base]
        components: [%1$s/metrics]
        """.formatted(folder.toRealPath().relativize(FOLDER)));
    List<HasMetadata> overlay = objects(kustomized(folder));
    List<HasMetadata> chart = objects(chart().set("metrics.enabled", true).call());

    assertThat(pod(overlay).getInitContainers().get(0).getEnv()).isEqualTo(pod(chart).getInitContainers().get(0).getEnv())
        .extracting(each -> each.getName()).contains("REELWAY_MANAGEMENT_HOST", "REELWAY_MANAGEMENT_PASSWORD");
    assertThat(only(overlay, Service.class).getSpec().getPorts()).isEqualTo(only(chart, Service.class).getSpec().getPorts()).hasSize(2);
  }

  @Test
  void thePagesKustomizationAndCommandDoWhatTheySay() throws Exception {
    String page = Files.readString(Path.of("docs/kubernetes.md"));
    String overlay = page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("```", page.indexOf("```yaml\n") + 8));
    Files.writeString(folder.resolve("kustomization.yaml"),
        overlay.replace("reelway/docker/kubernetes", folder.toRealPath().relativize(FOLDER).toString()));
    Path settings = Files.writeString(folder.resolve("application.properties"), "reelway.store.bucket=ours\n");
    List<HasMetadata> overlaid = objects(kustomized(folder));
    TemplateCommand command = chart().setFile("reelway.settings", settings);
    Matcher set = Pattern.compile("--set (\\S+)=(\\S+)").matcher(page);
    while (set.find()) {
      command.set(set.group(1), set.group(2));
    }
    List<HasMetadata> charted = objects(command.call());

    for (List<HasMetadata> objects : List.of(overlaid, charted)) {
      assertThat(properties(config(objects, "(reelway-)?settings"))).isEqualTo(Map.of("reelway.store.bucket", "ours"));
      assertThat(pod(objects).getInitContainers().get(0).getImage()).isEqualTo("registry.example.com/reelway:0.1.0");
      assertThat(pod(objects).getContainers().get(0).getImage()).isEqualTo("registry.example.com/reelway-nginx-rtmp:0.1.0");
    }
    assertThat(only(overlaid, Service.class).getSpec().getPorts()).hasSize(2);
  }

  @Test
  void theChartTakesAnotherMediaServerAndRefusesWhatItDoesNotKnow() throws Exception {
    LintResult lint = new Helm(FOLDER.resolve("helm/reelway")).lint().strict().call();
    assertThat(lint.isFailed()).as(lint.getMessages().toString()).isFalse();

    Path values = Files.writeString(folder.resolve("values.yaml"), """
        media:
          image: {repository: bluenviron/mediamtx, tag: "1"}
          nginxConf: none
          command: [/mediamtx, /etc/mediamtx.yml]
        reelway:
          env:
            - {name: REELWAY_LOG_LEVEL, value: debug}
        service: {type: LoadBalancer}
        serviceAccountName: media
        recordings: {size: 1Ti, storageClassName: fast}
        """);
    List<HasMetadata> objects = objects(chart().withValuesFile(values).call());
    PodSpec pod = pod(objects);
    assertThat(objects.stream().filter(ConfigMap.class::isInstance)).hasSize(1);
    assertThat(pod.getContainers().get(0).getImage()).isEqualTo("bluenviron/mediamtx:1");
    assertThat(pod.getContainers().get(0).getVolumeMounts()).extracting(VolumeMount::getName).doesNotContain("nginx-rtmp");
    assertThat(pod.getServiceAccountName()).isEqualTo("media");
    assertThat(pod.getInitContainers().get(0).getEnv()).extracting(each -> each.getName()).contains("REELWAY_LOG_LEVEL");

    assertThatThrownBy(() -> chart().withKubeVersion("1.28.0").call()).as("it has no sidecars yet").hasMessageContaining("1.29");
    assertThatThrownBy(() -> chart().set("reelway.setings", "x").call()).hasMessageContaining("setings");
    assertThatThrownBy(() -> chart().set("terminationGracePeriodSeconds", 5).call()).hasMessageContaining("terminationGracePeriodSeconds");
  }

  @Test
  void versionsAreThoseOfTheBuild() throws Exception {
    JsonNode chart = STRICT.readTree(FOLDER.resolve("helm/reelway/Chart.yaml").toFile());
    String pom = Files.readString(Path.of("pom.xml"));
    String version = pom.substring(pom.indexOf("<version>") + 9, pom.indexOf("</version>"));

    assertThat(chart.path("version").asText()).isEqualTo(version);
    assertThat(chart.path("appVersion").asText()).isEqualTo(version);
    assertThat(Files.readString(FOLDER.resolve("base/kustomization.yaml")).lines().filter(line -> line.contains("newTag")))
        .hasSize(2).allMatch(line -> line.endsWith(": " + version));
  }
}
