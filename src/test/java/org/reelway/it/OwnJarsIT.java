package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;

/** A Camel component that Reelway does not bring along, in a jar of the operator's. */
class OwnJarsIT {
  private static final String COMPONENT =
      """
      package own;

      import java.util.Map;
      import org.apache.camel.*;
      import org.apache.camel.support.*;

      public class Shout extends DefaultComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
          return new ProcessorEndpoint(uri, this, exchange -> System.err.println("shouted by " + remaining));
        }
      }
      """;
  private static final String ROUTE =
      """
      - route:
          id: own
          description: Calls a component of one's own.
          from:
            id: once
            uri: timer:own
            parameters:
              repeatCount: 1
            steps:
              - to:
                  id: shout
                  uri: shout:somebody
      """;

  @TempDir Path folder;

  @BeforeEach
  void routes() throws Exception {
    Files.writeString(Files.createDirectories(folder.resolve("routes")).resolve("70-own.camel.yaml"), ROUTE);
  }

  @Test
  void aComponentInAJarOfTheOperatorsIsAtHand() throws Exception {
    jar(Files.createDirectories(folder.resolve("jars")).resolve("shout.jar"));
    try (ChildReelway child =
        sidecar().environment("REELWAY_LIB", folder.resolve("jars").toString()).startReady()) {
      child.awaitLog("shouted by somebody");
    }
  }

  @Test
  void withoutItTheRouteIsNamedThatNeedsIt() {
    try (ChildReelway child = sidecar().start()) {
      assertThat(child.awaitExit()).isNotZero();
      assertThat(child.err()).contains("70-own.camel.yaml:12").contains("lib/");
    }
  }

  private ChildReelway.CommandLine sidecar() {
    return ChildReelway.sidecar(folder, URI.create("http://127.0.0.1:9")).set("reelway.routes.folder", folder.resolve("routes"));
  }

  private void jar(Path jar) throws Exception {
    Path source = Files.writeString(Files.createDirectories(folder.resolve("own")).resolve("Shout.java"), COMPONENT);
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"), source.toString());
    assertThat(failed).isZero();
    try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new JarEntry("own/Shout.class"));
      out.write(Files.readAllBytes(folder.resolve("own/Shout.class")));
      out.putNextEntry(new JarEntry("META-INF/services/org/apache/camel/component/shout"));
      out.write("class=own.Shout\n".getBytes(StandardCharsets.UTF_8));
    }
  }
}
