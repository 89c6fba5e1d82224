package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
    for (String same : List.of("routes", "kamelets", "hooks", "docs", "docker/monitoring", "docker/kubernetes")) {
      assertThat(names(copy.resolve(same))).as(same).isEqualTo(names(Path.of(same)));
    }
    for (String same : List.of("lib", "demo-lib", "aws-live-lib", "telemetry-lib", "queue-lib")) {
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
    assertThat(said(folder, "dpkg-deb", "-f", deb, "Package", "Architecture", "Maintainer"))
        .matches("Package: reelway\nArchitecture: (amd64|arm64)\nMaintainer: \\S.* <[^@ ]+@[^> ]+\\.[^> ]+>\n");
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
  void theSumsAreSignedWhereAKeyIsGiven() throws Exception {
    assumeTrue(Files.exists(TARGET.resolve("SHA256SUMS.asc")), "no key was given: -Dsign.key=KEY");
    assumeInstalled("gpg");

    assertThat(said(TARGET, "gpg", "--verify", "SHA256SUMS.asc", "SHA256SUMS")).contains("Good signature");
    Path changed = Files.writeString(folder.resolve("SHA256SUMS"), Files.readString(TARGET.resolve("SHA256SUMS")).replace('a', 'b'));
    assertThatThrownBy(() -> said(TARGET, "gpg", "--verify", "SHA256SUMS.asc", changed.toString())).hasMessageContaining("BAD signature");
  }

  /** A layer over this very machine's files, whose changes are thrown away: dpkg itself, as root, and nothing of it stays. */
  @Test
  void theDebIsInstalledUsedUpgradedAndRemoved() throws Exception {
    for (String program : List.of("dpkg", "unshare", "adduser", "runuser")) {
      assumeTrue(Stream.of("/usr/bin", "/usr/sbin", "/sbin").anyMatch(bin -> Files.isExecutable(Path.of(bin, program))),
          program + " is not installed");
    }
    assumeTrue(Files.isWritable(Path.of("/")), "only root can install a package");
    for (String each : List.of("upper", "work", "root")) {
      Files.createDirectory(folder.resolve(each));
    }
    Path script = Files.writeString(folder.resolve("install"), """
        set -e
        cd "$1"
        mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root || { echo 'no overlay'; exit 0; }
        mount --bind /proc root/proc
        mount --bind /dev root/dev
        cp "$2" root/reelway.deb
        chroot root sh -e -c '
          cd /
          dpkg -i reelway.deb
          stat -c "%a %U:%G %n" /etc/reelway/application.properties /var/lib/reelway
          systemd-analyze verify /usr/lib/systemd/system/reelway.service 2>&1 || true
          systemd-analyze security --offline=true --threshold=40 /usr/lib/systemd/system/reelway.service | tail -n 1
          install -d -o reelway /srv/recordings
          sed -i "s|^#reelway.store.bucket=.*|reelway.store.bucket=recordings|; s|^#reelway.recordings.folder=.*|reelway.recordings.folder=/srv/recordings|" \
            /etc/reelway/application.properties
          printf "reelway.store.endpoint=%s\n" "$0" >>/etc/reelway/application.properties
          . /dev/fd/3
          runuser -u reelway -- reelway check | tail -n 1
          dpkg --force-confold -i reelway.deb
          grep -c "^reelway.store.bucket=recordings" /etc/reelway/application.properties
          dpkg -r reelway
          ls -d /usr/share/reelway /usr/bin/reelway /etc/reelway/application.properties /var/lib/reelway 2>/dev/null || true
          dpkg -P reelway
          ls -d /etc/reelway 2>/dev/null || echo purged
        ' "$3" 3<"$1/secrets"
        """);
    try (TestStore store = TestStore.start(folder.resolve("store"))) {
      Files.writeString(folder.resolve("secrets"), "export REELWAY_STORE_ACCESS_KEY=" + TestStore.ACCESS_KEY
          + " REELWAY_STORE_SECRET_KEY=" + TestStore.SECRET_KEY + " REELWAY_HTTP_PORT=0 REELWAY_MANAGEMENT_PORT=0\n");
      String said = said(folder, "unshare", "--mount", "sh", script.toString(), folder.toString(), made("reelway_.*\\.deb").toString(),
          store.endpoint().toString());
      assumeTrue(!said.contains("no overlay"), "a file system cannot be laid over another one here");

      assertThat(said).contains("640 root:reelway /etc/reelway/application.properties\n750 reelway:reelway /var/lib/reelway\n")
          .contains("enable --now reelway")
          .doesNotContainPattern("(?m)^\\S*reelway\\.service:").containsPattern("Overall exposure level for reelway.service: [1-3]\\.\\d OK")
          .contains("\nok: recordings would be sent\n");
      assertThat(said.substring(said.indexOf("ok: recordings"))).as("upgraded, removed, purged")
          .contains("\n1\n").contains("\n/etc/reelway/application.properties\n/var/lib/reelway\n").doesNotContain("/usr/share/reelway\n")
          .endsWith("purged\n");
    }
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
