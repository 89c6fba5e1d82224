package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.reelway.conference.mixer.MixJob;
import org.reelway.conference.mixer.MixJobs;
import org.reelway.conference.mixer.MixesProgress;
import org.reelway.transfer.observe.MixesMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mixing jobs as metrics, and as the MBean {@code org.reelway:type=Mixes}. */
public final class MixesView implements MixesMXBean, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MixesView.class);
  private static final String NAME = "org.reelway:type=Mixes";

  private final MixJobs jobs;

  private MixesView(MixJobs jobs) {
    this.jobs = jobs;
  }

  static MixesView show(MixJobs jobs, MeterRegistry metrics) {
    MixesView view = new MixesView(jobs);
    register(jobs, metrics);
    try {
      ManagementFactory.getPlatformMBeanServer().registerMBean(view, new ObjectName(NAME));
    } catch (JMException e) {
      LOG.debug("mixes are not shown over JMX: {}", e.toString());
    }
    return view;
  }

  /** Of all that run together: there is no end of jobs, and a series for each would have none. */
  private static void register(MixJobs jobs, MeterRegistry metrics) {
    for (MixJob.State each : MixJob.State.values()) {
      Gauge.builder("reelway.mixes", jobs, all -> count(all, each))
          .tag("state", each.word())
          .description("Multi-recordings that are to be mixed, by state")
          .register(metrics);
    }
    Gauge.builder("reelway.mixes.progress", jobs, all -> MixesProgress.of(all.all()).share())
        .description("How far the mixes are that run, together: 0 to 1; 0 where none runs")
        .register(metrics);
    Gauge.builder("reelway.mixes.left.seconds", jobs, MixesView::secondsLeft)
        .description("Until the last mix that runs is done; -1 where none runs, and while nobody can know")
        .register(metrics);
  }

  private static long count(MixJobs jobs, MixJob.State state) {
    return jobs.all().stream().filter(job -> job.state() == state).count();
  }

  private static long secondsLeft(MixJobs jobs) {
    return MixesProgress.of(jobs.all()).left().map(Duration::toSeconds).orElse(-1L);
  }

  @Override
  public long getWaiting() {
    return count(jobs, MixJob.State.WAITING);
  }

  @Override
  public long getMixing() {
    return count(jobs, MixJob.State.MIXING);
  }

  @Override
  public long getNoRoom() {
    return count(jobs, MixJob.State.NO_ROOM);
  }

  @Override
  public long getFailed() {
    return count(jobs, MixJob.State.FAILED);
  }

  @Override
  public long getCancelled() {
    return count(jobs, MixJob.State.CANCELLED);
  }

  @Override
  public double getPercent() {
    return percent(MixesProgress.of(jobs.all()).share());
  }

  private static double percent(double share) {
    return Math.round(share * 1000) / 10.0;
  }

  @Override
  public long getSecondsLeft() {
    return secondsLeft(jobs);
  }

  @Override
  public Map<String, String> getMixes() {
    Map<String, String> all = new LinkedHashMap<>();
    jobs.all().forEach(job -> all.put(job.id(), words(job)));
    return all;
  }

  private static String words(MixJob job) {
    String how =
        job.progress() == null
            ? job.trouble().isEmpty() ? "" : ": " + job.trouble()
            : String.format(Locale.ROOT, " (%.1f %%)", percent(job.progress().share()));
    return job.recording() + " " + job.state().word() + how;
  }

  @Override
  public void cancel(String id) {
    known(id, jobs.cancel(id));
  }

  @Override
  public void retry(String id) {
    known(id, jobs.retry(id));
  }

  @Override
  public void drop(String id) {
    known(id, jobs.drop(id));
  }

  private static void known(String id, boolean known) {
    if (!known) {
      throw new IllegalArgumentException("no mix has the id \"" + id + "\"");
    }
  }

  @Override
  public void close() {
    try {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(NAME));
    } catch (JMException e) {
      LOG.debug("mixes were not shown");
    }
  }
}
