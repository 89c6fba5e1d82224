package org.reelway.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.DurableFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reelway init}: a beginning beside a media server. */
@Command(
    name = "init",
    description = {
      "Writes settings to begin with beside a media server, and prints what to write into its own configuration.",
      "SERVER: nginx-rtmp, mediamtx, srs, node-media-server, wowza, evostream, wcs."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:written", "1:the file cannot be written", "2:no such server, the file is there already, or a setting is wrong"})
final class InitCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SERVER", description = "The media server.")
  private String server;

  @Option(
      names = "--out", paramLabel = "FILE", defaultValue = "application.properties",
      description = "Settings file to write, readable by its owner only (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(names = "--force", description = "Write over FILE.")
  private boolean force;

  @Option(
      names = {"-s", "--set"}, paramLabel = "KEY=VALUE",
      description = "A setting of your own, such as reelway.store.bucket; may be repeated. Secrets are refused.")
  private Map<String, String> given = new LinkedHashMap<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    SettingsOptions.refuseSecrets(given);
    Path file = out.toAbsolutePath().normalize();
    StartingPoint start = StartingPoint.of(server, file, CommandLineProgram.home().toAbsolutePath().normalize(), given);
    if (!force && Files.exists(file)) {
      throw new InputFailure(file + " is there already; name a new file with --out, or write over it with --force");
    }
    write(file, start.settings());
    spec.commandLine().getOut().print("Written: " + file + "\n\n" + start.told());
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static void write(Path file, String text) {
    try {
      DurableFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be written: " + e, e);
    }
  }
}
