package org.reelway.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.settings.Settings;
import org.reelway.settings.imports.EvoStreamImport;
import org.reelway.settings.imports.ImportedSettings;
import org.reelway.settings.imports.WowzaImport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reelway import …}: settings from another system's configuration. */
@Command(
    name = "import",
    description = "Writes settings from another system's configuration.",
    mixinStandardHelpOptions = true,
    subcommands = {ImportCommand.Wowza.class, ImportCommand.EvoStream.class})
final class ImportCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code reelway import wowza Application.xml}. */
  @Command(
      name = "wowza",
      description = {
        "Writes settings from a Wowza application that uses the S3 upload module.",
        "Prints them, or writes them to a file. docs/wowza.md has the table of all properties."
      })
  static final class Wowza extends Import {
    @Parameters(paramLabel = "APPLICATION.XML", description = "The application's conf/<application>/Application.xml.")
    private Path application;

    @Option(
        names = "--home",
        paramLabel = "FOLDER",
        defaultValue = "/usr/local/WowzaStreamingEngine",
        description = "Where Wowza is installed, for the variables of paths (default: ${DEFAULT-VALUE}).")
    private Path home;

    @Override
    public Integer call() {
      return finish("the Wowza application " + application + " by reelway import wowza",
          WowzaImport.read(application, home, given()));
    }
  }

  /** {@code reelway import evostream plugins.json}. */
  @Command(
      name = "evostream",
      description = {
        "Writes settings from the plugins' file of the EvoStream web services.",
        "Prints them, or writes them to a file. docs/evostream.md has the tables of all plugins."
      })
  static final class EvoStream extends Import {
    @Parameters(paramLabel = "PLUGINS.JSON", description = "The web services' config/plugins.json (or config.json).")
    private Path plugins;

    @Override
    public Integer call() {
      return finish("the EvoStream plugins " + plugins + " by reelway import evostream", EvoStreamImport.read(plugins, given()));
    }
  }

  /** What imports have in common. */
  @Command(mixinStandardHelpOptions = true)
  abstract static class Import implements Callable<Integer> {
    @Option(names = "--out", paramLabel = "FILE", description = "Write to this new file, readable by its owner only.")
    private Path out;

    @Option(
        names = "--with-secrets",
        description = "Also write secrets. Needs --out; without it, they are left for the environment.")
    private boolean withSecrets;

    @Option(
        names = {"-s", "--set"},
        paramLabel = "KEY=VALUE",
        description = "A setting that is not in that configuration, or wins over it; may be repeated. Secrets are refused.")
    private Map<String, String> given = new LinkedHashMap<>();

    @Spec private CommandSpec spec;

    Map<String, String> given() {
      SettingsOptions.refuseSecrets(given);
      Settings.load(null, Map.of(), given);
      return given;
    }

    int finish(String from, ImportedSettings imported) {
      if (withSecrets && out == null) {
        throw new InputFailure("--with-secrets needs --out FILE: secrets are not printed");
      }
      // Before anything is written: what is wrong together is said, and leaves no file.
      Settings.load(null, Map.of(), imported.settings());
      String file = imported.file(from, withSecrets);
      if (out == null) {
        spec.commandLine().getOut().print(file);
        spec.commandLine().getOut().flush();
      } else {
        write(file);
        err().println("written to " + out + "; try it with: reelway check -c " + out);
      }
      imported.notes().forEach(note -> err().println("look at: " + note));
      if (!withSecrets) {
        imported.secrets().forEach(key -> err().println("not written: " + key + " is a secret; give it as environment"
            + " variable, or import with --with-secrets --out FILE"));
      }
      return 0;
    }

    /** Never over a file that is there: it may hold what somebody has set. */
    private void write(String text) {
      try (OutputStream file =
          Files.newOutputStream(
              Files.createFile(
                  out, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
              StandardOpenOption.WRITE)) {
        file.write(text.getBytes(StandardCharsets.UTF_8));
      } catch (FileAlreadyExistsException e) {
        throw new InputFailure(out + " is there already; name a new file with --out", e);
      } catch (IOException e) {
        throw new OurFailure(out + " cannot be written: " + e, e);
      }
    }

    private PrintWriter err() {
      return spec.commandLine().getErr();
    }
  }
}
