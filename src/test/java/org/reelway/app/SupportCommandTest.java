package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.Recordings;
import org.slf4j.LoggerFactory;

/** {@code reelway support} beside a real sidecar. */
class SupportCommandTest {
  /** In every place where one may stand; each holds this word. */
  private static final String PLANTED = "hunter";

  @TempDir Path folder;

  private Map<String, String> unpacked(Path zip) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (ZipEntry entry : file.stream().toList()) {
        try (InputStream in = file.getInputStream(entry)) {
          all.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    return all;
  }

  private static JsonNode json(String text) throws IOException {
    return JsonMapper.builder().build().readTree(text);
  }

  private Path routes() throws IOException {
    Path routes = Files.createDirectories(folder.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.copy(file, routes.resolve(file.getFileName()));
      }
    }
    Path edited = routes.resolve("90-housekeeping.camel.yaml");
    Files.writeString(edited, "# edited\n" + Files.readString(edited));
    Files.delete(routes.resolve("38-mixer.camel.yaml"));
    Files.writeString(routes.resolve("99-own.camel.yaml"), """
        # token=hunter0 stands in a comment
        - route:
            id: own
            autoStartup: false
            from:
              uri: direct:own
              steps:
                - to: {uri: "http://user:hunter1@127.0.0.1/a?authPassword=hunter2&bridgeEndpoint=true"}
                - to:
                    uri: http:127.0.0.1/b
                    parameters:
                      authUsername: me
                      authPassword: "hunter3, hunter16 & \\"hunter17\\"}"
                      proxyAuthPassword: hunter18,hunter19
                - to: {uri: "http:127.0.0.1/c?authPassword=RAW(hunter20&hunter21)"}
                - setHeader:
                    name: X-Token
                    expression:
                      constant:
                        expression: >-
                          hunter22
                          hunter23
                - setHeader:
                    name: Authorization
                    expression:
                      constant:
                        expression: "Bearer hunter4abcdef"
                - setHeader:
                    name: X-Api-Key
                    constant: hunter5
                - setHeader: {name: kept, simple: "{{reelway.store.bucket}}"}
                - log: {message: "kept too"}
        """);
    return routes;
  }

  private void plantSecrets(SidecarFixture fixture) throws IOException {
    fixture.settings.put("reelway.http.username", "me");
    fixture.settings.put("reelway.http.password", "hunter6");
    fixture.settings.put("reelway.management.username", "me");
    fixture.settings.put("reelway.management.password", "hunter 7 with spaces");
    fixture.settings.put("reelway.callbacks.url", "cms=http://127.0.0.1:9/told?key=hunter8abc");
    fixture.settings.put("reelway.callbacks.allow-private", "127.0.0.1");
    fixture.settings.put("reelway.callbacks.secret", "hunter9-0123456789");
    fixture.settings.put("reelway.routing.destinations", "tube=rtmp://127.0.0.1:9/live2/hunter10-abcd-{stream}");
    Path credentials = Files.writeString(folder.resolve("credentials"), "[b]\naws_access_key_id = AKIAhunter12\naws_secret_access_key = hunter13secret\n");
    fixture.settings.put("reelway.backup.endpoint", "http://127.0.0.1:9");
    fixture.settings.put("reelway.backup.bucket", "backup");
    fixture.settings.put("reelway.backup.profile", "b");
    fixture.settings.put(
        "reelway.http.access-file", Files.writeString(folder.resolve("accounts"), "olga read hunter14-0123456789\n").toString());
    fixture.settings.put("reelway.callbacks.old-secret-file", Files.writeString(folder.resolve("old"), "hunter15-0123456789\n").toString());
    fixture.settings.put("reelway.backup.profile-file", credentials.toString());
  }

