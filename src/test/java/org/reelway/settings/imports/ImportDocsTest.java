package org.reelway.settings.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;

/** The tables of what is imported, in docs/wowza.md and docs/evostream.md. */
class ImportDocsTest {
  private static final String HEADING = "<!-- made from the code: ImportDocsTest says how -->\n";
  private static final List<Counterpart<WowzaApplication.Property>> WOWZA = new WowzaProperties(Map.of()).all();

  /** The properties of build 55, in the order of its documentation. */
  private static final List<String> MODULE =
      List.of(
          "s3UploadAccessKey", "s3UploadSecretKey", "s3UploadAwsProfile", "s3UploadAwsProfilePath",
          "s3UploadBucketName", "s3UploadFilePrefix", "s3UploadRegion", "s3UploadEndpoint", "s3UploadUseDefaultRegion",
          "s3UploadAllowBucketRegionOverride", "s3UploadCheckBucket", "s3UploadDebugLog", "s3UploadResumeUploads",
          "s3UploadRestartFailedUploads", "s3UploadRestartFailedUploadTimeout", "s3UploadVersionFile",
          "s3UploadStripRecorderVersioning", "s3UploadDeletOriginalFiles", "s3UploadDeleteOriginalFiles",
          "s3UploadDelay", "s3UploadACLGroupGranteeUri", "s3UploadACLPermissionRule", "s3UploadCannedAcl");

  /** The plugins of the web services, node and PHP, and their parameters. */
  private static final List<String> PLUGINS =
      List.of(
          "StreamAutoRouter", "StreamLoadBalancer", "StreamRecorder", "AmazonHLSUpload", "AmazonHDSUpload",
          "AmazonDASHUpload", "TranscodeResetter", "AzureStreamManager");
  private static final List<String> PARAMETERS =
      List.of(
          "token", "destination_uri", "destination_ems_apiproxies", "file_location", "period_time", "aws_access_key",
          "aws_secret_key", "default_bucket", "bootstrap");

  private static Stream<Counterpart<EvoStreamPlugins.Parameter>> parameters() {
    return EvoStreamPlugins.ALL.stream().flatMap(plugin -> plugin.parameters().stream());
  }

  @ParameterizedTest
  @ValueSource(strings = {"wowza", "evostream"})
  void thePageShowsTheTablesOfTheCode(String name) throws IOException {
    Path page = Path.of("docs", name + ".md");
    String tables = name.equals("wowza") ? Counterpart.table("property of the module", WOWZA) : EvoStreamPlugins.tables();
    if (Boolean.getBoolean("reelway.docs.write")) {
      String text = Files.readString(page);
      Files.writeString(page, text.substring(0, text.indexOf(HEADING)) + HEADING + "\n" + tables);
    }
    assertThat(Files.readString(page))
        .as("run mvn -q test -Dtest=ImportDocsTest -Dreelway.docs.write=true")
        .endsWith(HEADING + "\n" + tables);
  }

  @Test
  void everyPropertyAndEveryPluginWithItsParametersIsKnown() {
    assertThat(WOWZA).flatExtracting(Counterpart::names).containsAll(MODULE).doesNotHaveDuplicates();
    assertThat(EvoStreamPlugins.names()).containsExactlyInAnyOrderElementsOf(PLUGINS);
    assertThat(parameters()).flatExtracting(Counterpart::names).containsAll(PARAMETERS);
  }

  @Test
  void everyCounterpartIsASettingThatThereIs() {
    Set<String> keys = Settings.all().stream().map(Setting::key).collect(Collectors.toSet());

    assertThat(Stream.concat(WOWZA.stream(), parameters())).flatExtracting(Counterpart::keys).isSubsetOf(keys);
  }
}
