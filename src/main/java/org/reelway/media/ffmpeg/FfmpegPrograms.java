package org.reelway.media.ffmpeg;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/**
 * The two programs, as absolute paths that can be run as they are: no environment variable and no installed package is
 * needed beyond the C and C++ run-time libraries.
 */
public record FfmpegPrograms(Path ffmpeg, Path ffprobe) {
  /** The configured value that stands for "from the PATH". */
  public static final String ON_PATH = "path";

  /** The programs that come with Reelway, unpacked below {@code cacheFolder} (about 90 MB, once) and nowhere else. */
  public static FfmpegPrograms bundled(Path cacheFolder) {
    return new BundledFfmpeg().unpackedBelow(cacheFolder.toAbsolutePath());
  }

  /**
   * The programs of an installed copy, which may have them unpacked already (as the container image has); else the
   * bundled ones.
   *
   * @param unpackedFolder where an installed copy keeps them; need not be there
   * @param cacheFolder where the bundled programs are unpacked
   */
  public static FfmpegPrograms shipped(Path unpackedFolder, Path cacheFolder) {
    FfmpegPrograms unpacked = in(unpackedFolder.toAbsolutePath());
    return unpacked.areExecutable() ? unpacked : bundled(cacheFolder);
  }

  /**
   * The programs that a setting asks for.
   *
   * @param setting the setting's key, for messages
   * @param configured empty for the bundled programs, {@code path} for those on the PATH, else a folder that holds both
   * @param path the value of the environment variable PATH; may be null
   * @param cacheFolder where the bundled programs are unpacked
   * @throws InputFailure the programs are not where the setting says
   */
  public static FfmpegPrograms configured(String setting, String configured, String path, Path cacheFolder) {
    if (configured == null || configured.isBlank()) {
      return bundled(cacheFolder);
    }
    if (configured.equals(ON_PATH)) {
      return onPath(setting, path);
    }
    Path folder = Path.of(configured).toAbsolutePath();
    FfmpegPrograms programs = in(folder);
    if (!programs.areExecutable()) {
      throw new InputFailure(
          setting + "=" + configured + ": no executable ffmpeg and ffprobe in " + folder
              + "; name the folder that holds both, or 'path' to use those on the PATH,"
              + " or leave it empty to use the bundled ones");
    }
    return programs;
  }

  private static FfmpegPrograms onPath(String setting, String path) {
    for (String folder : path == null ? new String[0] : path.split(Pattern.quote(File.pathSeparator))) {
      FfmpegPrograms programs = inFolderOfPath(folder);
      if (programs != null && programs.areExecutable()) {
        return programs;
      }
    }
    throw new InputFailure(
        setting + "=" + ON_PATH + ": no folder of the PATH (" + path + ") holds both ffmpeg and ffprobe;"
            + " install them, or leave the setting empty to use the bundled ones");
  }

  /** Returns null for what is no folder's name; an empty entry is the current folder to a shell, but not here. */
  private static FfmpegPrograms inFolderOfPath(String folder) {
    try {
      return folder.isBlank() ? null : in(Path.of(folder).toAbsolutePath());
    } catch (InvalidPathException e) {
      return null;
    }
  }

  static FfmpegPrograms in(Path folder) {
    String suffix = File.separatorChar == '\\' ? ".exe" : "";
    return new FfmpegPrograms(folder.resolve("ffmpeg" + suffix), folder.resolve("ffprobe" + suffix));
  }

  private boolean areExecutable() {
    return isProgram(ffmpeg) && isProgram(ffprobe);
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
