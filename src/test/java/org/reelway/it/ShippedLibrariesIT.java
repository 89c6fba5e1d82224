package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.Finished;

/** What a sidecar has on its class path. */
class ShippedLibrariesIT {
  /** Families whose modules are made for each other. */
  private static final Map<String, String> FAMILIES =
      Map.of("netty", "netty-.*", "aws-sdk", "(aws-core|s3|sts|auth|sdk-core|regions|http-client-spi|http-auth-aws)", "jackson", "jackson-.*", "prometheus", "prometheus-metrics-.*", "vertx", "vertx-.*", "camel",
          "camel-.*", "logback", "logback-.*");
  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d+(?:\\.\\d+)*)[.-]?[^/]*\\.jar");

  private static List<String> jars(String folder) {
    String[] names = Path.of("target", folder).toFile().list();
    assertThat(names).as(folder).isNotEmpty();
    return Arrays.asList(names);
  }

  @Test
  void eachFamilyOfLibrariesHasOneVersion() {
    Map<String, Set<String>> versions = new TreeMap<>();
    for (String jar : jars("lib")) {
      Matcher parts = JAR.matcher(jar);
      assertThat(parts.matches()).as(jar).isTrue();
      FAMILIES.forEach((family, pattern) -> {
        if (parts.group(1).matches(pattern)) {
          // Annotations of Jackson have no third number.
          versions.computeIfAbsent(family, name -> new TreeSet<>()).add(parts.group(2).replaceFirst("^(2\\.\\d+)\\.0$", "$1"));
        }
      });
    }
    assertThat(versions).hasSameSizeAs(FAMILIES).allSatisfy((family, all) -> assertThat(all).as(family).hasSize(1));
  }

  @Test
  void aSidecarHasNoStoreAndNoConnectionPool(@TempDir Path folder) throws IOException {
    assertThat(jars("lib")).noneMatch(jar -> jar.matches("(s3proxy|guava|protobuf|jetty|c3p0|mchange|netty-nio-client|apache5?-client)-.*"));
    assertThat(jars("demo-lib")).anyMatch(jar -> jar.startsWith("s3proxy-"));

    Finished demo = ChildReelway.command(folder, "demo").environment("REELWAY_JAVA", jarAlone(folder, "demo")).finish();

    assertThat(demo.code()).isEqualTo(2);
    assertThat(demo.err()).startsWith("reelway: the store of the demo is not part of this installation").doesNotContain("\tat ");
  }

  @Test
  void theAwsDriversLibrariesAreNotASidecarsAndWhoMissesThemIsToldWhereTheyAre(@TempDir Path folder) throws IOException {
    assertThat(jars("lib")).noneMatch(jar -> jar.matches("(medialive|mediapackage|cloudfront|ssm|aws-json-protocol)-.*"));
    assertThat(jars("aws-live-lib").stream().map(jar -> jar.replaceFirst("-[0-9].*", "")))
        .containsExactlyInAnyOrder("medialive", "mediapackage", "cloudfront", "ssm", "aws-json-protocol");
    assertThat(jars("demo-lib")).noneMatch(jar -> jar.startsWith("medialive-"));

    String words = "check --set reelway.workflow.driver=aws --set reelway.workflow.aws.role-arn=arn:aws:iam::1:role/r"
        + " --set reelway.workflow.aws.input-security-group=1 --set reelway.store.endpoint=http://127.0.0.1:9"
        + " --set reelway.store.bucket=none";
    assertThat(ChildReelway.command(folder, words.split(" ")).finish().out()).contains("its templates are valid");
    // What the launcher would start Java with, wherever the driver is named.
    Path says = Files.writeString(folder.resolve("says"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(says, PosixFilePermissions.fromString("rwx------"));
    Path file = Files.writeString(
        folder.resolve("my.properties"), words.replaceFirst("check ", "").replaceAll(" ?--set ", "\n").replace("driver=", "driver : "));
    String none = words.replace("--set reelway.workflow.driver=aws ", "");
    assertThat(ChildReelway.command(folder, "check", "--config", file.toString()).environment("REELWAY_JAVA", says.toString()).finish().out())
        .contains("/aws-live-lib/*");
    assertThat(ChildReelway.command(folder, none.split(" ")).environment("REELWAY_JAVA", says.toString())
        .environment("REELWAY_WORKFLOW_DRIVER", "aws").finish().out()).contains("/aws-live-lib/*");
    assertThat(ChildReelway.command(folder, none.split(" ")).environment("REELWAY_JAVA", says.toString()).finish().out())
        .contains("check").doesNotContain("aws-live-lib");
    assertThat(ChildReelway.command(folder, "check").environment("REELWAY_JAVA", jarAlone(folder, words)).finish().out())
        .contains("AWS SDK's modules for it are not on the class path").contains("aws-live-lib");
  }

  @Test
  void hawtiosPageIsNotASidecarsAndItsServerIsNowhere(@TempDir Path folder) throws IOException {
    assertThat(jars("lib")).noneMatch(jar -> jar.contains("hawtio"));
    assertThat(jars("hawtio-lib")).containsExactly("reelway-hawtio.jar");
    try (ZipFile page = new ZipFile("target/hawtio-lib/reelway-hawtio.jar")) {
      assertThat(page.getEntry("hawtio/index.html")).isNotNull();
      assertThat(page.stream().map(ZipEntry::getName)).noneMatch(name -> name.contains("WEB-INF") || name.endsWith(".class"));
    }

    String words = "run --set reelway.hawtio.enabled=true --set reelway.management.username=olga --set reelway.state.folder=" + folder.resolve("state")
        + " --set reelway.recordings.folder=" + Files.createDirectory(folder.resolve("recordings")) + " --set reelway.store.endpoint=http://127.0.0.1:9 --set reelway.store.bucket=none"
        + " --set reelway.http.port=0 --set reelway.management.port=0";
    Finished alone = ChildReelway.command(folder, "run").environment("REELWAY_MANAGEMENT_PASSWORD", "management-password")
        .environment("REELWAY_JAVA", jarAlone(folder, words)).finish();
    assertThat(alone.code()).isEqualTo(2);
    assertThat(alone.err()).contains("Hawtio's page is not on the class path").contains("hawtio-lib").doesNotContain("\tat ");
  }

  /** As in an installed copy: the jar, and what it names itself. */
  private static String jarAlone(Path folder, String words) throws IOException {
    Path java = Files.writeString(
        folder.resolve("java"),
        "#!/bin/sh\nexec '" + System.getProperty("java.home") + "/bin/java' -Dreelway.home='" + Path.of("").toAbsolutePath() + "' -jar '"
            + Path.of("target/reelway.jar").toAbsolutePath() + "' " + words + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    return java.toString();
  }
}
