package org.reelway.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.reelway.app.demo.Demo;
import org.reelway.app.demo.DemoScreen;
import org.reelway.failure.InputFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reelway demo}: the main job in a minute, with nothing but this folder. */
@Command(
    name = "demo",
    description = {
      "Shows the main job on this machine alone: a real recording travels into a store.",
      "Records a test stream with the bundled ffmpeg, lets the sidecar carry it into an embedded S3-compatible"
          + " store on loopback, and verifies the object. Needs no account; touches only its folder."
    },
    subcommands = {LiveDemoCommand.class, DemoStoreCommand.class},
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--keep", description = "Leave the store and the sidecar running until Ctrl-C.")
  private boolean keep;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "Where recording, store and state go (default: demo in the program's folder).")
  private Path folder;

  @Option(
      names = "--size",
      paramLabel = "MEGABYTES",
      defaultValue = "64",
      description = "Size of the recording, 10 to 1000 (default: ${DEFAULT-VALUE}).")
  private int megabytes;

  @Spec private CommandSpec spec;

  /** Of all commands this one only needs a store in this process; what is installed for a sidecar has none. */
  static void requireStore() {
    try {
      Class.forName("org.gaul.s3proxy.S3Proxy", false, DemoCommand.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new InputFailure(
          "the store of the demo is not part of this installation (demo-lib beside the program); run ./reelway demo in a"
              + " folder of Reelway's sources, or use docker/compose.yaml", e);
    }
  }

  @Override
  public Integer call() throws Exception {
    // The demo tells on its screen what the sidecar tells in its log.
    LogOutput.warningsOnly();
    requireStore();
    Path where = folder != null ? folder : CommandLineProgram.home().resolve("demo");
    DemoScreen screen =
        new DemoScreen(
            spec.commandLine().getOut(),
            spec.commandLine().getColorScheme().ansi(),
            Terminal.isWatched());
    boolean verified = new Demo(where, CommandLineProgram.home(), megabytes, screen).run(keep);
    return verified ? 0 : CommandLineProgram.FAILED;
  }
}
