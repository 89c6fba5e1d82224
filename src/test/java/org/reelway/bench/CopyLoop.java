package org.reelway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that copies a folder once a second, or as soon as it is done where it takes longer. */
final class CopyLoop implements AutoCloseable {
  private final ChildRun child;
  private final List<String> command;
  private final Thread thread = new Thread(this::run, "copy-loop");
  private volatile boolean ended;
  private volatile double peak;

  private CopyLoop(ChildRun child, List<String> command) {
    this.child = child;
    this.command = command;
  }

  static CopyLoop start(Peer peer, Path home, Path folder, SinkProcess sink) {
    CopyLoop loop =
        new CopyLoop(new ChildRun(home), peer.command(folder, Peer.SinkPlace.of(sink, Scheme.HTTP)));
    loop.thread.start();
    return loop;
  }

  private void run() {
    while (!ended) {
      long begun = System.nanoTime();
      try {
        Cost cost = child.run(command, Peer.environment());
        peak = Math.max(peak, cost.peakMebibytes());
      } catch (IOException someFilesWentAwayMeanwhile) {
        // As with any such loop: the next round finds what is there.
      } catch (InterruptedException e) {
        return;
      }
      long left = TimeUnit.SECONDS.toNanos(1) - (System.nanoTime() - begun);
      try {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, left));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** What its rounds cost that end in that time. */
  Cost measure(Duration time) throws InterruptedException {
    double cpu = ProcessFigures.endedChildrenSeconds();
    long since = System.nanoTime();
    Thread.sleep(time.toMillis());
    return new Cost(ProcessFigures.endedChildrenSeconds() - cpu, (System.nanoTime() - since) / 1e9, peak);
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    thread.join();
  }
}
