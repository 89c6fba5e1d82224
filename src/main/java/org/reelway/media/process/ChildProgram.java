package org.reelway.media.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;

/**
 * One run of a program to its end: an argument list and no shell, nothing on its standard input, a deadline after which
 * it is asked to end (TERM) and then ended (KILL), and the last words of its standard error kept for the message.
 */
public final class ChildProgram {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Path program;
  private final Duration deadline;
  private final Duration grace;
  private final List<String> launcher;
  private final Map<String, String> environment;

  public ChildProgram(Path program, Duration deadline) {
    this(program, deadline, GRACE);
  }

  /** @param grace the time from TERM to KILL */
  ChildProgram(Path program, Duration deadline, Duration grace) {
    this(program, deadline, grace, List.of());
  }

  /** @param launcher a program with its arguments that becomes the other one, as {@code nice} does; empty for none */
  public ChildProgram(Path program, Duration deadline, Duration grace, List<String> launcher) {
    this(program, deadline, grace, launcher, Map.of());
  }

  /** @param environment what it has beside what every program needs */
  public ChildProgram(
      Path program, Duration deadline, Duration grace, List<String> launcher, Map<String, String> environment) {
    this.program = program;
    this.deadline = deadline;
    this.grace = grace;
    this.launcher = List.copyOf(launcher);
    this.environment = Map.copyOf(environment);
  }

  /**
   * Waits until the program has ended.
   *
   * @param lines told each line of standard output as it comes, on another thread; must not throw
   * @return the exit code and the end of standard error
   * @throws OurFailure the program could not be started, or had not ended at the deadline
   * @throws InterruptedException this thread was interrupted; the program was ended first
   */
  public Ended run(List<String> arguments, Consumer<String> lines) throws InterruptedException {
    Process process = start(arguments);
    OutputTail errors = new OutputTail();
    Thread reader = reading("stdout", () -> eachLine(process.getInputStream(), lines));
    Thread errorReader = reading("stderr", () -> readAll(process.getErrorStream(), errors));
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        end(process);
        errorReader.join();
        throw new OurFailure(
            program.getFileName() + " had not ended after " + deadline.toSeconds() + " s and was stopped: " + errors);
      }
      reader.join();
      errorReader.join();
      return new Ended(process.exitValue(), errors.toString());
    } finally {
      if (process.isAlive()) {
        process.destroyForcibly().onExit().join();
      }
    }
  }

  private Process start(List<String> arguments) {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(launcher)).redirectInput(nothing());
    return ChildStart.start(builder, program, arguments, environment);
  }

  private static File nothing() {
    return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
  }

  /** By its handle: {@code Process.destroy} would close the streams, and the last words be lost. */
  private void end(Process process) throws InterruptedException {
    process.toHandle().destroy();
    if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      process.toHandle().destroyForcibly();
      process.waitFor();
    }
  }

  private Thread reading(String stream, Runnable work) {
    Thread thread = DaemonThreads.of(program.getFileName() + " " + stream, work);
    thread.start();
    return thread;
  }

  private static void eachLine(InputStream stream, Consumer<String> lines) {
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.accept(line);
      }
    } catch (IOException e) {
      // The stream was closed because the program was ended: there is nothing more to read.
    }
  }

  private static void readAll(InputStream stream, OutputTail words) {
    byte[] buffer = new byte[1024];
    try (stream) {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        words.keep(buffer, read);
      }
    } catch (IOException e) {
      // As above.
    }
  }

  /** How a run ended. */
  public record Ended(int exitCode, String lastWords) {
    /** HUP, INT, KILL and TERM; ffmpeg ends with 255 then. */
    private static final Set<Integer> BY_SIGNAL = Set.of(129, 130, 137, 143, 255);

    /** What is wrong is what it read, unless somebody ended it, or the disk was full. */
    public RuntimeException failure(String message) {
      return BY_SIGNAL.contains(exitCode) || lastWords.contains("No space left on device")
          ? new OurFailure(message) : new InputFailure(message);
    }
  }
}
