package org.reelway.media.process;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * All processes of one run of a program: it, what it started, however deep, and what has cut itself loose from it. Each has
 * the run's mark in its environment. Where the system shows no environments, those that have not cut themselves loose.
 */
public final class MarkedProcesses {
  private static final Duration KILLED = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final int ROUNDS = 5;

  private final Orphans mark;

  /** @param mark of this run and of no other */
  public MarkedProcesses(String mark) {
    this.mark = new Orphans(mark);
  }

  /** What the program has to have in its environment. */
  public Map<String, String> environment() {
    return mark.environment();
  }

  /** Ends all that are there: TERM, and KILL after the grace time. Not cut short by an interrupt, which is kept. */
  public void end(Duration grace) {
    end(Set.of(), grace);
  }

  /** The same, with the process that the run began with and all its children. */
  void end(ProcessHandle root, Duration grace) {
    Set<ProcessHandle> tree = new LinkedHashSet<>(Set.of(root));
    root.descendants().forEach(tree::add);
    end(tree, grace);
  }

  private void end(Set<ProcessHandle> tree, Duration grace) {
    Set<ProcessHandle> all = new LinkedHashSet<>(tree);
    all.addAll(marked());
    all.forEach(ProcessHandle::destroy);
    await(all, grace);
    for (int round = 0; round < ROUNDS; round++) {
      // What the last ones began in the meantime is found by its mark, or as a child of one that is still there.
      Set<ProcessHandle> left = new LinkedHashSet<>(marked());
      all.stream().filter(ShownProcess::runs).forEach(each -> {
        left.add(each);
        each.descendants().forEach(left::add);
      });
      if (left.isEmpty()) {
        return;
      }
      left.forEach(ProcessHandle::destroyForcibly);
      await(left, KILLED);
      all = left;
    }
  }

  private Set<ProcessHandle> marked() {
    Set<ProcessHandle> found = new LinkedHashSet<>();
    ProcessHandle.allProcesses().filter(mark::carriesMark).forEach(found::add);
    found.remove(ProcessHandle.current());
    return found;
  }

  /** By looking: the Java library looks at processes that are not our children every 300 ms and more. */
  private static void await(Set<ProcessHandle> processes, Duration most) {
    long deadline = System.nanoTime() + most.toNanos();
    boolean interrupted = Thread.interrupted();
    while (processes.stream().anyMatch(ShownProcess::runs) && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