  /** Larger than the store takes; it needs no room on the disk. */
  private static void setAside(Path recording) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(recording.toFile(), "rw")) {
      file.setLength((1L << 30) + 1);
    }
    Recordings.mark(recording);
  }

  @Test
  void holdsWhatHelpsToFindAFaultAndNothingSecret() throws IOException {
    try (SidecarFixture fixture = new SidecarFixture(folder)) {
      fixture.settings.put("reelway.store.max-object-size", "1GiB");
      fixture.store.createBucket(SidecarFixture.BUCKET);
      plantSecrets(fixture);
      fixture.settings.put("reelway.routes.folder", routes().toString());
      try (Sidecar sidecar = fixture.started()) {
        setAside(fixture.recordings.resolve("large.mp4"));
        LoggerFactory.getLogger("own").warn("a library says hunter6, hunter11, hunter14-0123456789, hunter15-0123456789 of rtmp://127.0.0.1/live2/hunter10-abcd-cam1");
        LoggerFactory.getLogger("own").warn("and that http://127.0.0.1:9/a?key=hunter24 and rtmp://127.0.0.1/live/hunter25 were refused");
        HttpCalls api = new HttpCalls(sidecar.http()).as("me", "hunter6");
        api.post("/hooks/nginx-rtmp", "application/x-www-form-urlencoded", "call=publish&app=live&name=cam1&addr=127.0.0.1&clientid=1");
        Awaitility.await().untilAsserted(() -> assertThat(api.get("/recordings?state=set-aside").json().at("/recordings/0/path").asText())
            .isEqualTo("large.mp4"));
        fixture.settings.put("camel.component.jms.password", "hunter11");
        Path zip = folder.resolve("support.zip");

        assertThat(fixture.command("support", "--out", zip.toString())).as(fixture.said()).isZero();

        Map<String, String> all = unpacked(zip);
        assertThat(fixture.said()).startsWith(zip + "\n").doesNotContain("no sidecar");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(zip))).isEqualTo("rw-------");
        assertThat(all.keySet()).contains(
            "about.txt", "settings.json", "disks.json", "routes.txt", "kamelets.txt", "sidecar/health.json", "sidecar/metrics.txt",
            "sidecar/now.json", "sidecar/flows.json", "sidecar/folders.json", "sidecar/set-aside.json", "sidecar/waiting.json",
            "sidecar/callbacks-dead.json", "sidecar/callbacks-waiting.json", "sidecar/process.json", "sidecar/log.txt", "sidecar/threads.txt");
        assertThat(all.keySet()).noneMatch(name -> name.endsWith(".error.txt"));
        all.forEach((name, text) -> assertThat(text).as(name)
            .doesNotContain(PLANTED, "secret-of-the-store"));
        assertThat(all.get("routes.txt")).contains(
            "90-housekeeping.camel.yaml: edited", "99-own.camel.yaml: your own", "10-recordings-in.camel.yaml: as shipped",
            "38-mixer.camel.yaml: not there");
        assertThat(all.get("shipped/routes/90-housekeeping.camel.yaml"))
            .isEqualTo(all.get("routes/90-housekeeping.camel.yaml").replace("# edited\n", ""));
        assertThat(all.get("routes/99-own.camel.yaml"))
            .contains("simple: \"{{reelway.store.bucket}}\"", "kept too", "bridgeEndpoint=true");
        assertThat(all.get("routes/10-recordings-in.camel.yaml"))
            .isEqualTo(Files.readString(Path.of("routes/10-recordings-in.camel.yaml")));
        assertThat(json(all.get("disks.json")).at("/reelway.recordings.folder/0/kinds/mp4").asInt())
            .isEqualTo(1);
        assertThat(json(all.get("sidecar/set-aside.json")).at("/recordings/0/lastError").asText()).contains("reelway.store.max-object-size");
        assertThat(json(all.get("sidecar/process.json")).path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
        assertThat(all.get("sidecar/log.txt")).contains("own a library says *****", "set aside (input)");
        assertThat(all.get("sidecar/threads.txt")).contains("RUNNABLE", "org.reelway.camel.api.SupportApi.threads");
        assertThat(all.get("sidecar/metrics.txt")).contains("reelway_recordings_set_aside");
      }
    }
  }

  @Test
  void isWrittenWithoutASidecarTooAndNeverOverAnotherFile() throws IOException {
    try (SidecarFixture fixture = new SidecarFixture(folder)) {
      fixture.settings.put("reelway.http.port", "9");
      Path zip = folder.resolve("support.zip");

      assertThat(fixture.command("support", "--out", zip.toString())).isZero();
      assertThat(fixture.said()).contains("no sidecar answered");
      assertThat(unpacked(zip)).containsKeys("settings.json", "routes.txt", "disks.json", "sidecar/no-answer.txt");

      assertThat(fixture.command("support", "--out", zip.toString())).isEqualTo(2);
      assertThat(fixture.said()).contains(zip + " is there already");
      assertThat(fixture.command("support", "--out", "/proc/none/x.zip")).isEqualTo(1);
      assertThat(fixture.said()).contains("/proc/none/x.zip cannot be written");
    }
  }
}
