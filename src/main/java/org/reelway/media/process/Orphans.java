package org.reelway.media.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Child processes that outlived the Reelway which started them, as after kill -9. Each child carries a mark in its
 * environment, so none is missed that was started in the very last moment, and no other program can be taken for one.
 * The environment of processes is read where Linux shows it; elsewhere no orphan is found.
 */
public final class Orphans {
  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
  private static final String VARIABLE = "REELWAY_CHILD_OF";

  private final String mark;

  /** @param owner names this installation, and stays the same over restarts */
  public Orphans(String owner) {
    this.mark = owner;
  }

  /** What each child has to have in its environment. */
  public Map<String, String> environment() {
    return Map.of(VARIABLE, mark);
  }

  /**
   * Ends all of them: TERM, and KILL after the grace time. To be called before any child is started.
   *
   * @return the ids of those that were there
   */
  public List<Long> end(Duration grace) throws InterruptedException {
    List<ProcessHandle> found = ProcessHandle.allProcesses().filter(this::isOurs).toList();
    found.forEach(ProcessHandle::destroy);
    long deadline = System.nanoTime() + grace.toNanos();
    List<Long> ids = new ArrayList<>();
    for (ProcessHandle each : found) {
      ids.add(each.pid());
      if (!hasEnded(each.onExit(), deadline - System.nanoTime()) && isOurs(each)) {
        each.destroyForcibly();
      }
    }
    return ids;
  }

  private static boolean hasEnded(CompletableFuture<ProcessHandle> exit, long nanos) throws InterruptedException {
    try {
      exit.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException alive) {
      return false;
    } catch (ExecutionException e) {
      LOG.debug("{}", e.toString());
      return false;
    }
  }

  private boolean isOurs(ProcessHandle process) {
    return !isLookedAfter(process) && carriesMark(process);
  }

  /** Whether it, or what it was started by, was given the mark; also while it is looked after. */
  boolean carriesMark(ProcessHandle process) {
    return ShownProcess.environment(process.pid()).contains(VARIABLE + "=" + mark);
  }

  /** Its parent is a Reelway that lives, this one or another: orphans are children of the system's first process. */
  private static boolean isLookedAfter(ProcessHandle process) {
    boolean own = process.equals(ProcessHandle.current())
        || process.parent().filter(ProcessHandle.current()::equals).isPresent();
    return own || process.parent().flatMap(parent -> parent.info().command()).filter(Orphans::isJava).isPresent();
  }

  private static boolean isJava(String command) {
    return command.endsWith("/java") || command.endsWith("\\java.exe");
  }
}
