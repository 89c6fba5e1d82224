package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.aws2.s3.AWS2S3Component;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.CamelProperties;
import org.reelway.camel.TrialBeans;
import org.reelway.settings.Settings;
import software.amazon.awssdk.services.s3.S3Client;

/** Shipped files, broken in many ways: what Camel does not start with, {@code check} refuses. */
class BrokenRoutesTest {
  /** Edits of each file; with {@code -Dreelway.edits=50} it takes some minutes. */
  private static final int EDITS = Integer.getInteger("reelway.edits", 2);

  private static final S3Client ANSWERS_NOTHING = (S3Client) Proxy.newProxyInstance(
      S3Client.class.getClassLoader(), new Class<?>[] {S3Client.class},
      (self, method, arguments) -> switch (method.getName()) {
        case "equals" -> self == arguments[0];
        case "hashCode" -> 1;
        default -> null;
      });

  @TempDir Path folder;
  private Settings settings;

  @Test
  void whatCamelRefusesCheckRefuses() throws IOException {
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.writeString(folder.resolve("p"), "reelway.routes.folder=" + folder + "\nreelway.store.bucket=recordings\n"
        + "reelway.live.folder=" + folder.resolve("live") + "\nreelway.servers.event-log=" + folder.resolve("log") + "\n");
    settings = Settings.load(folder.resolve("p"), Map.of(), Map.of());
    // Nothing calls the API's calls, which are half of all routes: while others are broken, they are not there.
    Path api = folder.resolve("80-api.camel.yaml");
    String calls = Files.readString(api);
    Files.delete(api);
    assertThat(RouteTrouble.errors(settings, Path.of("."))).isEmpty();
    List<String> missed = new ArrayList<>();
    int refused = 0;
    try (Stream<Path> files = Stream.concat(Files.list(folder), Stream.of(api))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".camel.yaml")).sorted().toList()) {
        String text = file.equals(api) ? calls : Files.readString(file);
        assertThat(refusal(file, text)).as("%s as it is shipped", file.getFileName()).isEmpty();
        Random random = new Random(file.getFileName().toString().hashCode() + Long.getLong("reelway.seed", 1));
        for (int edit = 0; edit < EDITS; edit++) {
          String broken = broken(text, random);
          Optional<String> refusal = refusal(file, broken);
          if (refusal.isPresent()) {
            refused++;
            Files.writeString(file, broken);
            if (RouteTrouble.errors(settings, Path.of(".")).isEmpty()) {
              missed.add(file.getFileName() + ": " + refusal.get() + "\n" + difference(text, broken));
            }
          }
        }
        Files.writeString(file, text);
        Files.deleteIfExists(api);
      }
    }
    System.out.println("refused by Camel: " + refused + ", missed by check: " + missed.size());
    assertThat(missed).isEmpty();
    assertThat(refused).as("edits that Camel refuses").isGreaterThan(EDITS * 5);
  }

  /** What a real context says that is started with this file alone. */
  private Optional<String> refusal(Path file, String text) {
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      camel.disableJMX();
      Properties all = new Properties();
      all.putAll(CamelProperties.placeholders(settings));
      camel.getPropertiesComponent().setInitialProperties(all);
      camel.getComponent("kamelet", KameletComponent.class).setLocation("file:" + Path.of("kamelets").toAbsolutePath());
      TrialBeans.bind(camel, List.of());
      camel.getComponent("aws2-s3", AWS2S3Component.class).getConfiguration().setAmazonS3Client(ANSWERS_NOTHING);
      camel.removeComponent("reelway");
      camel.addComponent("reelway", new StandIn());
      camel.getRegistry().bind("platform-http-engine", (PlatformHttpEngine) Unasked::new);
      camel.getShutdownStrategy().setTimeout(1);
      PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("file:" + file, text));
      camel.start();
      return Optional.empty();
    } catch (Exception | LinkageError e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      return Optional.of(String.valueOf(root));
    }
  }

  /** One line is changed as people do it. */
  private static String broken(String text, Random random) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n")));
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank() && !lines.get(i).strip().startsWith("#")) {
        places.add(i);
      }
    }
    int at = places.get(random.nextInt(places.size()));
    String line = lines.get(at);
    int indent = line.indexOf(line.strip());
    int letter = indent + random.nextInt(line.length() - indent);
    switch (random.nextInt(12)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, line);
      case 2 -> lines.set(at, " " + line);
      case 3 -> lines.set(at, line.replaceFirst("^  ", ""));
      case 4 -> lines.set(at, line.substring(0, letter) + line.substring(letter + 1));
      case 5 -> lines.set(at, line.substring(0, letter) + 'x' + line.substring(letter));
      case 6 -> lines.set(at, line.replaceFirst(":.*", ":"));
      case 7 -> lines.set(at, line.replaceFirst(": .*", ": \"\\${header.x && }\""));
      case 8 -> lines.set(at, line.replaceFirst("\\d+", "many"));
      case 9 -> lines.set(at, line.replaceFirst("(uri: )(\\S+?)(:|$)", "$1$2x$3"));
      case 10 -> lines.set(at, line.replace("true", "yes").replace("false", "nope").replace("Jackson", "Jakson").replace("simple", "simpel"));
      default -> lines.set(at, line.replaceFirst("\\b([a-z]+)([A-Z])", "$1_$2").replace("\"", ""));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String difference(String text, String broken) {
    List<String> old = List.of(text.split("\n"));
    List<String> fresh = List.of(broken.split("\n"));
    int at = 0;
    while (at < old.size() && at < fresh.size() && old.get(at).equals(fresh.get(at))) {
      at++;
    }
    return "line " + (at + 1) + "\n  - " + (at < old.size() ? old.get(at) : "") + "\n  + " + (at < fresh.size() ? fresh.get(at) : "");
  }

  private abstract static class Several extends DefaultEndpoint implements MultipleConsumersSupport {
    Several(String uri, Component component) {
      super(uri, component);
    }

    @Override
    public boolean isMultipleConsumersSupported() {
      return true;
    }
  }

  /** Takes all, and does nothing. */
  private static final class StandIn extends DefaultComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
      parameters.clear();
      return new Several(uri, this) {
        @Override
        public Producer createProducer() {
          return new DefaultProducer(this) {
            @Override
            public void process(Exchange exchange) {}
          };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
          return new DefaultConsumer(this, processor);
        }
      };
    }
  }

  /** What an HTTP server would be asked by. */
  private static final class Unasked extends DefaultConsumer implements PlatformHttpConsumer {
    Unasked(PlatformHttpEndpoint endpoint, Processor processor) {
      super(endpoint, processor);
    }

    @Override
    public PlatformHttpEndpoint getEndpoint() {
      return (PlatformHttpEndpoint) super.getEndpoint();
    }
  }
}
