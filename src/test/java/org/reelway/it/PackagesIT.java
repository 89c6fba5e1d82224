package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.Finished;
import org.reelway.testkit.TestStore;

/** What {@code mvn -Pdist package} makes is whole: it is unpacked and used, or looked into where it would need an installation. */
class PackagesIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  @TempDir Path folder;

  @BeforeEach
  void packagesAreOfThisBuild() throws IOException {
    Path sums = TARGET.resolve("SHA256SUMS");
    assumeTrue(
        Files.exists(sums)
            && Files.getLastModifiedTime(sums).compareTo(Files.getLastModifiedTime(TARGET.resolve("reelway.jar"))) >= 0,
        "no packages of this build; mvn -Pdist makes them");
  }

  private static Path made(String glob) throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      List<Path> found = files.filter(file -> file.getFileName().toString().matches(glob)).toList();
      assertThat(found).as(glob).hasSize(1);
      return found.get(0);
    }
  }

  private String said(Path in, String... command) throws IOException, InterruptedException {
    Path out = folder.resolve("said");
    Process process = new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    int code = process.waitFor();
    String said = Files.readString(out);
    assertThat(code).as(String.join(" ", command) + "\n" + said).isZero();
    return said;
  }

  private static void assumeInstalled(String program) {
    assumeTrue(Stream.of("/usr/bin", "/bin").anyMatch(bin -> Files.isExecutable(Path.of(bin, program))), program + " is not installed");
  }

  @Test
  void theUnpackedCopyCarriesARecording() throws Exception {
    Path copy = unpacked();
    Path launcher = copy.resolve("reelway");
    Path work = Files.createDirectory(folder.resolve("work"));

    Finished version = ChildReelway.command(work, "--version").launcher(launcher).finish();
    assertThat(version.out()).matches("reelway " + versionOf(copy) + ", Java \\d+\n");

    try (TestStore store = TestStore.start(folder.resolve("store"))) {
      Files.createDirectory(work.resolve("recordings"));
      Files.createDirectory(copy.resolve("own-lib"));
      Files.copy(copy.resolve("reelway.jar"), copy.resolve("own-lib/mine.jar"));
      Finished check = ChildReelway.command(work, "check").launcher(launcher)
          .set("reelway.store.endpoint", store.endpoint()).set("reelway.store.bucket", TestStore.BUCKET)
          .set("reelway.store.access-key", TestStore.ACCESS_KEY).set("reelway.store.secret-key", TestStore.SECRET_KEY)
          .set("reelway.http.port", 0).set("reelway.management.port", 0)
          .finish();
      assertThat(check.code()).as(check.out() + check.err()).isZero();
      assertThat(check.out()).startsWith("settings are valid\nroutes are valid\n").endsWith("\nok: recordings would be sent\n");

      try (ChildReelway child = ChildReelway.sidecar(work, store.endpoint()).launcher(launcher).startReady()) {
        assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"))).as("a jar of one's own is used")
            .contains(copy.resolve("reelway.jar") + ":" + copy.resolve("own-lib/*"));
        byte[] film = {1, 2, 3};
        Files.write(work.resolve("recordings/film.mp4"), film);
        Files.createFile(work.resolve("recordings/film.mp4.upload"));
        child.await("it is in the store", () -> store.has("film.mp4") && Files.notExists(work.resolve("recordings/film.mp4.upload")));
        assertThat(store.bytes("film.mp4")).isEqualTo(film);
        child.terminate();
        assertThat(child.awaitExit()).isEqualTo(143);
      }
    }
    Finished driver = ChildReelway.command(work, "check").launcher(launcher)
        .set("reelway.store.bucket", "none").set("reelway.workflow.driver", "aws").finish();
    assertThat(driver.err()).as("its libraries are there").doesNotContain("aws-live-lib");
  }

  private Path unpacked() throws Exception {
    said(folder, "tar", "xzf", made("reelway-[\\d.]+.*\\.tar\\.gz").toString());
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(each -> each.getFileName().toString().startsWith("reelway-")).findFirst().orElseThrow();
    }
  }

  private static String versionOf(Path copy) {
    return copy.getFileName().toString().substring("reelway-".length());
  }

  @Test
  void aCopyHasWhatItsDocsNameAndNothingOfTheBuild() throws Exception {
    Path copy = unpacked();

    assertThat(copy).isDirectoryContaining("glob:**/README.md").isDirectoryContaining("glob:**/LICENSE").isDirectoryContaining("glob:**/NOTICE")
        .isDirectoryContaining("glob:**/application.properties").isDirectoryContaining("glob:**/sbom.cdx.json")
        .isDirectoryNotContaining("glob:**/pom.xml").isDirectoryNotContaining("glob:**/src");
    for (String same : List.of("routes", "kamelets", "hooks", "docs")) {
      assertThat(names(copy.resolve(same))).as(same).isEqualTo(names(Path.of(same)));
    }
    for (String same : List.of("lib", "demo-lib", "aws-live-lib")) {
      assertThat(names(copy.resolve(same))).as(same).isEqualTo(names(TARGET.resolve(same)));
    }
    assertThat(copy.resolve("hooks/on_record_hook.sh")).isExecutable();
    assertThat(Files.readString(copy.resolve("sbom.cdx.json"))).contains("\"bomFormat\" : \"CycloneDX\"", "\"camel-core-engine\"", "\"ffmpeg\"");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(file -> folder.relativize(file).toString()).sorted().toList();
    }
  }

  @Test
  void theSumsAreThoseOfThePackages() throws Exception {
    assumeInstalled("sha256sum");

    assertThat(said(TARGET, "sha256sum", "-c", "SHA256SUMS").lines()).hasSize(3).allMatch(line -> line.endsWith(": OK"));
  }

  @Test
  void theDebHasItsFilesWhereDebianWantsThem() throws Exception {
    assumeInstalled("dpkg-deb");
    String deb = made("reelway_.*\\.deb").toString();

    List<String> lines = said(folder, "dpkg-deb", "-c", deb).lines().toList();

    List<String> settings = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" +", 6);
      String path = words[5].replaceAll(" -> .*", "").substring(1);
      assertThat(words[1]).as(line).isEqualTo("root/root");
      assertThat(words[0]).as(line).matches("l.*|drwxr-xr-x|-rwxr-xr-x|-rw-r--(r--|---)");
      assertThat(path).as(line).matches("/(|usr/(|bin/.*|share/.*|lib/(|systemd/.*))|etc/(|reelway/.*))");
      if (path.startsWith("/etc/") && !path.endsWith("/")) {
        settings.add(path);
      }
    }
    assertThat(lines).anyMatch(line -> line.startsWith("-rwxr-xr-x") && line.endsWith(" ./usr/bin/reelway"))
        .anyMatch(line -> line.startsWith("-rw-r-----") && line.endsWith(" ./etc/reelway/application.properties"))
        .anyMatch(line -> line.endsWith(" ./usr/share/reelway/routes -> /etc/reelway/routes"))
        .anyMatch(line -> line.endsWith(" ./usr/share/doc/reelway/copyright"))
        .noneMatch(line -> line.contains("demo-lib"));
    assertThat(said(folder, "dpkg-deb", "-I", deb, "conffiles").lines()).containsExactlyInAnyOrderElementsOf(settings);
    assertThat(said(folder, "dpkg-deb", "-f", deb, "Package", "Architecture"))
        .matches("Package: reelway\nArchitecture: (amd64|arm64)\n");
    for (String script : List.of("postinst", "prerm", "postrm")) {
      Path file = Files.writeString(folder.resolve(script), said(folder, "dpkg-deb", "-I", deb, script));
      said(folder, "sh", "-n", file.toString());
    }
  }

  @Test
  void theSettingsOfTheDebNameTheFoldersOfTheSystem() throws Exception {
    assumeInstalled("dpkg-deb");
    Path root = Files.createDirectory(folder.resolve("root"));
    said(folder, "dpkg-deb", "-x", made("reelway_.*\\.deb").toString(), root.toString());
    Path file = root.resolve("etc/reelway/application.properties");

    Finished settings = ChildReelway.command(folder, "settings", "--changed")
        .launcher(root.resolve("usr/share/reelway/reelway")).environment("REELWAY_CONFIG", file.toString()).finish();

    assertThat(settings.code()).as(settings.err()).isZero();
    assertThat(settings.out().lines().map(line -> line.replaceAll(" +", " ").replaceAll(file + ":\\d+", "FILE"))).containsExactly(
        "setting value from",
        "reelway.state.folder /var/lib/reelway FILE",
        "reelway.routes.folder /etc/reelway/routes FILE",
        "reelway.routes.kamelets /etc/reelway/kamelets FILE");
    assertThat(names(root.resolve("etc/reelway/routes"))).isEqualTo(names(Path.of("routes")));
  }

  @Test
  void systemdTakesTheUnit() throws Exception {
    assumeInstalled("systemd-analyze");
    String unit = Files.readString(Path.of("src/dist/reelway.service")).replace("ExecStart=reelway ", "ExecStart=/bin/true ")
        .replaceAll("Documentation=.*\n", "");
    Path file = Files.writeString(folder.resolve("reelway.service"), unit);

    assertThat(said(folder, "systemd-analyze", "verify", file.toString())).isEmpty();
  }
}
