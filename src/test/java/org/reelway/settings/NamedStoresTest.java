package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedStoresTest {
  private static final Map<String, String> NONE = Map.of();

  @TempDir
  private Path folder;

  @Test
  void eachNameHasEverySettingOfTheFirstStoreBelowIt() throws IOException {
    Path file = Files.writeString(folder.resolve("application.properties"), """
        reelway.store.bucket=first
        reelway.stores=archive, off-site
        reelway.store.archive.bucket=kept
        reelway.store.archive.path-style=true
        reelway.store.off-site.bucket=far
        reelway.store.off-site.storage-class=GLACIER
        """);

    Settings settings = Settings.load(
        file,
        Map.of(
            "REELWAY_STORE_OFF_SITE_SECRET_KEY", "hidden", "REELWAY_STORE_OFF_SITE_ACCESS_KEY", "id",
            "REELWAY_STORE_ARCHIVE_PREFIX", "deep"),
        Map.of("reelway.store.archive.region", "eu-north-1"));

    assertThat(settings.stores()).containsOnlyKeys("archive", "off-site");
    StoreGroup archive = settings.stores().get("archive");
    StoreGroup away = settings.stores().get("off-site");
    assertThat(settings.get(archive.bucket)).isEqualTo("kept");
    assertThat(settings.get(archive.prefix)).isEqualTo("deep");
    assertThat(settings.get(archive.region)).isEqualTo("eu-north-1");
    assertThat(settings.get(away.secretKey)).isEqualTo("hidden");
    assertThat(settings.get(away.objects.storageClass)).isEqualTo("GLACIER");
    assertThat(settings.placeholders())
        .containsEntry("reelway.store.archive.bucket", "kept")
        .doesNotContainKey("reelway.store.off-site.secret-key");
    assertThat(settings.effective()).containsEntry("reelway.store.off-site.secret-key", "*****");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "Archive | \"Archive\" cannot be the name of a store",
    "backup | \"backup\" cannot be the name of a store",
    "primary | \"primary\" cannot be the name of a store",
    "a,a | has 2 names; allowed: at most 20, each once",
    "check | makes the variable REELWAY_STORE_CHECK_BUCKET mean both reelway.store.check-bucket and reelway.store.check.bucket",
    "x,x-check | mean both reelway.store.x.check-bucket and reelway.store.x-check.bucket",
  })
  void aNameThatCannotBeToldApartIsRefused(String names, String said) {
    assertThatThrownBy(() -> Settings.load(null, NONE, Map.of("reelway.stores", names)))
        .isInstanceOf(SettingsException.class).hasMessageContaining("reelway.stores").hasMessageContaining(said);
  }

  @Test
  void aStoreWithoutBucketAndSettingsOfAStoreThatNothingNamesAreTold() {
    assertThatThrownBy(() -> Settings.load(
            null,
            Map.of("REELWAY_STORE_OLD_SECRET_KEY", "x"),
            Map.of("reelway.stores", "archive", "reelway.store.gone.bucket", "abc", "reelway.store.archive.buket", "abc")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("reelway.store.archive.bucket: is not set, and reelway.stores names its store")
        .hasMessageContaining("reelway.store.gone.bucket: belongs to a store that reelway.stores does not name")
        .hasMessageContaining("REELWAY_STORE_OLD_SECRET_KEY: belongs to a store that reelway.stores does not name")
        .hasMessageContaining("reelway.store.archive.buket: is not a setting; the nearest is reelway.store.archive.bucket");
  }

  @Test
  void theRulesOfEachStoreHoldForItsOwnSettings() {
    assertThatThrownBy(() -> Settings.load(
            null, NONE,
            Map.of("reelway.stores", "archive", "reelway.store.archive.bucket", "abc", "reelway.store.archive.access-key", "id")))
        .hasMessageContaining("reelway.store.archive.access-key: is set, but reelway.store.archive.secret-key is not");
  }

  @Test
  void theBackupIsInAnotherPlaceThanEachStore() {
    assertThatThrownBy(() -> Settings.load(
            null, NONE,
            Map.of("reelway.stores", "archive", "reelway.store.archive.bucket", "abc", "reelway.backup.bucket", "abc")))
        .hasMessageContaining("reelway.store.archive.bucket: is the bucket of reelway.backup.bucket at the same address");
  }

  @Test
  void oneWrongNameHidesNoneOfTheOthers() {
    assertThatThrownBy(() -> Settings.load(
            null, NONE, Map.of("reelway.stores", "archive,Wrong", "reelway.store.archive.bucket", "abc")))
        .hasMessageContaining("\"Wrong\" cannot be").hasMessageNotContaining("archive.bucket");
  }
}
