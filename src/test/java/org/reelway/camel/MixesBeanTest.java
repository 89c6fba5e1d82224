package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.jmx.MBeans;
import org.reelway.camel.jmx.MixesBean;
import org.reelway.conference.mixer.MixJobs;
import org.reelway.conference.mixer.MixOrder;
import org.reelway.conference.mixer.MixSettings;
import org.reelway.conference.mixer.MixerFile;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.MultiTrackMp4;

/** Real jobs, seen and changed over JMX as a client does it. */
class MixesBeanTest {
  private static final ObjectName NAME = name();

  @TempDir private Path folder;
  private final MeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private static ObjectName name() {
    try {
      return new ObjectName("org.reelway:type=Mixes");
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }

  private double metric(String name, String... tags) {
    return metrics.get(name).tags(tags).gauge().value();
  }

  @Test
  void jobsAreCountedFollowedCancelledAndTriedAgain() throws Exception {
    MixSettings settings = MixerFile.read(Files.writeString(folder.resolve("m.json"), "{\"minAvailableSpace\":\"900T\"}"));
    Path recording =
        new MultiTrackMp4().take("Ann", "a", 0, 1, 0).video("red", 160, 90, 25).and().write(folder.resolve("room.mp4"));
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try (MixJobs jobs =
            new MixJobs(
                folder.resolve("mixes"), () -> settings, () -> LiveEncoder.PROGRAMS, 1, (job, mixed) -> {});
        DefaultCamelContext camel = new DefaultCamelContext()) {
      camel.start();
      MBeans beans = new MBeans();
      beans.configure(camel);
      beans.show("type=Mixes", new MixesBean(jobs));
      MixerFeature.measure(jobs, metrics);
      String id = jobs.add(new MixOrder(recording, "u", Instant.EPOCH, Duration.ZERO));

      await().atMost(Duration.ofSeconds(30)).until(() -> server.getAttribute(NAME, "NoRoom").equals(1L));
      assertThat(metric("reelway.mixes", "state", "no-room")).isEqualTo(1);
      assertThat(metric("reelway.mixes.progress")).isZero();
      assertThat(metric("reelway.mixes.left.seconds")).isEqualTo(-1);
      assertThat(server.getAttribute(NAME, "Percent")).isEqualTo(0.0);
      assertThat(server.getAttribute(NAME, "SecondsLeft")).isEqualTo(-1L);
      assertThat(mixes(server).get(id).toString()).startsWith(recording + " no-room: ").contains("minAvailableSpace");
      assertThat(server.getMBeanInfo(NAME).getAttributes())
          .as("each says what it is").allMatch(attribute -> attribute.getDescription().length() > 10);

      call(server, "cancel", id);
      assertThat(server.getAttribute(NAME, "Cancelled")).isEqualTo(1L);
      assertThat(mixes(server)).isEqualTo(Map.of(id, recording + " cancelled: cancelled by request"));
      call(server, "retry", id);
      await().atMost(Duration.ofSeconds(30)).until(() -> server.getAttribute(NAME, "NoRoom").equals(1L));
      call(server, "drop", id);
      assertThat(mixes(server)).isEmpty();
      assertThatThrownBy(() -> call(server, "retry", "nobody"))
          .hasRootCauseInstanceOf(IllegalArgumentException.class).rootCause().hasMessageContaining("no mix has the id");
      beans.hideAll();
    }
    assertThat(server.isRegistered(NAME)).isFalse();
  }

  private static Map<?, ?> mixes(MBeanServer server) throws JMException {
    return (Map<?, ?>) server.getAttribute(NAME, "Mixes");
  }

  private static void call(MBeanServer server, String operation, String id) throws JMException {
    server.invoke(NAME, operation, new Object[] {id}, new String[] {String.class.getName()});
  }
}
