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
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.conference.mixer.MixJobs;
import org.reelway.conference.mixer.MixOrder;
import org.reelway.conference.mixer.MixSettings;
import org.reelway.conference.mixer.MixerFile;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.MultiTrackMp4;
import org.reelway.transfer.observe.MixesMXBean;

/** Real jobs, seen and changed over JMX as a client does it. */
class MixesViewTest {
  @TempDir private Path folder;
  private final MeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private double metric(String name, String... tags) {
    return metrics.get(name).tags(tags).gauge().value();
  }

  @Test
  void jobsAreCountedFollowedCancelledAndTriedAgain() throws Exception {
    MixSettings settings = MixerFile.read(Files.writeString(folder.resolve("m.json"), "{\"minAvailableSpace\":\"900T\"}"));
    Path recording =
        new MultiTrackMp4().take("Ann", "a", 0, 1, 0).video("red", 160, 90, 25).and().write(folder.resolve("room.mp4"));
    ObjectName name = new ObjectName("org.reelway:type=Mixes");
    try (MixJobs jobs =
            new MixJobs(
                folder.resolve("mixes"), () -> settings, () -> LiveEncoder.PROGRAMS, 1, (job, mixed) -> {});
        MixesView view = MixesView.show(jobs, metrics)) {
      MixesMXBean mixes = JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(), name, MixesMXBean.class);
      String id = jobs.add(new MixOrder(recording, "u", Instant.EPOCH, Duration.ZERO));

      await().atMost(Duration.ofSeconds(30)).until(() -> mixes.getNoRoom() == 1);
      assertThat(metric("reelway.mixes", "state", "no-room")).isEqualTo(1);
      assertThat(metric("reelway.mixes.progress")).isZero();
      assertThat(metric("reelway.mixes.left.seconds")).isEqualTo(-1);
      assertThat(mixes.getPercent()).isZero();
      assertThat(mixes.getSecondsLeft()).isEqualTo(-1);
      assertThat(mixes.getMixes().get(id)).startsWith(recording + " no-room: ").contains("minAvailableSpace");

      mixes.cancel(id);
      assertThat(mixes.getCancelled()).isEqualTo(1);
      assertThat(mixes.getMixes()).isEqualTo(Map.of(id, recording + " cancelled: cancelled by request"));
      mixes.retry(id);
      await().atMost(Duration.ofSeconds(30)).until(() -> mixes.getNoRoom() == 1);
      mixes.drop(id);
      assertThat(mixes.getMixes()).isEmpty();
      assertThatThrownBy(() -> mixes.retry("nobody")).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no mix has the id");
    }
    assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(name)).isFalse();
  }
}
