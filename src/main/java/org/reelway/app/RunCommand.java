package org.reelway.app;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reelway.app.check.RouteProblem;
import org.reelway.app.check.Severity;
import org.reelway.camel.Sidecar;
import org.reelway.failure.InputFailure;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StoreSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reelway run}: the sidecar, until it is told to stop. */
@Command(
    name = "run",
    description = "Runs the sidecar until SIGTERM or Ctrl-C; then finishes the parts under way and ends.")
final class RunCommand extends SettingsCommand {
  private static final Logger LOG = LoggerFactory.getLogger("org.reelway.Reelway");
  /** At rest some 330 are open. */
  private static final long FEWEST_FILES = 512;

  @Option(
      names = "--create-folders",
      description = "Make folders of recordings and live streams that are not there, in place of waiting for them.")
  private boolean createFolders;

  @Option(
      names = "--dry-run",
      description = "Only say what a start would do now with each recording: its route, store, bucket and key, and why others"
          + " are left alone. Nothing is sent, asked or written.")
  private boolean dryRun;

  @Override
  public Integer call() throws Exception {
    if (dryRun) {
      return dryRun();
    }
    long begun = System.nanoTime();
    ThriftyCompiler.use(CommandLineProgram.home());
    if (createFolders) {
      options().set(RecordingSettings.CREATE_FOLDERS, "true");
    }
    Settings settings = settings(StoreSettings.BUCKET);
    LogOutput.use(settings);
    requireFiles();
    Sidecar sidecar = new Sidecar(
        settings, CommandLineProgram.home(), () -> RouteTrouble.errors(settings, CommandLineProgram.home()));
    CountDownLatch stopped = new CountDownLatch(1);
    AtomicBoolean running = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sidecar, running.get(), stopped), "stop"));
    try {
      sidecar.start();
      running.set(true);
    } catch (RuntimeException e) {
      throw RouteTrouble.explain(settings, CommandLineProgram.home(), e);
    }
    sayStarted(settings, sidecar, begun);
    stopped.await();
    return 0;
  }

  private int dryRun() throws Exception {
    LogOutput.warningsOnly();
    Settings settings = settings(StoreSettings.BUCKET);
    List<RouteProblem> errors = RouteTrouble.look(settings, CommandLineProgram.home()).problems().stream()
        .filter(problem -> problem.severity() == Severity.ERROR).toList();
    if (!errors.isEmpty()) {
      errors.forEach(problem -> err().println("reelway: " + problem));
      return CommandLineProgram.FAILED;
    }
    new DryRun(settings, CommandLineProgram.home()).print(out());
    return 0;
  }

  private static void requireFiles() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        && system.getMaxFileDescriptorCount() < FEWEST_FILES) {
      throw new InputFailure(
          "this process may have " + system.getMaxFileDescriptorCount() + " files open (ulimit -n); Reelway needs " + FEWEST_FILES
              + ", libraries take most of them: raise the limit (LimitNOFILE= of systemd, --ulimit nofile= of Docker)");
    }
  }

  private static void sayStarted(Settings settings, Sidecar sidecar, long begun) {
    String what =
        NodeSettings.has(settings, NodeSettings.Role.INGEST) ? "watching " + settings.get(RecordingSettings.FOLDER)
            : "doing " + NodeSettings.words(settings);
    LOG.info("{} → bucket {} at {}", what, settings.get(StoreSettings.BUCKET), sidecar.store().address());
    settings.stores().forEach((name, group) -> LOG.info("store {} → bucket {}", name, settings.get(group.bucket)));
    LOG.info(
        "hooks and API: {}/recordings  page: {}", sidecar.http(),
        NodeSettings.has(settings, NodeSettings.Role.API) ? sidecar.http() + "/" : "none");
    LOG.info(
        "health: {}/observe/health  metrics: {}/observe/metrics  JMX: {}/observe/jolokia",
        sidecar.management(),
        sidecar.management(),
        sidecar.management());
    LOG.info(
        "ready: {} routes in {} ms",
        sidecar.camelContext().getRoutesSize(),
        (System.nanoTime() - begun) / 1_000_000);
  }

  /** In the middle of a start the process ends at once: what was begun goes on after the next one, as after a kill. */
  private static void stop(Sidecar sidecar, boolean running, CountDownLatch stopped) {
    if (!running) {
      return;
    }
    try {
      sidecar.drain();
      LOG.info("stopping: parts under way are finished, the rest goes on after the next start");
      sidecar.close();
      LOG.info("stopped");
    } finally {
      stopped.countDown();
    }
  }
}
