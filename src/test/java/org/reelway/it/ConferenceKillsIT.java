package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.it.KilledConferences.Conference;
import org.reelway.testkit.NginxRtmp;

/**
 * kill -9 of Reelway, of the ffmpegs that record and of those that mix, at every step of a conference (P1, P3, P5).
 * {@code -Dreelway.seed=N} repeats the random part, {@code -Dreelway.kills=200} makes it long.
 */
@Tag("campaign")
class ConferenceKillsIT {
  /** After so many conferences everything is waited for and looked at. */
  private static final int BETWEEN_CHECKS = 10;

  @TempDir Path folder;

  /** What has happened when the kill comes, in this order. */
  private enum Step {
    STARTUP_NOTED, STARTED, ADD_NOTED, ADDED, FIRST_PIECE, FIRST_TIME, RECORDING, REMOVED, TERMINATE_CALLED, TERMINATED,
    TARGET_NOTED, TABLES, PUT_TOGETHER, NAMED, DONE_NOTED, JOB_BEGUN, JOB_NOTED, MARKED, FORGOTTEN, UPLOADING, MIXING,
    FINISHING, MIX_MADE, MIX_NAME_NOTED, MIX_PLACED, MIX_MARKED, CALLBACK_SENT, JOB_GONE, UPLOADING_MIX;

    boolean isBefore(Step other) {
      return compareTo(other) < 0;
    }
  }

  /** Those at which a conference can be held while another one goes on. */
  private static final List<Step> HELD = List.of(Step.UPLOADING, Step.CALLBACK_SENT, Step.UPLOADING_MIX);

  private final Map<String, Integer> kills = new TreeMap<>();
  private Random random;
  private KilledConferences all;

  @Test
  void aKillAtAnyStepLosesNothingAndTellsEverythingOnce() throws Exception {
    NginxRtmp.assumeInstalled();
    long seed = Long.getLong("reelway.seed", System.nanoTime());
    int count = Integer.getInteger("reelway.kills", 1);
    System.out.println("kills of conferences: -Dreelway.seed=" + seed + " -Dreelway.kills=" + count);
    random = new Random(seed);
    try (KilledConferences rig = new KilledConferences(folder)) {
      all = rig;
      if (count == 1) {
        killTwoAtOnce();
      } else {
        killEach(count);
      }
      check();
    }
  }

  /** One that is told or sent, and one that is recorded or made one file. */
  private void killTwoAtOnce() {
    Step late = HELD.get(random.nextInt(HELD.size()));
    int first = Step.RECORDING.ordinal();
    Step early = Step.values()[first + random.nextInt(Step.UPLOADING.ordinal() - first)];
    Conference sent = all.conference(0);
    System.out.println(sent.uri + " " + late + " recorders");
    record(sent, late, true);
    finish(sent, late, false);
    Conference recorded = all.conference(1);
    System.out.println(recorded.uri + " " + early);
    record(recorded, early, false);
    if (!early.isBefore(Step.TERMINATED)) {
      finish(recorded, early, false);
    }
    killReelway();
    assertThat(recorded.call("terminate", null)).as("it is over").isFalse();
  }

