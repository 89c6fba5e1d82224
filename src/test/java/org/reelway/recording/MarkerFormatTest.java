package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.recording.MarkerContent.Resume;
import org.reelway.recording.MarkerContent.Start;
import org.reelway.recording.MarkerContent.Unusable;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.recording.MarkerContent.Verified;
import org.reelway.recording.MarkerContent.VerifiedState;

class MarkerFormatTest {
  private static final Path RECORDING = Path.of("/recordings/live/a.mp4");
  private static final String WOWZA =
      "{\"pauseType\":\"upload\",\"bucketName\":\"media\",\"key\":\"live/a.mp4\","
          + "\"file\":\"/usr/local/WowzaStreamingEngine/content/live/a.mp4\",\"multipartUploadId\":\"VXBsb2FkIElE\","
          + "\"partSize\":5242880,\"mutlipartUploadThreshold\":16777216}";

  private static MarkerContent parse(String text) {
    return MarkerFormat.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n", " \t\r\n  "})
  void anEmptyOrBlankMarkerStartsFromTheFile(String text) {
    assertThat(parse(text)).isEqualTo(Start.EMPTY);
  }

  @Test
  void aMarkerOfTheWowzaModuleIsResumedAndNeverOurs() {
    assertThat(parse(WOWZA))
        .isEqualTo(
            new Resume(
                new UploadState("media", "live/a.mp4", "VXBsb2FkIElE", 5242880, 16777216, null, null, false), null));
  }

  @Test
  void aTornMarkerIsUnusableWhereverItIsCut() {
    byte[] whole = MarkerFormat.write(resume("crc64nvme", "stream"), RECORDING);
    for (int length = 1; length < whole.length; length++) {
      assertThat(MarkerFormat.parse(Arrays.copyOf(whole, length))).as("%d bytes", length).isInstanceOf(Unusable.class);
    }
    byte[] wowza = WOWZA.getBytes(StandardCharsets.UTF_8);
    for (int length = 1; length < wowza.length; length++) {
      assertThat(MarkerFormat.parse(Arrays.copyOf(wowza, length))).as("%d bytes", length).isInstanceOf(Unusable.class);
    }
  }

  @Test
  void aMarkerWithTheEndOfALongerOneBehindItIsUnusable() {
    assertThat(parse(WOWZA + "777216}")).isInstanceOf(Unusable.class);
    assertThat(parse(WOWZA + "\n")).isInstanceOf(Resume.class);
  }

  @Test
  void nulBytesAsAPowerFailureLeavesThemAreTornAndNotBlank() {
    assertThat(MarkerFormat.parse(new byte[512])).isInstanceOf(Unusable.class);
    byte[] partly = WOWZA.getBytes(StandardCharsets.UTF_8);
    Arrays.fill(partly, 100, partly.length, (byte) 0);
    assertThat(MarkerFormat.parse(partly)).isInstanceOf(Unusable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]", "[{\"multipartUploadId\":\"u\"}]", "null", "42", "\"text\"", "true", "{}", "{\"some\":\"thing\"}", "<xml/>",
        "{\"reelway\":7}", "{\"reelway\":{\"state\":\"new\"}}",
        "{\"reelway\":{\"state\":\"verified\"}}",
        "{\"reelway\":{\"state\":\"verified\",\"identity\":\"1:2:x:4\"},\"bucketName\":\"b\",\"key\":\"k\"}",
        "{\"multipartUploadId\":\"u\"}",
        "{\"multipartUploadId\":\"u\",\"bucketName\":\"b\",\"key\":\"k\"}",
        "{\"multipartUploadId\":\"u\",\"bucketName\":\"b\",\"key\":\"k\",\"partSize\":0}",
        "{\"multipartUploadId\":\"u\",\"bucketName\":\"b\",\"key\":\"k\",\"partSize\":-5}",
        "{\"multipartUploadId\":\"u\",\"bucketName\":\"b\",\"key\":\"k\",\"partSize\":\"big\"}",
        "{\"multipartUploadId\":7,\"bucketName\":\"b\",\"key\":\"k\",\"partSize\":1}",
        "{\"multipartUploadId\":\"\",\"bucketName\":\"b\",\"key\":\"k\",\"partSize\":1}"
      })
  void whatIsNoMarkerIsUnusableAndSaysWhy(String text) {
    assertThat(parse(text))
        .asInstanceOf(type(Unusable.class))
        .satisfies(unusable -> assertThat(unusable.reason()).isNotBlank());
  }

  @Test
  void aHugeOrDeepTextIsUnusable() {
    assertThat(parse("{\"a\":\"" + "x".repeat(MarkerFormat.LARGEST) + "\"}"))
        .asInstanceOf(type(Unusable.class))
        .satisfies(unusable -> assertThat(unusable.reason()).contains("65544", "65536"));
    assertThat(parse("[".repeat(60_000))).isInstanceOf(Unusable.class);
  }

  @Test
  void theWrittenTextHasTheMembersThatTheWowzaModuleReads() throws Exception {
    JsonNode json = new ObjectMapper().readTree(MarkerFormat.write(resume("crc32c", "stream"), RECORDING));

    assertThat(json.path("pauseType").textValue()).isEqualTo("upload");
    assertThat(json.path("bucketName").textValue()).isEqualTo("bucket");
    assertThat(json.path("key").textValue()).isEqualTo("prefix/a.mp4");
    assertThat(json.path("file").textValue()).isEqualTo("/recordings/live/a.mp4");
    assertThat(json.path("multipartUploadId").textValue()).isEqualTo("id");
    assertThat(json.path("partSize").isNumber()).isTrue();
    assertThat(json.path("partSize").longValue()).isEqualTo(5 << 20);
    assertThat(json.path("mutlipartUploadThreshold").longValue()).isEqualTo(16 << 20);
  }

  @Test
  void aForeignUploadStaysForeignWhenItIsWrittenAgain() {
    MarkerContent wowza = parse(WOWZA);
    assertThat(MarkerFormat.parse(MarkerFormat.write(wowza, RECORDING))).isEqualTo(wowza);
  }

  @Test
  void whatIsWrittenIsReadBackWhateverTheTextsHold() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      FileIdentity identity = new FileIdentity(random.nextInt(99) + ":" + random.nextLong(), random.nextLong(), -5);
      MarkerContent resume =
          new Resume(
              new UploadState(
                  text(random), text(random), text(random), 1 + random.nextInt(99), random.nextInt(99), identity,
                  random.nextBoolean() ? null : text(random), true),
              random.nextBoolean() ? null : text(random));
      MarkerContent verified =
          new Verified(
              new VerifiedState(
                  text(random), text(random), identity, text(random), random.nextBoolean() ? null : text(random), ""),
              random.nextBoolean() ? null : text(random));
      MarkerContent start = new Start(random.nextBoolean() ? null : text(random));
      for (MarkerContent content : new MarkerContent[] {resume, verified, start}) {
        assertThat(MarkerFormat.parse(MarkerFormat.write(content, RECORDING))).isEqualTo(content);
      }
    }
  }

  private static String text(Random random) {
    String[] letters = {"a", "\"", "\\", "/", " ", "\n", "ü", "日", "🎬", "{", "}", "\u0001", "$(x)", ":", "'"};
    StringBuilder text = new StringBuilder("x");
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }

  private static Resume resume(String checksum, String stream) {
    return new Resume(
        new UploadState(
            "bucket", "prefix/a.mp4", "id", 5 << 20, 16 << 20, new FileIdentity("1:2", 3, 4), checksum, true),
        stream);
  }
}
