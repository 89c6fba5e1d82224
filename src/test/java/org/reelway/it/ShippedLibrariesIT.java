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

    // As in an installed copy: the jar, and what it names itself.
    Path java = Files.writeString(
        folder.resolve("java"),
        "#!/bin/sh\nexec '" + System.getProperty("java.home") + "/bin/java' -jar '" + Path.of("target/reelway.jar").toAbsolutePath()
            + "' demo\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Finished demo = ChildReelway.command(folder, "demo").environment("REELWAY_JAVA", java.toString()).finish();

    assertThat(demo.code()).isEqualTo(2);
    assertThat(demo.err()).startsWith("reelway: the store of the demo is not part of this installation").doesNotContain("\tat ");
  }

}
