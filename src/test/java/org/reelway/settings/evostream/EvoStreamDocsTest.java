package org.reelway.settings.evostream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;

class EvoStreamDocsTest {
  private static final Path PAGE = Path.of("docs", "evostream.md");
  private static final String HEADING = "<!-- made from the code: EvoStreamDocsTest says how -->\n";

  /** The plugins of the web services, node and PHP, and their parameters. */
  private static final List<String> PLUGINS =
      List.of(
          "StreamAutoRouter", "StreamLoadBalancer", "StreamRecorder", "AmazonHLSUpload", "AmazonHDSUpload",
          "AmazonDASHUpload", "TranscodeResetter", "AzureStreamManager");
  private static final List<String> PARAMETERS =
      List.of(
          "token", "destination_uri", "destination_ems_apiproxies", "file_location", "period_time", "aws_access_key",
          "aws_secret_key", "default_bucket", "bootstrap");

  @BeforeAll
  static void makeAnewWhenAsked() throws IOException {
    if (Boolean.getBoolean("reelway.docs.write")) {
      String page = Files.readString(PAGE);
      Files.writeString(PAGE, page.substring(0, page.indexOf(HEADING)) + HEADING + "\n" + EvoStreamDocs.tables());
    }
  }

  @Test
  void thePageShowsTheTablesOfTheCode() throws IOException {
    assertThat(Files.readString(PAGE))
        .as("run mvn -q test -Dtest=EvoStreamDocsTest -Dreelway.docs.write=true")
        .endsWith(HEADING + "\n" + EvoStreamDocs.tables());
  }

  @Test
  void everyPluginAndEveryParameterIsKnown() {
    assertThat(Plugins.names()).containsExactlyInAnyOrderElementsOf(PLUGINS);
    assertThat(Plugins.all()).flatExtracting(Plugin::parameters).extracting(Parameter::name).containsAll(PARAMETERS);
  }

  @Test
  void everyCounterpartIsASettingThatThereIs() {
    Set<String> keys = Settings.all().stream().map(Setting::key).collect(Collectors.toSet());

    assertThat(Plugins.all()).flatExtracting(Plugin::parameters).extracting(Parameter::keys)
        .allSatisfy(each -> assertThat(each).isNotEmpty().isSubsetOf(keys));
  }
}
