package org.reelway.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code reelway}: the commands, what they answer to a shell, and how failures are told to people. */
@Command(
    name = "reelway",
    description = {
      "Carries a live media server's recordings to object storage, and never loses one.",
    },
    subcommands = {
      RunCommand.class,
      DemoCommand.class,
      CheckCommand.class,
      ProbeCommand.class,
      VerifyCommand.class,
      JanitorCommand.class,
      HealthCommand.class,
      BandwidthCommand.class,
      HookCommand.class,
      RepairCommand.class,
      TracksCommand.class,
      MixCommand.class,
      ImportCommand.class,
      ReleaseCommand.class,
      BackupCommand.class,
      CallbacksCommand.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.LOCAL,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:it did not work; what and why is told",
      "2:the command line or the settings are wrong"
    })
public final class CommandLineProgram implements Runnable {
  /** It did not work. */
  public static final int FAILED = 1;

  /** The command line or the settings are wrong. */
  public static final int USAGE = 2;

  @Spec private CommandSpec spec;

  /** @return the exit code */
  public static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  static CommandLine commandLine() {
    return new CommandLine(new CommandLineProgram())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(Help.defaultColorScheme(ansi()))
        .setExecutionExceptionHandler((e, commandLine, parsed) -> tell(e, commandLine));
  }

  /** Colours only where a person watches, and never where NO_COLOR (no-color.org) is set. */
  private static Ansi ansi() {
    boolean colours = Terminal.isWatched() && System.getenv("NO_COLOR") == null;
    return colours ? Ansi.ON : Ansi.OFF;
  }

  /** The program's own folder, where the shipped routes are; the working folder where the launcher was not used. */
  static Path home() {
    return Path.of(System.getProperty("reelway.home", "."));
  }

  private static int tell(Exception e, CommandLine commandLine) throws Exception {
    PrintWriter err = commandLine.getErr();
    Ansi ansi = commandLine.getColorScheme().ansi();
    Throwable cause = rootFailure(e);
    if (cause instanceof Failure failure) {
      err.println(ansi.string("@|bold,red reelway:|@ ") + failure.getMessage());
      return failure.failureClass() == FailureClass.INPUT ? USAGE : FAILED;
    }
    throw e;
  }

  private static Throwable rootFailure(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof Failure) {
        return t;
      }
    }
    return e;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
