package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsDocsTest {
  private static final Path PROPERTIES = Path.of("application.properties");
  private static final Path MARKDOWN = Path.of("docs", "settings.md");

  @BeforeAll
  static void makeAnewWhenAsked() throws IOException {
    if (Boolean.getBoolean("reelway.docs.write")) {
      Files.createDirectories(MARKDOWN.getParent());
      Files.writeString(PROPERTIES, SettingsDocs.properties());
      Files.writeString(MARKDOWN, SettingsDocs.markdown());
    }
  }

  @Test
  void applicationPropertiesIsWhatTheDeclarationsSay() {
    assertUpToDate(PROPERTIES, SettingsDocs.properties());
  }

  @Test
  void settingsPageIsWhatTheDeclarationsSay() {
    assertUpToDate(MARKDOWN, SettingsDocs.markdown());
  }

  @Test
  void shippedFileLoadsAndSetsNothing() {
    Settings settings = Settings.load(PROPERTIES, Map.of(), Map.of());

    assertThat(Settings.all()).noneMatch(settings::isSet);
    assertThat(settings.others()).isEmpty();
  }

  @Test
  void everyLineOfTheShippedFileIsAValidSettingOnceItsCommentIsRemoved(@TempDir Path folder) throws IOException {
    List<String> keys = Files.readAllLines(PROPERTIES).stream()
        .filter(line -> line.startsWith("#reelway."))
        .map(line -> line.substring(1))
        .toList();
    Path file = Files.write(folder.resolve("settings.properties"), keys);

    Settings settings = Settings.load(file, Map.of(), Map.of());

    assertThat(keys).hasSameSizeAs(Settings.all());
    assertThat(settings.effective()).isEqualTo(Settings.load(null, Map.of(), Map.of()).effective());
  }

  @ParameterizedTest
  @MethodSource("org.reelway.settings.Settings#all")
  void everySettingIsExplainedInWholeSentences(Setting<?> setting) {
    assertThat(setting.text()).matches("[A-Z0-9{].*\\.").hasSizeLessThan(300);
  }

  private static void assertUpToDate(Path file, String rendered) {
    assertThat(file)
        .as("%s is made from the settings' declarations; to make it anew, run "
            + "mvn -q test -Dtest=SettingsDocsTest -Dreelway.docs.write=true", file)
        .hasContent(rendered);
  }
}
