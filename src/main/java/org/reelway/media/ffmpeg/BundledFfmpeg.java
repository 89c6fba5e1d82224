package org.reelway.media.ffmpeg;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.reelway.failure.FileTree;
import org.reelway.failure.OurFailure;

/**
 * Unpacks the programs of the {@code org.bytedeco:ffmpeg} jar.
 *
 * <p>Not done by that project's {@code Loader}: it loads the libraries into this process on the way, and so fails where
 * a machine has no sound libraries; it also keeps its folder in a system property for the whole process.
 *
 * <p>On Linux two things are made good in the unpacked copy, so that it runs on a machine without a desktop: the
 * programs look for all libraries in their own folder first (see {@link ElfSearchPath}), and the desktop libraries that
 * their device support links are there as empty stand-ins (see {@link ElfStandIn}). Capture from screens and sound
 * cards is thereby not available.
 */
final class BundledFfmpeg {
  private static final List<ElfStandIn> DESKTOP_LIBRARIES =
      List.of(
          new ElfStandIn("libpulse.so.0", List.of("PULSE_0")),
          new ElfStandIn("libasound.so.2", List.of("ALSA_0.9", "ALSA_0.9.0rc4", "ALSA_0.9.0rc8")),
          new ElfStandIn("libxcb.so.1", List.of()),
          new ElfStandIn("libxcb-shm.so.0", List.of()),
          // In the jar for x86_64 these are real.
          new ElfStandIn("libva.so.2", List.of("VA_API_0.33.0")),
          new ElfStandIn("libva-drm.so.2", List.of()),
          new ElfStandIn("libdrm.so.2", List.of()));

  /**
   * Several processes may do this at once: the copy appears under its name only when it is complete.
   *
   * @throws OurFailure there is no build for this machine, or the folder cannot be written
   */
  FfmpegPrograms unpackedBelow(Path cacheFolder) {
    try {
      JarURLConnection jar = jarForThisMachine();
      Path folder = cacheFolder.resolve(nameOf(jar));
      if (!isComplete(folder, jar)) {
        unpack(jar, folder);
      }
      return FfmpegPrograms.in(folder);
    } catch (IOException e) {
      throw new OurFailure(
          "the bundled ffmpeg cannot be unpacked below " + cacheFolder + ": " + e
              + "; the folder must be writable, allow programs (no noexec) and have 200 MB free",
          e);
    }
  }

  private static JarURLConnection jarForThisMachine() throws IOException {
    String platform = platform();
    for (String build : List.of(platform + "-gpl", platform)) {
      String folder = "/org/bytedeco/ffmpeg/" + build + "/";
      for (String program : List.of("ffmpeg", "ffmpeg.exe")) {
        URL url = BundledFfmpeg.class.getResource(folder + program);
        if (url != null && url.openConnection() instanceof JarURLConnection connection) {
          connection.setUseCaches(false);
          return connection;
        }
      }
    }
    throw new OurFailure(
        "no bundled ffmpeg for " + platform + " is on the class path; build with -Dffmpeg.platform=" + platform
            + "-gpl, or install ffmpeg and set it to be taken from the PATH");
  }

  /** As org.bytedeco names its builds. */
  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    String family = os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : "linux";
    return family + "-" + (arch.equals("amd64") ? "x86_64" : arch.equals("aarch64") ? "arm64" : arch);
  }

  /** The jar's file name without its suffix: it holds version and platform. */
  private static String nameOf(JarURLConnection jar) {
    String path = jar.getJarFileURL().getPath();
    return path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.jar$", "");
  }

  private static boolean isComplete(Path folder, JarURLConnection connection) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (JarFile jar = connection.getJarFile()) {
      for (JarEntry entry : programFiles(jar, connection)) {
        Path file = folder.resolve(fileName(entry));
        if (!Files.isRegularFile(file) || Files.size(file) != entry.getSize()) {
          return false;
        }
      }
    }
    return hasStandIns(folder) && Files.isExecutable(FfmpegPrograms.in(folder).ffmpeg());
  }

  private static boolean hasStandIns(Path folder) {
    return !isLinux() || DESKTOP_LIBRARIES.stream().allMatch(library -> Files.exists(folder.resolve(library.name())));
  }

  private static boolean isLinux() {
    return platform().startsWith("linux");
  }

  private static void unpack(JarURLConnection found, Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    Path unfinished =
        Files.createDirectory(folder.resolveSibling(folder.getFileName() + ".unpacking-" + UUID.randomUUID()));
    try {
      JarURLConnection connection = (JarURLConnection) found.getURL().openConnection();
      connection.setUseCaches(false);
      try (JarFile jar = connection.getJarFile()) {
        for (JarEntry entry : programFiles(jar, connection)) {
          copy(jar, entry, unfinished.resolve(fileName(entry)));
        }
      }
      if (isLinux()) {
        makeRunnableWithoutDesktop(FfmpegPrograms.in(unfinished), unfinished);
      }
      publish(unfinished, folder, found);
    } finally {
      FileTree.delete(unfinished);
    }
  }

  private static void publish(Path unfinished, Path folder, JarURLConnection found) throws IOException {
    for (int tries = 0; ; tries++) {
      try {
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (FileSystemException e) {
        JarURLConnection connection = (JarURLConnection) found.getURL().openConnection();
        connection.setUseCaches(false);
        if (isComplete(folder, connection)) {
          return; // another process was quicker
        }
        if (tries == 2) {
          throw e;
        }
        FileTree.delete(folder);
      }
    }
  }

  private static void copy(JarFile jar, JarEntry entry, Path target) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      Files.copy(in, target);
    }
    try (FileChannel written = FileChannel.open(target, StandardOpenOption.WRITE)) {
      written.force(true); // else a power cut could leave files of the right size that hold nothing
    }
    if (!target.getFileName().toString().contains(".so") && !target.toFile().setExecutable(true, false)) {
      throw new IOException(target + " cannot be made executable");
    }
  }

  private static void makeRunnableWithoutDesktop(FfmpegPrograms programs, Path folder) throws IOException {
    ElfSearchPath.ownFolderFirst(programs.ffmpeg());
    ElfSearchPath.ownFolderFirst(programs.ffprobe());
    for (ElfStandIn library : DESKTOP_LIBRARIES) {
      if (!Files.exists(folder.resolve(library.name()))) {
        Files.write(folder.resolve(library.name()), library.bytesFor(programs.ffmpeg()));
      }
    }
  }

  /** All files beside the program but for the Java bindings. */
  private static List<JarEntry> programFiles(JarFile jar, JarURLConnection connection) throws IOException {
    String program = connection.getEntryName();
    String folder = program.substring(0, program.lastIndexOf('/') + 1);
    return jar.stream()
        .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(folder))
        .filter(entry -> !fileName(entry).contains("/") && !fileName(entry).matches("(lib)?jni.*"))
        .toList();
  }

  private static String fileName(JarEntry entry) {
    return entry.getName().replaceFirst("^org/bytedeco/ffmpeg/[^/]+/", "");
  }
}
