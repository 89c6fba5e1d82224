package org.reelway.camel.jmx;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.reelway.conference.mixer.MixJob;
import org.reelway.conference.mixer.Mixes;
import org.reelway.conference.mixer.MixesProgress;

/** The MBean {@code org.reelway:type=Mixes}. */
@ManagedResource(description = "Recordings that are to be mixed")
public final class MixesBean {
  private final Mixes jobs;

  public MixesBean(Mixes jobs) {
    this.jobs = jobs;
  }

  public static long count(Mixes jobs, MixJob.State state) {
    return jobs.counts().getOrDefault(state, 0L);
  }

  /** -1 where nobody can know. */
  public static long secondsLeft(Mixes jobs) {
    return MixesProgress.of(jobs.here()).left().map(Duration::toSeconds).orElse(-1L);
  }

  @ManagedAttribute(description = "Mixes that wait for their turn")
  public long getWaiting() {
    return count(jobs, MixJob.State.WAITING);
  }

  @ManagedAttribute(description = "Mixes that run")
  public long getMixing() {
    return count(jobs, MixJob.State.MIXING);
  }

  @ManagedAttribute(description = "Mixes that go on when enough space is free")
  public long getNoRoom() {
    return count(jobs, MixJob.State.NO_ROOM);
  }

  @ManagedAttribute(description = "Mixes that failed")
  public long getFailed() {
    return count(jobs, MixJob.State.FAILED);
  }

  @ManagedAttribute(description = "Mixes that were cancelled")
  public long getCancelled() {
    return count(jobs, MixJob.State.CANCELLED);
  }

  @ManagedAttribute(description = "How far those that run are together, 0 to 100; 0 where none runs")
  public double getPercent() {
    return percent(MixesProgress.of(jobs.here()).share());
  }

  private static double percent(double share) {
    return Math.round(share * 1000) / 10.0;
  }

  @ManagedAttribute(description = "Seconds until the last of those that run is done; -1 where none runs, or nobody can know")
  public long getSecondsLeft() {
    return secondsLeft(jobs);
  }

  @ManagedAttribute(description = "By id: the recording, its state, and how far its mix is or why it does not go on")
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

  @ManagedOperation(description = "Ends one; it can be tried again")
  public void cancel(String id) {
    known(id, jobs.cancel(id));
  }

  @ManagedOperation(description = "Tries one again that failed, was cancelled, or waits for room")
  public void retry(String id) {
    known(id, jobs.retry(id));
  }

  @ManagedOperation(description = "Drops one, and the room that it holds")
  public void drop(String id) {
    known(id, jobs.drop(id));
  }

  private static void known(String id, boolean known) {
    if (!known) {
      throw new IllegalArgumentException("no mix has the id \"" + id + "\"");
    }
  }
}
