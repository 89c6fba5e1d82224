package org.reelway.transfer.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.reelway.failure.InputFailure;
import org.reelway.settings.ProgramArguments;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;

/**
 * A program that is there, with its arguments.
 *
 * @param program absolute path
 */
public record ProgramCommand(Path program, ProgramArguments arguments) {

  /**
   * Of the setting, which has to be set.
   *
   * @throws InputFailure when there is no such program
   */
  public static ProgramCommand of(Settings settings, Setting<ProgramArguments> setting) {
    ProgramArguments arguments = settings.get(setting);
    return new ProgramCommand(found(arguments.program(), setting), arguments);
  }

  private static Path found(String name, Setting<?> setting) {
    if (name.contains("/")) {
      Path file = Path.of(name).toAbsolutePath();
      if (!isProgram(file)) {
        String what = Files.isDirectory(file) ? "is a folder" : Files.exists(file) ? "is not executable" : "is not there";
        throw new InputFailure(
            setting.key() + " begins with " + name + ", which " + what + "; name a program that Reelway's user may execute");
      }
      return file;
    }
    String path = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    return Arrays.stream(path.split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder).toAbsolutePath().resolve(name))
        .filter(ProgramCommand::isProgram)
        .findFirst()
        .orElseThrow(
            () ->
                new InputFailure(
                    setting.key() + " begins with " + name + ", and no folder of the PATH has an executable of that name;"
                        + " name the program by its whole path"));
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
