package org.reelway.stream.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reelway.stream.supervise.KnownTracks;

/** With tags of a few bytes: V is a key picture, v another one, a is sound; what decoders are set up with has a number. */
class FlvPartsTest {
  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
  private final List<String> parts = new ArrayList<>();
  private String sounds;

  private FlvPartsTest setUp(String kind, int number) throws Exception {
    write(new FlvTag(kind(kind), 0, new byte[] {first(kind, true), 0, (byte) number}), 0);
    return this;
  }

  private FlvPartsTest tag(String kind, long millis) throws Exception {
    write(new FlvTag(kind(kind), millis, new byte[] {first(kind, kind.equals("V")), 1, 7}), millis);
    return this;
  }

  /** One a second. */
  private FlvPartsTest sounds(int seconds) throws Exception {
    setUp("a", 1);
    sounds = "a: #1";
    for (int second = 0; second <= seconds; second++) {
      tag("a", second * 1000L);
      sounds += " a" + second * 1000;
    }
    return this;
  }

  private void write(FlvTag tag, long millis) throws Exception {
    tag.write(stream, millis);
  }

  private static FlvTag.Kind kind(String kind) {
    return kind.equals("a") ? FlvTag.Kind.AUDIO : FlvTag.Kind.VIDEO;
  }

  private static byte first(String kind, boolean key) {
    return (byte) (kind.equals("a") ? 0xaf : key ? 0x17 : 0x27);
  }

  private List<String> parts(KnownTracks known) throws Exception {
    FlvParts.Target target =
        new FlvParts.Target() {
          @Override
          public void begin(boolean video, boolean audio) {
            parts.add((video ? "V" : "") + (audio ? "a" : "") + ":");
          }

          @Override
          public void take(FlvTag tag, long time) {
            String what = tag.isSetup() ? "#" + tag.body()[2] : (tag.kind() == FlvTag.Kind.AUDIO ? "a" : tag.isKey() ? "V" : "v") + time;
            parts.set(parts.size() - 1, parts.get(parts.size() - 1) + " " + what);
          }

          @Override
          public void end(boolean last) {
            parts.set(parts.size() - 1, parts.get(parts.size() - 1) + (last ? " end" : " next"));
          }
        };
    new FlvParts(known, target).read(new ByteArrayInputStream(stream.toByteArray()));
    return parts;
  }

  @Test
  void picturesThatComeLateAreWaitedForAndNoSoundIsLost() throws Exception {
    setUp("a", 1).tag("a", 0).tag("a", 7000).setUp("v", 2).tag("v", 7900).tag("V", 8000).tag("v", 8040);

    assertThat(parts(KnownTracks.none())).containsExactly("Va: #1 #2 a0 a7000 V8000 v8040 end");
  }

  @Test
  void picturesThatComeLaterThanThatBeginAnotherPart() throws Exception {
    sounds(13).setUp("v", 2).tag("V", 14_000).tag("a", 14_010);

    assertThat(parts(KnownTracks.none())).containsExactly(sounds + " next", "Va: #1 #2 V0 a10 end");
  }

  @Test
  void streamsThatAreKnownToHaveBothAreWaitedForLonger() throws Exception {
    sounds(29).setUp("v", 2).tag("V", 30_000);

    assertThat(parts(new KnownTracks(true, true))).containsExactly(sounds.replace("a: #1", "Va: #1 #2") + " V30000 end");
  }

  @Test
  void anotherSetupOfPicturesBeginsAPartAtItsKeyPictureAndTheSameOneDoesNot() throws Exception {
    setUp("v", 1).setUp("a", 2).tag("V", 0).tag("a", 5).setUp("v", 1).setUp("a", 2).tag("v", 40).setUp("v", 3).tag("a", 50)
        .tag("V", 80).tag("a", 90);

    assertThat(parts(KnownTracks.none())).containsExactly("Va: #2 #1 V0 a5 v40 a50 next", "Va: #2 #3 V0 a10 end");
  }

  @Test
  void anotherSetupOfSoundsWaitsForTheNextKeyPictureAndNothingIsLost() throws Exception {
    setUp("v", 1).setUp("a", 2).tag("V", 0).tag("a", 5).setUp("a", 3).tag("a", 30).tag("v", 40).tag("a", 60).tag("V", 80);

    assertThat(parts(KnownTracks.none())).containsExactly("Va: #2 #1 V0 a5 v40 next", "Va: #3 #1 a0 a30 V50 end");
  }

  @Test
  void aClockThatJumpsIsFollowedByAllTracksAlike() throws Exception {
    setUp("v", 1).setUp("a", 2).tag("V", 5000).tag("a", 5010).tag("v", 5040).tag("a", 5050).tag("v", 0).tag("a", 5070)
        .tag("a", 20).tag("v", 40).tag("v", 90_000_000).tag("a", 90_000_010).tag("v", 90_000_040);

    assertThat(parts(KnownTracks.none()))
        .containsExactly("Va: #2 #1 V0 a10 v40 a50 v90 a70 a110 v130 v170 a180 v210 end");
  }

  @Test
  void aTrackThatWasSilentForLongIsNoJump() throws Exception {
    setUp("v", 1).setUp("a", 2).tag("V", 0).tag("a", 0);
    for (int second = 1; second <= 30; second++) {
      tag("V", second * 1000L);
    }
    tag("a", 30_010);

    assertThat(parts(KnownTracks.none()).get(0)).endsWith("V30000 a30010 end");
  }
}
