package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecordingNameTemplateTest {
  private static RecordingNameTemplate.Values values(String stream) {
    return new RecordingNameTemplate.Values(
        stream, 0, 1500, 1_700_000_000_000L, 1_700_000_001_500L, 1500, "s".repeat(80), "m".repeat(80), "", "mp4a", "H264");
  }

  @Test
  void fillsInAllElementsUpToTheirLengths() {
    assertThat(
            RecordingNameTemplate.parse("{streamName}_{startTime}-{endTime}_{duration}_{audioCodec}{videoCodec}")
                .of(values("cam")))
        .isEqualTo("cam_0-1500_1500_mp4aH264");
    assertThat(RecordingNameTemplate.parse("{sessionId}").of(values("cam"))).hasSize(60);
    assertThat(RecordingNameTemplate.parse("{mediaSessionId}").of(values("cam"))).hasSize(36);
  }

  @Test
  void whatANameMustNotHaveIsReplaced() {
    RecordingNameTemplate template = RecordingNameTemplate.parse("{streamName}");

    assertThat(template.of(values("../../etc/passwd"))).isEqualTo("_._.._etc_passwd");
    assertThat(template.of(values("a/b\\c:d*e?f\"g<h>i|j\nk\0l"))).isEqualTo("a_b_c_d_e_f_g_h_i_j_k_l");
    assertThat(template.of(values(".hidden"))).isEqualTo("_hidden");
    assertThat(template.of(values("{duration} $1 \\"))).isEqualTo("{duration} $1 _");
    assertThat(template.of(values(""))).isEqualTo("recording");
  }

  @Test
  void isCutSoThatAMarkerFitsBehindIt() {
    String name = RecordingNameTemplate.parse("{streamName}").of(values("é🎥".repeat(100)));

    assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(225, 230);
    assertThat(name).doesNotContain("\ufffd");
  }

  @Test
  void knowsWhetherTimesTellPiecesApart() {
    assertThat(RecordingNameTemplate.parse("{streamName}").tellsPiecesApart()).isFalse();
    assertThat(RecordingNameTemplate.parse("{streamName}-{startTimeMillis}").tellsPiecesApart()).isTrue();
  }
}
