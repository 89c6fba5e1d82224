package org.reelway.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.slf4j.LoggerFactory;
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

  private static final String HELP = "help";

  /** In the order of the help. */
  private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("run", RunCommand::new);
    COMMANDS.put("demo", DemoCommand::new);
    COMMANDS.put("init", InitCommand::new);
    COMMANDS.put("check", CheckCommand::new);
    COMMANDS.put("settings", ShowSettingsCommand::new);
    COMMANDS.put("routes", RoutesCommand::new);
    COMMANDS.put("ls", LsCommand::new);
    COMMANDS.put("get", GetCommand::new);
    COMMANDS.put("link", LinkCommand::new);
    COMMANDS.put("verify", VerifyCommand::new);
    COMMANDS.put("janitor", JanitorCommand::new);
    COMMANDS.put("health", HealthCommand::new);
    COMMANDS.put("support", SupportCommand::new);
    COMMANDS.put("bandwidth", BandwidthCommand::new);
    COMMANDS.put("hook", HookCommand::new);
    COMMANDS.put("repair", RepairCommand::new);
    COMMANDS.put("tracks", TracksCommand::new);
    COMMANDS.put("mix", MixCommand::new);
    COMMANDS.put("import", ImportCommand::new);
    COMMANDS.put("release", ReleaseCommand::new);
    COMMANDS.put("backup", BackupCommand::new);
    COMMANDS.put("callbacks", CallbacksCommand::new);
    COMMANDS.put("state", StateCommand::new);
    COMMANDS.put(HELP, CommandLine.HelpCommand::new);
  }

  @Spec private CommandSpec spec;

  /** @return the exit code */
  public static int run(String... arguments) {
    return commandLine(arguments).execute(arguments);
  }

  /**
   * With the one command that is named first, where one is: to set all of them up takes a third of a second.
   *
   * @param arguments none for all commands
   */
  static CommandLine commandLine(String... arguments) {
    CommandLine line = new CommandLine(new CommandLineProgram());
    Supplier<Object> named = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
    if (named == null || arguments[0].equals(HELP)) {
      COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.get()));
    } else {
      line.addSubcommand(arguments[0], named.get());
    }
    return line
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
      if (LogOutput.isJson()) {
        LoggerFactory.getLogger("org.reelway.Reelway").error("{}", failure.getMessage());
      } else {
        err.println(ansi.string("@|bold,red reelway:|@ ") + failure.getMessage());
      }
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
