package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.management.Attribute;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;

/** The limit of a running sidecar, changed by command, HTTP and JMX. */
@Timeout(120)
class BandwidthCommandTest {
  @TempDir static Path folder;
  private static SidecarFixture fixture;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    fixture = new SidecarFixture(folder);
    fixture.store.createBucket(SidecarFixture.BUCKET);
    fixture.settings.put("reelway.transfer.bandwidth", "20MiB/s");
    sidecar = fixture.started();
  }

  @AfterAll
  static void stop() {
    sidecar.close();
    fixture.close();
  }

  @BeforeEach
  void asConfigured() {
    fixture.command("bandwidth", "default");
  }

  private String asked(String method, String path) throws Exception {
    URI address = sidecar.http().resolve(path);
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setRequestMethod(method);
    int status = connection.getResponseCode();
    try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return status + " " + (body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void theCommandShowsChangesAndGoesBack() {
    assertThat(fixture.command("bandwidth")).isZero();
    assertThat(fixture.said()).isEqualTo("20MiB/s (now 20971520 bytes a second)\n");
    assertThat(fixture.command("bandwidth", "5MiB/s")).isZero();
    assertThat(fixture.said())
        .isEqualTo("5MiB/s (now 5242880 bytes a second); until the next start, which goes back to 20MiB/s\n");
    assertThat(fixture.command("bandwidth", "Mon-Sun 00:00-24:00 1MiB/s, 0")).isZero();
    assertThat(fixture.said()).startsWith("Mon-Sun 00:00-24:00 1MiB/s, 0 (now 1048576 bytes a second)");
    assertThat(fixture.command("bandwidth", "0")).isZero();
    assertThat(fixture.said()).startsWith("0 (now without limit); until the next start");
    assertThat(fixture.command("bandwidth", "default")).isZero();
    assertThat(fixture.said()).isEqualTo("20MiB/s (now 20971520 bytes a second)\n");
  }

  @Test
  void whatIsNoRateChangesNothingAndSaysWhy() {
    assertThat(fixture.command("bandwidth", "fast")).isEqualTo(CommandLineProgram.USAGE);
    assertThat(fixture.said()).contains("\"fast\" is not a rate; write a whole number with B/s");
    assertThat(fixture.command("bandwidth", "08:00-18:00", "5MiB/s")).isEqualTo(CommandLineProgram.USAGE);
    assertThat(fixture.said()).contains("has no rate from Mon 00:00 to Mon 08:00");
    fixture.command("bandwidth");
    assertThat(fixture.said()).startsWith("20MiB/s ");
  }

  @Test
  void theApiChangesItAndSaysWhatIsLostAtARestart() throws Exception {
    assertThat(asked("GET", "/bandwidth")).startsWith("200 ")
        .contains("\"bandwidth\" : \"20MiB/s\"", "\"lostAtRestart\" : false", "\"bytesSent\" : ");
    assertThat(asked("PUT", "/bandwidth?rate=7MiB/s")).startsWith("200 ")
        .contains("\"bytesPerSecond\" : 7340032", "\"configured\" : \"20MiB/s\"", "\"lostAtRestart\" : true");
    assertThat(asked("PUT", "/bandwidth")).startsWith("422 ").contains("no rate is given");
    assertThat(asked("POST", "/bandwidth?rate=0")).startsWith("405 ");
  }

  @Test
  void anMBeanChangesItAndMetricsShowIt() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("org.reelway:type=Bandwidth");
    server.setAttribute(name, new Attribute("Bandwidth", "3MiB/s"));
    assertThat(server.getAttribute(name, "Limit")).isEqualTo(3L << 20);
    assertThat(server.getAttribute(name, "Changed")).isEqualTo(true);
    assertThat(metrics()).contains("reelway_bandwidth_limit_bytes 3145728.0", "reelway_bandwidth_bytes_total ");
    assertThatThrownBy(() -> server.setAttribute(name, new Attribute("Bandwidth", "fast")))
        .hasRootCauseMessage("\"fast\" is not a rate; write a whole number with B/s, KiB/s, MiB/s, GiB/s, KB/s, MB/s or"
            + " GB/s, such as 20MiB/s; allowed: 0 (none) or 1KiB/s to 100GiB/s");
    server.invoke(name, "useConfigured", null, null);
    assertThat(server.getAttribute(name, "Bandwidth")).isEqualTo("20MiB/s");
  }

  private String metrics() throws Exception {
    try (var body = sidecar.management().resolve("/observe/metrics").toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void whatIsSentIsCounted() throws Exception {
    Path file = fixture.file("a.mp4", "x".repeat(5000));
    org.reelway.testkit.Recordings.mark(file);
    org.awaitility.Awaitility.await().atMost(java.time.Duration.ofSeconds(60))
        .until(() -> !org.reelway.testkit.Recordings.isMarked(file));
    // The probe's few bytes go out the same way.
    String sent = asked("GET", "/bandwidth").replaceAll("(?s).*\"bytesSent\" : (\\d+).*", "$1");
    assertThat(Long.parseLong(sent)).isGreaterThanOrEqualTo(5000);
  }
}
