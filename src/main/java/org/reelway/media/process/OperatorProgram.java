package org.reelway.media.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that is not ours: an argument list and no shell, nothing on its standard input, and of our environment only what
 * every program needs, for the rest may hold secrets. At its time limit it is ended with all that it started.
 */
public final class OperatorProgram {
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration LAST_LOOK = Duration.ofMillis(10);
  private static final int LAST_LOOKS = 3;
  private static final int MOST_AT_A_LOOK = 1 << 20;

  private final Path program;
  private final Duration timeLimit;
  private final Duration grace;

  /** @param grace the time from TERM to KILL */
  public OperatorProgram(Path program, Duration timeLimit, Duration grace) {
    this.program = program;
    this.timeLimit = timeLimit;
    this.grace = grace;
  }

  /**
   * How a run ended.
   *
   * @param exitCode -1 where the time limit ended it
   * @param lastWords the end of what it said, on standard output and standard error
   */
  public record Ended(int exitCode, boolean tooLong, String lastWords) {}

  /**
   * Waits until the program has ended. What it left running goes on, and its output is not read any more.
   *
   * @param run all processes of this run
   * @throws org.reelway.failure.OurFailure it could not be started
   * @throws InterruptedException this thread was interrupted; the program was ended first, with all that it started
   */
  public Ended run(List<String> arguments, MarkedProcesses run) throws InterruptedException {
    Process process = start(arguments, run.environment());
    OutputTail words = new OutputTail();
    long deadline = System.nanoTime() + timeLimit.toNanos();
    try {
      boolean ended = false;
      while (!ended && System.nanoTime() < deadline) {
        ended = process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        listen(process, words);
      }
      if (!ended) {
        run.end(process.toHandle(), grace);
      }
      listenToTheEnd(process, words);
      return new Ended(ended ? process.exitValue() : -1, !ended, words.toString());
    } finally {
      if (process.isAlive()) {
        run.end(process.toHandle(), grace);
      }
      close(process);
    }
  }

  private Process start(List<String> arguments, Map<String, String> mark) {
    ProcessBuilder builder = new ProcessBuilder().redirectInput(new File("/dev/null")).redirectErrorStream(true);
    return ChildStart.start(builder, program, arguments, mark);
  }

  /** Without waiting: something that the program left running may hold its output open for ever. */
  private static void listen(Process process, OutputTail words) {
    byte[] buffer = new byte[8192];
    InputStream output = process.getInputStream();
    try {
      int all = 0;
      for (int there = output.available(); there > 0 && all < MOST_AT_A_LOOK; there = output.available()) {
        int read = output.read(buffer, 0, Math.min(there, buffer.length));
        words.keep(buffer, Math.max(0, read));
        all += Math.max(1, read);
      }
    } catch (IOException closed) {
      // It has ended, and its output with it.
    }
  }

  /** The end of a program's output is passed on by a thread of the Java library, a moment after the program's own end. */
  private static void listenToTheEnd(Process process, OutputTail words) throws InterruptedException {
    for (int look = 0; look < LAST_LOOKS; look++) {
      TimeUnit.MILLISECONDS.sleep(LAST_LOOK.toMillis());
      listen(process, words);
    }
  }

  private static void close(Process process) {
    try {
      process.getInputStream().close();
    } catch (IOException e) {
      // Nobody reads it any more.
    }
  }
}
