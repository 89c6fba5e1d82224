package org.reelway.app.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** The list of Camel's jars is that of the Camel which is here. */
class CamelJarsTest {
  private static final Pattern JAR = Pattern.compile(".*/(camel-[^/]+)-\\d+\\.\\d+\\.\\d+\\.jar!/.*");
  private static final Pattern SERVICE = Pattern.compile("META-INF/services/org/apache/camel/(component|language|dataformat)/([a-z0-9-]+)");

  @Test
  void isMadeForThisVersion() throws IOException {
    try (InputStream in = CamelJars.class.getResourceAsStream("camel-jars.properties")) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElseThrow())
          .as("make the list anew by the command in its head, and name the version there")
          .contains(" Camel " + new DefaultCamelContext(false).getVersion() + ":");
    }
  }

  @Test
  void agreesWithTheJarsThatAreHere() throws IOException {
    CamelJars jars = new CamelJars();
    List<String> compared = new ArrayList<>();
    for (URL manifest : Collections.list(CamelJars.class.getClassLoader().getResources(JarFile.MANIFEST_NAME))) {
      Matcher jar = JAR.matcher(manifest.toString());
      if (jar.matches()) {
        JarURLConnection connection = (JarURLConnection) manifest.openConnection();
        // Closed behind us, and nobody else's.
        connection.setUseCaches(false);
        try (JarFile file = connection.getJarFile()) {
          file.stream().map(entry -> SERVICE.matcher(entry.getName())).filter(Matcher::matches).forEach(service ->
              jars.of(service.group(1), service.group(2)).ifPresent(listed -> {
                compared.add(service.group(2));
                assertThat(listed).as(service.group()).isEqualTo(jar.group(1));
              }));
        }
      }
    }
    assertThat(compared).contains("aws2-s3", "quartz", "simple", "jackson").hasSizeGreaterThan(40);
  }
}