  private void killEach(int count) throws Exception {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (steps.isEmpty()) {
        steps.addAll(EnumSet.allOf(Step.class));
        Collections.shuffle(steps, random);
      }
      kill(all.conference(i), steps.remove(0));
      if ((i + 1) % BETWEEN_CHECKS == 0) {
        check();
      }
    }
  }

  private void check() throws Exception {
    all.check();
    System.out.println("all whole after " + kills);
    assertThat(all.child().err()).doesNotContain("is not mixed: ");
  }

  private void kill(Conference it, Step step) {
    boolean recorders = random.nextInt(4) == 0;
    boolean mixer = random.nextInt(4) == 0;
    System.out.println(it.uri + " " + step + (recorders ? " recorders" : "") + (mixer ? " mixer" : ""));
    record(it, step, recorders);
    if (!step.isBefore(Step.TERMINATED)) {
      finish(it, step, mixer);
    }
    killReelway();
  }

  private void killReelway() {
    kills.merge("reelway", 1, Integer::sum);
    all.killReelway();
    System.out.println("the kill left " + all.left());
  }

  private void record(Conference it, Step step, boolean recorders) {
    if (step == Step.STARTUP_NOTED) {
      later(() -> it.call("startup", null));
      until(() -> it.work().isPresent());
    } else {
      it.call("startup", null);
    }
    if (step.isBefore(Step.ADD_NOTED)) {
      return;
    }
    if (step == Step.ADD_NOTED) {
      later(() -> it.call("add", "left"));
      until(() -> it.note().contains("\"left\""));
      return;
    }
    KilledConferences.STREAMS.forEach(stream -> it.call("add", stream));
    if (step == Step.FIRST_PIECE) {
      until(() -> it.hasInWork(".*\\.piece"));
    } else if (step == Step.FIRST_TIME) {
      until(() -> it.hasInWork(".*\\.time"));
    }
    if (step.isBefore(Step.RECORDING)) {
      return;
    }
    it.awaitMedia();
    sometime(1500);
    if (recorders) {
      it.interruptedFor(() -> {
        int killed = all.killFfmpeg("-rtmp_playpath " + (random.nextBoolean() ? "left" : ""));
        assertThat(killed).isPositive();
        kills.merge("recorder", killed, Integer::sum);
      });
    }
    if (step == Step.REMOVED || random.nextInt(4) == 0 && !step.isBefore(Step.REMOVED)) {
      it.mediaEnds("left");
      it.call("remove", "left");
    }
    if (step == Step.TERMINATE_CALLED) {
      later(() -> it.call("terminate", null));
      sometime(30);
    }
  }

  private void finish(Conference it, Step step, boolean mixer) {
    if (step == Step.UPLOADING || step == Step.UPLOADING_MIX) {
      all.holdUploads(it, step == Step.UPLOADING_MIX);
    } else if (step == Step.CALLBACK_SENT) {
      all.holdCallbacks();
    }
    KilledConferences.STREAMS.forEach(it::mediaEnds);
    it.call("terminate", null);
    if (mixer && step.isBefore(Step.MIXING)) {
      // The recorders are about to finish by themselves.
      return;
    }
    if (mixer) {
      until(() -> it.hasInJob(".*\\.partial") || isReached(it, Step.MIX_MADE));
      sometime(200);
      kills.merge("mixer", all.killFfmpeg("_mixed.mp4"), Integer::sum);
      if (step.isBefore(Step.MIX_MADE)) {
        return;
      }
    }
    until(() -> isReached(it, step));
  }

  /** Or has been passed already: some last for a moment only. */
  private boolean isReached(Conference it, Step step) {
    return switch (step) {
      case TERMINATED -> true;
      case TARGET_NOTED -> it.note().contains("\"target\":\"/") || isReached(it, Step.NAMED);
      case TABLES -> it.hasInWork("tables-.*") || isReached(it, Step.NAMED);
      case PUT_TOGETHER -> it.has("\\.mp4\\.tmp") || isReached(it, Step.NAMED);
      case NAMED -> it.has("\\.mp4");
      case DONE_NOTED -> it.note().contains("\"done\":true") || isReached(it, Step.FORGOTTEN);
      case JOB_BEGUN -> it.job().isPresent() || isReached(it, Step.MIX_PLACED);
      case JOB_NOTED -> !it.jobNote().isEmpty() || isReached(it, Step.MIX_PLACED);
      case MARKED -> it.has("\\d\\.mp4\\.upload") || isReached(it, Step.FORGOTTEN);
      case FORGOTTEN -> it.has("\\.mp4") && it.work().isEmpty();
      case UPLOADING, UPLOADING_MIX -> all.isHeld();
      case MIXING -> it.hasInJob(".*\\.partial") || isReached(it, Step.MIX_PLACED);
      case FINISHING -> it.hasInJob("finished\\.mp4") || isReached(it, Step.MIX_PLACED);
      case MIX_MADE -> it.hasInJob(".*_mixed\\.mp4") || isReached(it, Step.MIX_PLACED);
      case MIX_NAME_NOTED -> it.jobNote().contains("\"target\":\"/") || isReached(it, Step.MIX_PLACED);
      case MIX_PLACED -> it.has("_mixed\\.mp4");
      case MIX_MARKED -> it.has("_mixed\\.mp4\\.upload") || isReached(it, Step.JOB_GONE);
      case CALLBACK_SENT -> all.hasCallback(it);
      case JOB_GONE -> it.has("_mixed\\.mp4") && it.job().isEmpty();
      default -> throw new IllegalArgumentException(step + " is not waited for");
    };
  }

  private static void later(Runnable call) {
    CompletableFuture.runAsync(call).exceptionally(killed -> {
      assertThat(killed).isInstanceOf(CompletionException.class);
      return null;
    });
  }

  private void until(BooleanSupplier seen) {
    long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (!seen.getAsBoolean()) {
      assertThat(System.nanoTime()).as("%s", all.child().err()).isLessThan(deadline);
      LockSupport.parkNanos(200_000);
    }
  }

  /** A moment that no step names. */
  private void sometime(int mostMillis) {
    LockSupport.parkNanos(random.nextInt(mostMillis) * 1_000_000L);
  }
}
