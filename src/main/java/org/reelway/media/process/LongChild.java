package org.reelway.media.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A program that runs for as long as it is wanted: an argument list and no shell. Nobody waits for it: who supervises it
 * looks in now and then, and one thread can look after hundreds. Used by one thread.
 */
public final class LongChild {
  private static final int LONGEST_LINE = 4096;

  private final Process process;
  private final OutputTail lastWords = new OutputTail();
  private final Lines output = new Lines();
  private final Lines errors = new Lines();
  private final byte[] buffer = new byte[4096];

  /** Lines out of bytes. */
  private static final class Lines {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    void take(byte[] bytes, int length, Consumer<String> lines) {
      for (int i = 0; i < length; i++) {
        if (bytes[i] == '\n') {
          lines.accept(line.toString(StandardCharsets.UTF_8));
          line.reset();
        } else if (line.size() < LONGEST_LINE) {
          line.write(bytes[i]);
        }
      }
    }
  }

  private LongChild(Process process) {
    this.process = process;
  }

  /**
   * @param environment what it has beside what every program needs
   * @throws org.reelway.failure.OurFailure it could not be started
   */
  public static LongChild start(Path program, List<String> arguments, Map<String, String> environment) {
    return new LongChild(ChildStart.start(new ProcessBuilder(), program, arguments, environment));
  }

  /** Takes what it said since the last call, without waiting. */
  public void listen(Consumer<String> linesOfStandardOutput) {
    listen(linesOfStandardOutput, line -> {});
  }

  /** Likewise, with the lines of its standard error. */
  public void listen(Consumer<String> linesOfStandardOutput, Consumer<String> linesOfErrors) {
    try {
      for (int read = read(process.getInputStream()); read > 0; read = read(process.getInputStream())) {
        output.take(buffer, read, linesOfStandardOutput);
      }
    } catch (IOException closed) {
      // It has ended, and its streams with it.
    }
    listenToErrors(linesOfErrors);
  }

  /** Likewise, where somebody else reads {@link #output}. */
  public void listenToErrors(Consumer<String> lines) {
    try {
      for (int read = read(process.getErrorStream()); read > 0; read = read(process.getErrorStream())) {
        lastWords.keep(buffer, read);
        errors.take(buffer, read, lines);
      }
    } catch (IOException closed) {
      // It has ended, and its streams with it.
    }
  }

  /** Its standard output, for a thread that waits for it. */
  public InputStream output() {
    return process.getInputStream();
  }

  /** Its standard input, for a thread that waits for it. */
  public OutputStream input() {
    return process.getOutputStream();
  }

  private int read(InputStream stream) throws IOException {
    int there = stream.available();
    return there <= 0 ? 0 : stream.read(buffer, 0, Math.min(there, buffer.length));
  }

  /** The end of its standard error, as far as it was listened to. */
  public String lastWords() {
    return lastWords.toString();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** @throws IllegalThreadStateException while it is alive */
  public int exitCode() {
    return process.exitValue();
  }

  /** Writes to its standard input; it may not read it any more. */
  public void type(String text) {
    try {
      OutputStream input = process.getOutputStream();
      input.write(text.getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException ended) {
      // What it would have been asked for has happened.
    }
  }

  /** Asks it to end; by its handle, for {@code Process.destroy} would close the streams, and the last words be lost. */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** Ends it. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }
}
