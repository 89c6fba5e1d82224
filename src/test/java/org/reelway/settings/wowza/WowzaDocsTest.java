package org.reelway.settings.wowza;

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

class WowzaDocsTest {
  private static final Path PAGE = Path.of("docs", "wowza.md");
  private static final String HEADING = "<!-- made from the code: WowzaDocsTest says how -->\n";

  /** The properties of build 55, in the order of its documentation. */
  private static final List<String> MODULE =
      List.of(
          "s3UploadAccessKey", "s3UploadSecretKey", "s3UploadAwsProfile", "s3UploadAwsProfilePath",
          "s3UploadBucketName", "s3UploadFilePrefix", "s3UploadRegion", "s3UploadEndpoint", "s3UploadUseDefaultRegion",
          "s3UploadAllowBucketRegionOverride", "s3UploadCheckBucket", "s3UploadDebugLog", "s3UploadResumeUploads",
          "s3UploadRestartFailedUploads", "s3UploadRestartFailedUploadTimeout", "s3UploadVersionFile",
          "s3UploadStripRecorderVersioning", "s3UploadDeletOriginalFiles", "s3UploadDeleteOriginalFiles",
          "s3UploadDelay", "s3UploadACLGroupGranteeUri", "s3UploadACLPermissionRule", "s3UploadCannedAcl");

  @BeforeAll
  static void makeAnewWhenAsked() throws IOException {
    if (Boolean.getBoolean("reelway.docs.write")) {
      String page = Files.readString(PAGE);
      Files.writeString(PAGE, page.substring(0, page.indexOf(HEADING)) + HEADING + "\n" + WowzaDocs.table());
    }
  }

  @Test
  void thePageShowsTheTableOfTheCode() throws IOException {
    assertThat(Files.readString(PAGE))
        .as("run mvn -q test -Dtest=WowzaDocsTest -Dreelway.docs.write=true")
        .endsWith(HEADING + "\n" + WowzaDocs.table());
  }

  @Test
  void everyPropertyOfTheModuleHasACounterpart() {
    assertThat(Counterparts.all()).flatExtracting(Counterpart::names).containsAll(MODULE).doesNotHaveDuplicates();
  }

  @Test
  void everyCounterpartIsASettingThatThereIs() {
    Set<String> keys = Settings.all().stream().map(Setting::key).collect(Collectors.toSet());

    assertThat(Counterparts.all()).flatExtracting(Counterpart::keys).isSubsetOf(keys);
  }
}
