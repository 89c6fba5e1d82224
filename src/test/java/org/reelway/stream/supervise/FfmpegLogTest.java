package org.reelway.stream.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines of ffmpeg 8.0.1, and of 5.1 where they differ. */
class FfmpegLogTest {
  private static final List<String> SOUND_ALONE =
      List.of(
          "[info] Input #0, flv, from 'rtmp://127.0.0.1/live/cam':",
          "[info]   Metadata:",
          "[info]     title           : Stream #0:0: Video: no",
          "[info]   Stream #0:0: Audio: aac (LC), 44100 Hz, mono, fltp, 68 kb/s, start 3.111000",
          "[info] Stream mapping:",
          "[info]   Stream #0:0 -> #0:0 (copy)",
          "[info] Output #0, flv, to 'rtmp://example.com/live/topsecret':",
          "[info]   Stream #0:1: Video: h264");
  private final KnownTracks tracks = KnownTracks.none();
  private final FfmpegLog log = new FfmpegLog(tracks);

  @Test
  void tracksAreThoseOfTheInputAndWhatIsOnlyInformationIsForgotten() {
    SOUND_ALONE.subList(0, 4).forEach(log::take);
    assertThat(log.hasOpened()).isFalse();
    SOUND_ALONE.subList(4, 8).forEach(log::take);

    assertThat(log.hasOpened()).isTrue();
    assertThat(tracks.hasVideo()).isFalse();
    assertThat(log.words()).isEmpty();
  }

  @Test
  void aTrackThatComesLateIsKnownToTheNextRunWhichLooksForLonger() {
    SOUND_ALONE.forEach(log::take);
    assertThat(tracks.options(false)).startsWith("-analyzeduration", "5000000");

    log.take("[in#0/flv @ 0x55bf61890c40] [warning] New video stream with index 1 at pos:69148 and DTS:8.023s");

    assertThat(log.hasLateTrack()).isTrue();
    assertThat(tracks.hasVideo()).isTrue();
    assertThat(tracks.options(false)).startsWith("-analyzeduration", "60000000");
  }

  @Test
  void aSecondTrackOfAKindIsNoReasonToBeginAnew() {
    SOUND_ALONE.forEach(log::take);

    log.take("[flv @ 0x1] [warning] New audio stream 0:2 at pos:69148 and DTS:8.023s");

    assertThat(log.hasLateTrack()).isFalse();
  }

  @Test
  void aRunIsNotBegunAnewForLateTracksForEver() {
    for (int run = 0; run < 3; run++) {
      assertThat(runWithLateVideo()).isTrue();
    }
    assertThat(runWithLateVideo()).isFalse();
  }

  private boolean runWithLateVideo() {
    FfmpegLog each = new FfmpegLog(tracks);
    SOUND_ALONE.forEach(each::take);
    each.take("[in#0/flv @ 0x1] [warning] New video stream with index 1 at pos:69148 and DTS:8.023s");
    return each.hasLateTrack() && tracks.isWorthAnotherRun();
  }

  @Test
  void whatWasAnnouncedAndNotSeenIsLookedForLonger() {
    assertThat(tracks.options(true)).startsWith("-analyzeduration", "5000000");
    log.take("[mpegts @ 0x1] [warning] Could not find codec parameters for stream 0 (Video: h264): unspecified size");
    assertThat(tracks.options(true)).startsWith("-analyzeduration", "12000000");
  }

  @Test
  void lastWordsAreThoseWithoutTheirLevelAndLinesBelongToTheOneBefore() {
    log.take("[in#0 @ 0x1] [error] Error opening input: I/O error");
    log.take("  a second line");
    log.take("[info] for information");
    log.take("  and its second line");
    log.take("10:00:01.123456/SRT:RcvQ:w1!W:SRT.cn: Incorrect passphrase");
    log.take("[error] Error opening input files: I/O error");

    assertThat(log.words()).isEqualTo(
        "[in#0 @ 0x1] Error opening input: I/O error\n  a second line\n"
            + "10:00:01.123456/SRT:RcvQ:w1!W:SRT.cn: Incorrect passphrase\nError opening input files: I/O error");
  }
}
