package org.reelway.settings.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Settings;

class WowzaImportTest {
  private static final Path SHIPPED = Path.of("src", "test", "resources", "wowza", "Application.xml");

  @TempDir Path folder;

  private static ImportedSettings imported(Path file) {
    return WowzaImport.read(file, Path.of("/opt/wowza"), Map.of());
  }

  private static Map<String, String> settings(ImportedSettings imported) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(imported.file("a test", true)));
    Map<String, String> map = new LinkedHashMap<>();
    properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
    return map;
  }

  /** Pairs of name and value. */
  private ImportedSettings of(String... pairs) throws IOException {
    StringBuilder xml = new StringBuilder("<Root><Application><Name>live</Name><Properties>");
    for (int i = 0; i < pairs.length; i += 2) {
      xml.append("\n<Property><Name>").append(pairs[i]).append("</Name><Value>").append(pairs[i + 1])
          .append("</Value></Property>");
    }
    return imported(Files.writeString(folder.resolve("Application.xml"), xml + "</Properties></Application></Root>"));
  }

  @Test
  void anApplicationBecomesSettingsThatDoTheSame() throws Exception {
    ImportedSettings imported = imported(SHIPPED);

    assertThat(settings(imported))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("reelway.store.access-key", "AKIDEXAMPLE"),
                Map.entry("reelway.store.secret-key", "secret-of-wowza"),
                Map.entry("reelway.store.bucket", "recordings"),
                Map.entry("reelway.store.endpoint", "https://objects.example.net:9000"),
                Map.entry("reelway.store.prefix", "archive/live"),
                Map.entry("reelway.transfer.on-existing", "version"),
                Map.entry("reelway.transfer.strip-recorder-version", "true"),
                Map.entry("reelway.recordings.tidy", "delete"),
                Map.entry("reelway.transfer.retry-max", "90s"),
                Map.entry("reelway.recordings.on-restart", "discard"),
                Map.entry("reelway.recordings.folder", "/opt/wowza/content/live")));
    assertThat(imported.notes())
        .hasSize(2)
        .anyMatch(note -> note.startsWith("s3UploadWebhookEndpoint: "))
        .anyMatch(note -> note.matches("line \\d+: s3UploadBuketName is no property .*"));
    Path file = Files.writeString(folder.resolve("imported.properties"), imported.file("a test", true));
    assertThat(Settings.load(file, Map.of(), Map.of()).others()).as("all are Reelway's").isEmpty();
  }

  @Test
  void secretsAreLeftForTheEnvironmentUnlessTheyAreWanted() {
    ImportedSettings imported = imported(SHIPPED);

    assertThat(imported.file("a test", false))
        .doesNotContain("secret-of-wowza", "AKIDEXAMPLE")
        .contains("REELWAY_STORE_SECRET_KEY", "REELWAY_STORE_ACCESS_KEY");
    assertThat(imported.secrets()).containsExactly("reelway.store.access-key", "reelway.store.secret-key");
  }

  @ParameterizedTest
  @CsvSource({
    "s3UploadEndpoint, s3.eu-west-1.amazonaws.com, reelway.store.region=eu-west-1",
    "s3UploadEndpoint, https://s3-eu-west-1.amazonaws.com/, reelway.store.region=eu-west-1",
    "s3UploadEndpoint, s3.dualstack.us-west-2.amazonaws.com, reelway.store.region=us-west-2",
    "s3EndPointUrl, http://127.0.0.1:9000, reelway.store.endpoint=http://127.0.0.1:9000",
    "endpoint-url, https://minio.example.net, reelway.store.endpoint=https://minio.example.net",
    "s3UploadDelay, 120000, reelway.recordings.delay=2m",
    "s3UploadDelay, 1500, reelway.recordings.delay=1500ms",
    "s3UploadRestartFailedUploadTimeout, 500, reelway.transfer.retry-first=500ms",
    "s3UploadDebugLog, true, reelway.log.level=debug",
    "s3UploadResumeUploads, true, reelway.recordings.on-restart=resume",
    "s3UploadPathStyleAccess, true, reelway.store.path-style=true",
    "s3UploadCannedAcl, bucket-owner-full-control, reelway.store.acl=bucket-owner-full-control",
    "s3UploadACLPermissionRule, Read_ACP, reelway.store.acl-permission=read-acp",
    "s3UploadAllowBucketRegionOverride, false, reelway.store.follow-region=false",
    "s3UploadCheckBucket, false, reelway.store.check-bucket=false",
    "s3UploadAwsProfile, wowza, reelway.store.profile=wowza",
    "streamRecorderOutputPath, /mnt/recordings, reelway.recordings.folder=/mnt/recordings"
  })
  void aPropertyBecomesTheSettingThatDoesItsWork(String name, String value, String setting) throws Exception {
    String[] pair = setting.split("=", 2);
    ImportedSettings imported =
        pair[0].equals("reelway.store.acl-permission")
            ? of(name, value, "s3UploadBucketName", "recordings", "s3UploadACLGroupGranteeUri",
                "http://acs.amazonaws.com/groups/global/AllUsers")
            : of(name, value, "s3UploadBucketName", "recordings");

    assertThat(settings(imported)).containsEntry(pair[0], pair[1]);
    assertThat(imported.notes()).isEmpty();
    Settings.load(Files.writeString(folder.resolve("imported.properties"), imported.file("a test", true)), Map.of(), Map.of());
  }

  @Test
  void theStaticPairWinsOverAProfileAndTheGranteeOverACannedAcl() throws Exception {
    ImportedSettings imported =
        of(
            "s3UploadAwsProfile", "wowza", "s3UploadAccessKey", "a", "s3UploadSecretKey", "b",
            "s3UploadCannedAcl", "private", "s3UploadACLGroupGranteeUri",
            "http://acs.amazonaws.com/groups/global/AuthenticatedUsers", "s3UploadACLPermissionRule", "Read");

    assertThat(settings(imported))
        .doesNotContainKeys("reelway.store.profile", "reelway.store.acl")
        .containsEntry("reelway.store.acl-permission", "read");
    assertThat(imported.notes())
        .anyMatch(note -> note.startsWith("s3UploadAwsProfile is left out"))
        .anyMatch(note -> note.startsWith("s3UploadCannedAcl is left out"));
  }

  @ParameterizedTest
  @CsvSource({
    "s3UploadACLPermissionRule, write, reelway.store.acl-permission",
    "s3UploadCannedAcl, log-delivery-write, reelway.store.acl",
    "s3UploadDelay, 864000000, reelway.recordings.delay"
  })
  void whatReelwayDoesNotTakeIsNotedAndLeftOut(String name, String value, String key) throws Exception {
    ImportedSettings imported = of(name, value, "s3UploadFilePrefix", "x");

    assertThat(settings(imported)).doesNotContainKey(key).containsEntry("reelway.store.prefix", "x");
    assertThat(imported.notes()).singleElement().asString()
        .startsWith(name + " is left out, for " + key + " does not take it: ");
  }

  @Test
  void aVariableThatIsNotKnownIsToldAndABackslashSurvives() throws Exception {
    ImportedSettings imported = of("s3UploadFilePrefix", "a/${Stream.Name}", "streamRecorderOutputPath", "C:\\recordings");

    assertThat(imported.notes()).singleElement().asString().contains("${Stream.Name}", "reelway.store.prefix");
    assertThat(settings(imported)).containsEntry("reelway.recordings.folder", "C:\\recordings");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "s3UploadVersionFile | perhaps | line 2: s3UploadVersionFile is \"perhaps\"; allowed is true or false",
    "s3UploadDelay | 1m | line 2: s3UploadDelay is \"1m\"; allowed is a number of milliseconds, 0 or more",
    "s3UploadDelay | -1 | line 2: s3UploadDelay is \"-1\"; allowed is a number of milliseconds, 0 or more",
    "other | x | has no property of the S3 upload module"
  })
  void whatCannotBeReadIsToldWithItsLine(String name, String value, String message) {
    assertThatThrownBy(() -> of(name, value)).isInstanceOf(InputFailure.class).hasMessageContaining(message);
  }

  @Test
  void aFileThatIsNoApplicationIsToldSoAndNothingOutsideOfItIsRead() throws Exception {
    Path file = folder.resolve("Application.xml");
    assertThatThrownBy(() -> imported(file)).isInstanceOf(InputFailure.class).hasMessageContaining("is not there");
    Files.writeString(file, "<Root>");
    assertThatThrownBy(() -> imported(file)).hasMessageContaining(file + ":1 is no XML");
    Files.writeString(file, "<Server/>");
    assertThatThrownBy(() -> imported(file)).hasMessageContaining("is no Wowza application");
    Files.writeString(file, "<!DOCTYPE Root [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Root>&x;</Root>");
    assertThatThrownBy(() -> imported(file)).isInstanceOf(InputFailure.class).hasMessageContaining("DOCTYPE");
  }
}
