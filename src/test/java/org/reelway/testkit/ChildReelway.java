package org.reelway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.state.TestState;

/**
 * The packaged program as a child process, started by its launcher in a working folder of its own. Whatever a test does,
 * {@link #close} ends this very process and no other.
 */
public final class ChildReelway implements AutoCloseable {
  /** Generous: the machine may be busy. Nothing is ever timed by it. */
  public static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Most children live for seconds: optimising them would cost each a third of its start. Nothing is timed here. */
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  private static final String CREATE_FOLDERS = "reelway.recordings.create-folders";

  /** Keys that are given by their environment variable: on a command line they are refused. */
  private static final Map<String, String> SECRETS = Settings.all().stream()
      .filter(Setting::secret)
      .collect(Collectors.toMap(Setting::key, Setting::env));

  private static final Path LAUNCHER = Path.of("reelway").toAbsolutePath();
  private static final Pattern HTTP = Pattern.compile("hooks and API: (http://\\S+)/recordings");
  private static final Pattern MANAGEMENT = Pattern.compile("health: (http://\\S+)/observe/health");

  private final Process process;
  private final Path out;
  private final Path err;

  private ChildReelway(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** What the next child is started with; one command line can be started again and again. */
  public static final class CommandLine {
    private final Path folder;
    private final List<String> words;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> shell = new ArrayList<>();
    private String java = QUICK_START;
    private Path workingFolder;
    private Path launcher = LAUNCHER;
    private int starts;

    private CommandLine(Path folder, List<String> words) {
      this.folder = folder;
      this.words = new ArrayList<>(words);
      this.workingFolder = folder;
    }

    /** Another working folder than the child's own; its output stays there. */
    public CommandLine in(Path folder) {
      workingFolder = folder;
      return this;
    }

    /** Another copy of the program than this clone's. */
    public CommandLine launcher(Path other) {
      launcher = other;
      return this;
    }

    /** By {@code --set}, or by the environment where it is a secret. */
    public CommandLine set(String key, Object value) {
      settings.put(key, String.valueOf(value));
      return this;
    }

    /** Such as {@code -Xmx64m}. */
    public CommandLine java(String option) {
      java += " " + option;
      return this;
    }

    /** Files and connections that it may have open, as {@code ulimit -n} does. */
    public CommandLine files(int most) {
      shell.addAll(List.of("sh", "-c", "ulimit -n " + most + " && exec \"$0\" \"$@\""));
      return this;
    }

    public CommandLine environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /**
     * Starts it and returns at once. Folders that a media server would have made are there; a test that says who makes
     * them looks after them itself.
     */
    public ChildReelway start() {
      try {
        if (words.equals(List.of("run")) && !settings.containsKey(CREATE_FOLDERS)) {
          makeFolders();
        }
        Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(folder.resolve("tmp"));
        starts++;
        Path out = folder.resolve(words.get(0) + "-" + starts + ".out");
        Path err = folder.resolve(words.get(0) + "-" + starts + ".err");
        ProcessBuilder builder = new ProcessBuilder(arguments());
        builder.directory(workingFolder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("REELWAY_") || name.startsWith("AWS_"));
        builder.environment().put("HOME", folder.resolve("home").toString());
        builder.environment().put("REELWAY_JAVA_OPTS", "-Djava.io.tmpdir=" + folder.resolve("tmp")
            + " -Duser.home=" + folder.resolve("home") + " " + java);
        if (!settings.containsKey("reelway.state.url")) {
          builder.environment().putAll(TestState.environment(stateFolder()));
        }
        settings.forEach((key, value) -> {
          if (SECRETS.containsKey(key)) {
            builder.environment().put(SECRETS.get(key), value);
          }
        });
        builder.environment().putAll(environment);
        return new ChildReelway(builder.start(), out, err);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Path stateFolder() {
      return workingFolder.resolve(settings.getOrDefault("reelway.state.folder", "state"));
    }

    private void makeFolders() throws IOException {
      for (String key : List.of("reelway.recordings.folder", "reelway.live.folder")) {
        if (settings.containsKey(key)) {
          Files.createDirectories(Path.of(settings.get(key)));
        }
      }
    }

    /** Starts a sidecar and returns when it says that it is ready. */
    public ChildReelway startReady() {
      ChildReelway child = start();
      try {
        child.awaitLog("ready: ");
        return child;
      } catch (RuntimeException | Error e) {
        child.close();
        throw e;
      }
    }

    /** Runs it to its end. */
    public Finished finish() {
      try (ChildReelway child = start()) {
        int code = child.awaitExit();
        return new Finished(code, child.out(), child.err());
      }
    }

    private List<String> arguments() {
      List<String> arguments = new ArrayList<>(shell);
      arguments.add(launcher.toString());
      arguments.addAll(words);
      settings.forEach((key, value) -> {
        if (!SECRETS.containsKey(key)) {
          arguments.addAll(List.of("--set", key + "=" + value));
        }
      });
      return arguments;
    }
  }

  /** @param out standard output; @param err standard error, the log included */
  public record Finished(int code, String out, String err) {}

  /** @param folder made where it is missing; working folder, home and temporary folder of the child lie in it */
  public static CommandLine command(Path folder, String... words) {
    return new CommandLine(folder, List.of(words));
  }

  /**
   * A sidecar on free ports with short waits; recordings and state are folders in {@code folder}.
   *
   * @param options of {@code reelway run}
   */
  public static CommandLine sidecar(Path folder, URI endpoint, String... options) {
    return command(folder, Stream.concat(Stream.of("run"), Stream.of(options)).toArray(String[]::new))
        .set("reelway.recordings.folder", folder.resolve("recordings"))
        .set("reelway.recordings.settle-time", "0s")
        .set("reelway.recordings.rescan-every", "1s")
        .set("reelway.state.folder", folder.resolve("state"))
        .set("reelway.store.endpoint", endpoint)
        .set("reelway.store.bucket", TestStore.BUCKET)
        .set("reelway.store.access-key", TestStore.ACCESS_KEY)
        .set("reelway.store.secret-key", TestStore.SECRET_KEY)
        .set("reelway.transfer.part-size", "5MiB")
        .set("reelway.transfer.multipart-threshold", "5MiB")
        .set("reelway.transfer.retry-first", "100ms")
        .set("reelway.transfer.retry-max", "500ms")
        .set("reelway.http.port", 0)
        .set("reelway.management.port", 0);
  }

  public String out() {
    return read(out);
  }

  /** Standard error, where the log goes. */
  public String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Client of the hooks and the API; the sidecar is ready. */
  public HttpCalls http() {
    return new HttpCalls(said(HTTP));
  }

  /** Client of health, metrics and JMX; the sidecar is ready. */
  public HttpCalls management() {
    return new HttpCalls(said(MANAGEMENT));
  }

  private URI said(Pattern pattern) {
    Matcher matcher = pattern.matcher(err());
    assertThat(matcher.find()).as("the log says %s:%n%s", pattern, err()).isTrue();
    return URI.create(matcher.group(1));
  }

  public void awaitLog(String text) {
    await("the log says \"" + text + "\"", () -> err().contains(text));
  }

  /** Waits as long as the child lives; its log is part of the failure. */
  public void await(String what, Callable<Boolean> condition) {
    try {
      Awaitility.await(what)
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(25))
          .failFast("the child ended", () -> !process.isAlive() && !condition.call())
          .until(condition);
    } catch (ConditionTimeoutException | org.awaitility.core.TerminalFailureException e) {
      throw new AssertionError(what + ": " + e.getMessage() + "\n--- out\n" + out() + "\n--- err\n" + err(), e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** kill -9 */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** SIGSTOP: it does nothing, and its connections stay. */
  public void pause() {
    signal("STOP", pid());
  }

  /** SIGCONT */
  public void goOn() {
    signal("CONT", pid());
  }

  static void signal(String name, long pid) {
    try {
      assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGTERM; returns at once. */
  public void terminate() {
    process.destroy();
  }

  /** @return the exit code; 128 + n when signal n ended it */
  public int awaitExit() {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("the child ends:%n%s", err()).isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}
