package org.reelway.conference.mixer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;

class MixerFileTest {
  @Test
  void theFileOfFlashphonerIsRead() {
    MixSettings settings =
        MixerFile.of(
            "offline_mixer.json",
            "{\"hasVideo\": \"true\", \"hasAudio\": \"false\", \"mixerDisplayStreamName\": true,"
                + " \"multithreading\": true, \"callbackUrl\": \"https://a/b\", \"minAvailableSpace\": \"2G\"}");

    assertThat(settings.hasVideo()).isTrue();
    assertThat(settings.hasAudio()).isFalse();
    assertThat(settings.displaysNames()).isTrue();
    assertThat(settings.multithreading()).isTrue();
    assertThat(settings.callbackUrl()).isEqualTo("https://a/b");
    assertThat(settings.minAvailableSpace()).isEqualTo(2L << 30);
    assertThat(MixerFile.defaults().minAvailableSpace()).isEqualTo(1L << 30);
    assertThat(MixerFile.of("x", "{\"minAvailableSpace\": 1000}").minAvailableSpace()).isEqualTo(1000);
  }

  @Test
  void theFileThatIsShippedNamesAllKeysWithTheirDefaultsAndHasWcsOnesAsWcsWritesThem() throws Exception {
    Path shipped = Path.of("offline_mixer.json");

    assertThat(MixerFile.read(shipped)).isEqualTo(MixerFile.defaults());
    assertThat(MixerFile.inUse(null, Path.of("."))).isEqualTo(MixerFile.defaults());
    List<String> keys = new ArrayList<>();
    new JsonMapper().readTree(shipped.toFile()).fieldNames().forEachRemaining(keys::add);
    assertThatThrownBy(() -> MixerFile.of("x", "{\"no\": 1}")).hasMessageEndingWith("all are " + String.join(", ", keys));
    assertThat(Files.readString(shipped))
        .startsWith("{\n  \"hasVideo\": \"true\",\n  \"hasAudio\": \"true\",\n  \"mixerDisplayStreamName\": true,\n");
  }

  @Test
  void theFileBesideTheProgramCountsWhereNoneIsNamed(@TempDir Path home) throws Exception {
    assertThat(MixerFile.inUse(null, home)).isEqualTo(MixerFile.defaults());
    Files.writeString(home.resolve("offline_mixer.json"), "{\"mixerVideoFps\": 5}");
    Path named = Files.writeString(home.resolve("named.json"), "{\"mixerVideoFps\": 6}");
    assertThat(MixerFile.inUse(null, home).fps()).isEqualTo(5);
    assertThat(MixerFile.inUse(named, home).fps()).isEqualTo(6);
    assertThatThrownBy(() -> MixerFile.inUse(home.resolve("away.json"), home)).isInstanceOf(InputFailure.class)
        .hasMessageContaining("reelway.mixer.settings");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "{\"hasVidio\": true} | f.json: there is no key hasVidio; the nearest is hasVideo, all are",
    "{\"hasVideo\": \"yes\"} | f.json: hasVideo is \"yes\"; allowed is true or false",
    "{\"minAvailableSpace\": \"much\"} | f.json: minAvailableSpace is \"much\"; allowed is a number of bytes",
    "{\"mixerVideoWidth\": 333} | f.json: mixerVideoWidth is \"333\"; allowed is an even number",
    "{\"mixerVideoFps\": 0} | f.json: mixerVideoFps is \"0\"; allowed is a whole number from 1 to 120",
    "{\"mixerLayout\": \"pip\"} | allowed is grid, speaker, picture-in-picture",
    "{\"mixerBackground\": \"black'\"} | allowed is a colour as six hexadecimal digits",
    "{\"mixerFont\": \"/not/there.ttf\"} | allowed is a file of a font",
    "{\"hasVideo\": false, \"hasAudio\": false} | both false",
    "{\"hasVideo\": {}} | allowed is one value",
    "{\"hasVideo\": true, \"hasVideo\": false} | Duplicate",
    "{\"callbackUrl\": \"my backend\"} | f.json: callbackUrl is no URL",
    "{\"callbackUrl\": \"mailto:a@b\"} | f.json: callbackUrl is no URL",
    "[] | holds no JSON object",
    "{ | f.json is no JSON, line 1"
  })
  void whatIsWrongIsTold(String json, String words) {
    assertThatThrownBy(() -> MixerFile.of("f.json", json)).isInstanceOf(InputFailure.class).hasMessageContaining(words);
  }
}
