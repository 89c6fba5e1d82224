package org.reelway.media.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;

class FfmpegProgramsTest {
  private static final String SETTING = "reelway.ffmpeg.folder";

  @TempDir Path folder;

  @Test
  void theBundledProgramsRunAsTheyAre() throws Exception {
    FfmpegPrograms programs = FfmpegPrograms.bundled(Path.of("target", "ffmpeg"));
    for (Path program : List.of(programs.ffmpeg(), programs.ffprobe())) {
      assertThat(program).isAbsolute();
      assertThat(outputWithoutEnvironment(program, "-version")).contains(program.getFileName() + " version 8");
    }
    assertThat(outputWithoutEnvironment(programs.ffmpeg(), "-hide_banner", "-encoders")).contains("libx264");
  }

  @Test
  void unpackingWritesNothingButTheGivenFolder() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Path current = Files.createDirectory(folder.resolve("cwd"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-Duser.home=" + home,
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Unpack.class.getName(),
                folder.resolve("cache").toString())
            .directory(current.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("said"))).isZero();
    assertThat(filesIn(home)).isEmpty();
    assertThat(filesIn(temporary)).isEmpty();
    assertThat(filesIn(current)).isEmpty();
    assertThat(filesIn(folder.resolve("cache"))).singleElement().asString().contains("ffmpeg-");
  }

  /** The main class of the child process above. */
  static final class Unpack {
    public static void main(String[] arguments) {
      FfmpegPrograms.bundled(Path.of(arguments[0]));
    }
  }

  @Test
  void anUnpackedCopyIsUsedAgainAndABrokenOneReplaced() throws Exception {
    FfmpegPrograms programs = FfmpegPrograms.bundled(folder);
    FileTime first = Files.getLastModifiedTime(programs.ffmpeg());
    assertThat(FfmpegPrograms.bundled(folder)).isEqualTo(programs);
    assertThat(Files.getLastModifiedTime(programs.ffmpeg())).isEqualTo(first);

    Files.write(programs.ffprobe(), new byte[10]);
    FfmpegPrograms.bundled(folder);
    assertThat(outputWithoutEnvironment(programs.ffprobe(), "-version")).contains("ffprobe version");
    assertThat(filesIn(folder)).hasSize(1);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void noLibraryOfADesktopIsNeeded() throws Exception {
    Path ffmpeg = FfmpegPrograms.bundled(folder).ffmpeg();
    assertThat(ffmpeg.resolveSibling("libpulse.so.0")).isRegularFile();
    Files.delete(ffmpeg.resolveSibling("libpulse.so.0"));
    assertThat(FfmpegPrograms.bundled(folder).ffmpeg().resolveSibling("libpulse.so.0")).isRegularFile();
    ProcessBuilder traced = new ProcessBuilder(ffmpeg.toString()).redirectErrorStream(true);
    traced.environment().put("LD_TRACE_LOADED_OBJECTS", "1"); // ld.so(8): list the libraries instead of running
    String libraries = new String(traced.start().getInputStream().readAllBytes());
    assertThat(libraries).doesNotContain("not found", "no version information");
    for (String library : List.of("libpulse", "libasound", "libxcb", "libva", "libavcodec")) {
      assertThat(libraries.lines().filter(line -> line.contains(library + ".so")))
          .isNotEmpty()
          .allMatch(line -> line.contains(ffmpeg.getParent().toString()));
    }
  }

  @Test
  void severalMayUnpackAtOnce() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<Future<FfmpegPrograms>> unpacked = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        unpacked.add(pool.submit((Callable<FfmpegPrograms>) () -> FfmpegPrograms.bundled(folder)));
      }
      for (Future<FfmpegPrograms> programs : unpacked) {
        assertThat(outputWithoutEnvironment(programs.get().ffmpeg(), "-version")).contains("ffmpeg version");
      }
      assertThat(filesIn(folder)).hasSize(1);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertThatThrownBy(() -> FfmpegPrograms.bundled(file.resolve("cache")))
        .isInstanceOf(OurFailure.class)
        .hasMessageContainingAll("the bundled ffmpeg cannot be unpacked below " + file, "must be writable");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void configuredProgramsComeFromTheirFolderOrThePath() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String name : List.of("ffmpeg", "ffprobe")) {
      assertThat(Files.createFile(bin.resolve(name)).toFile().setExecutable(true)).isTrue();
    }
    FfmpegPrograms expected = new FfmpegPrograms(bin.resolve("ffmpeg"), bin.resolve("ffprobe"));
    assertThat(FfmpegPrograms.configured(SETTING, bin.toString(), null, folder)).isEqualTo(expected);
    String path = "relative" + File.pathSeparator + File.pathSeparator + folder + File.pathSeparator + bin;
    assertThat(FfmpegPrograms.configured(SETTING, "path", path, folder)).isEqualTo(expected);
  }

  @Test
  void programsThatAnInstalledCopyHasUnpackedAreUsedAndNothingIsUnpackedAgain() throws Exception {
    Path cache = folder.resolve("cache");
    Path unpacked = FfmpegPrograms.bundled(folder.resolve("image")).ffmpeg().getParent();
    FfmpegPrograms shipped = FfmpegPrograms.shipped(unpacked, cache);
    assertThat(shipped.ffprobe()).isEqualTo(unpacked.resolve("ffprobe"));
    assertThat(outputWithoutEnvironment(shipped.ffmpeg(), "-version")).contains("ffmpeg version");
    assertThat(cache).doesNotExist();

    assertThat(FfmpegPrograms.shipped(folder.resolve("not there"), cache).ffmpeg()).startsWith(cache);
  }

  @Test
  void programsThatAreNotThereAreAnErrorThatSaysWhatToDo() {
    assertThatThrownBy(() -> FfmpegPrograms.configured(SETTING, folder.toString(), null, folder))
        .isInstanceOf(InputFailure.class)
        .hasMessage(
            "reelway.ffmpeg.folder=" + folder + ": no executable ffmpeg and ffprobe in " + folder
                + "; name the folder that holds both, or 'path' to use those on the PATH,"
                + " or leave it empty to use the bundled ones");
    assertThatThrownBy(() -> FfmpegPrograms.configured(SETTING, "path", folder.toString(), folder))
        .isInstanceOf(InputFailure.class)
        .hasMessage(
            "reelway.ffmpeg.folder=path: no folder of the PATH (" + folder + ") holds both ffmpeg and ffprobe;"
                + " install them, or leave the setting empty to use the bundled ones");
    assertThatThrownBy(() -> FfmpegPrograms.configured(SETTING, "path", null, folder)).isInstanceOf(InputFailure.class);
  }

  private static String outputWithoutEnvironment(Path program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.clear();
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static List<Path> filesIn(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
