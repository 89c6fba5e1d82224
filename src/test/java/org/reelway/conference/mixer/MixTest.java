package org.reelway.conference.mixer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.media.tracks.MovieTracks;
import org.reelway.testkit.ChangingStream;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.MixedFilm;
import org.reelway.testkit.MultiTrackMp4;

class MixTest {
  private static final String SMALL =
      "\"minAvailableSpace\": 0, \"mixerVideoFps\": 25, \"mixerVideoWidth\": 320, \"mixerVideoHeight\": 180";
  private static final double IN_STEP = 0.040;

  @TempDir private Path folder;

  @Test
  void streamsAreSeenAndHeardWhereAndWhenTheyWereOn() throws Exception {
    Path recording =
        new MultiTrackMp4()
            .take("Ann", "a-1", 0, 6, 1, 3.6, 4.6).video("red", 320, 180, 25).audio(500, 44100, "stereo").and()
            .take("Bob", "b-1", 2, 1.8, 1).video("blue", 160, 120, 15).audio(1000, 48000, "mono").and()
            .take("Ear", "e-1", 0.5, 5, 0.9).audio(2000, 16000, "mono").and()
            .take("Bob", "b-2", 5, 1, 0.2).video("lime", 320, 240, 30).audio(1500, 48000, "mono").and()
            .take("Eye", "y-1", 5, 1.5).video("yellow", 160, 90, 10).and()
            .write(folder.resolve("room.mp4"));

    Mixed mixed = mix(recording, "\"mixerDisplayStreamName\": false");
    MixedFilm film = MixedFilm.of(mixed.file());

    assertThat(mixed.file()).isEqualTo(folder.resolve("room_mixed.mp4"));
    assertThat(film.frames()).as("6.5 s").isBetween(162, 163);
    assertThat(film.colour(0.5, 0.5, 0.5)).as("alone").isEqualTo("red");
    assertThat(film.colour(1.96, 0.05, 0.05)).as("alone up to the last frame").isEqualTo("red");
    assertThat(film.colour(2.04, 0.25, 0.5)).as("one of two").isEqualTo("red");
    assertThat(film.colour(2.04, 0.75, 0.5)).as("joined late").isEqualTo("blue");
    assertThat(film.colour(2.5, 0.25, 0.05)).as("whole pictures between bars").isEqualTo("black");
    assertThat(film.colour(3.76, 0.75, 0.5)).isEqualTo("blue");
    assertThat(film.colour(3.84, 0.75, 0.5)).as("left").isEqualTo("red");
    assertThat(film.colour(5.1, 0.25, 0.25)).as("one of three").isEqualTo("red");
    assertThat(film.colour(5.1, 0.75, 0.25)).as("came back to its place").isEqualTo("lime");
    assertThat(film.colour(5.1, 0.25, 0.75)).isEqualTo("yellow");
    assertThat(film.colour(5.1, 0.75, 0.75)).as("the free place").isEqualTo("black");
    assertThat(film.colour(6.2, 0.5, 0.5)).as("the last one").isEqualTo("yellow");

    inStep(film, 1, 0.5, 0.5, 500);
    inStep(film, 3, 0.75, 0.5, 1000);
    inStep(film, 4.6, 0.5, 0.5, 500);
    inStep(film, 5.2, 0.75, 0.25, 1500);
    assertThat(film.beep(1.2, 2000)).as("sound alone").isCloseTo(1.4, within(IN_STEP));
  }

  private static void inStep(MixedFilm film, double time, double x, double y, int hertz) {
    double flash = film.flash(time - 0.15, x, y);
    double beep = film.beep(time - 0.15, hertz);
    assertThat(flash).as("flash").isCloseTo(time, within(IN_STEP));
    assertThat(beep).as("beep").isCloseTo(time, within(IN_STEP));
    assertThat(flash - beep).as("between flash and beep").isCloseTo(0, within(IN_STEP));
  }

  @Test
  void nobodyBecomesLouderOrQuieterWhenOthersComeAndGo() throws Exception {
    Path recording =
        new MultiTrackMp4()
            .take("Bob", "b", 2, 2).audio(1000, 44100, "stereo").and()
            .take("Ann", "a", 0, 6).audio(500, 48000, "stereo").and()
            .take("Eve", "e", 4, 1).audio(2000, 16000, "mono").and()
            .write(folder.resolve("levels.mp4"));

    MixedFilm film = MixedFilm.soundOf(mix(recording, "").file());

    double alone = film.level(1, 500);
    assertThat(alone).isCloseTo(0.4, within(0.03));
    for (double time : new double[] {1.9, 2.05, 3, 3.8, 4.1, 5}) {
      assertThat(film.level(time, 500)).as("at " + time).isCloseTo(alone, within(0.02));
    }
    assertThat(film.level(3, 1000)).isCloseTo(alone, within(0.03));
    assertThat(film.level(4.5, 2000)).as("of one channel").isCloseTo(alone, within(0.03));
    assertThat(film.soundSeconds()).isCloseTo(6, within(0.05));
  }

  /** 400 ppm are 0.24 s in ten minutes: sound sampled by a clock that is so much too fast. */
  @Test
  void driftOfClocksIsMadeUpForOverALongTime() throws Exception {
    int seconds = 600;
    String beats = "between(t,301,301.2)+between(t,598,598.2)";
    Path recording =
        new MultiTrackMp4()
            .take("Ann", "a", 0, seconds)
            .source("color=c=red:s=64x64:r=5:d=" + seconds + ",drawbox=t=fill:c=white:enable='" + beats + "'")
            .source("aevalsrc='0.4*sin(2*PI*1000*t)*(" + beats + ")':s=10000:d=" + seconds
                + ",asetrate=10004,aresample=8000,asetpts=PTS*1.0004")
            .and()
            .write(folder.resolve("long.mp4"));

    Path mixed = mix(recording, "\"mixerVideoFps\": 5, \"mixerVideoWidth\": 64, \"mixerVideoHeight\": 64").file();

    MixedFilm half = MixedFilm.part(mixed, 300, 3);
    assertThat(half.beep(0.5, 1000)).isCloseTo(1, within(IN_STEP)).isCloseTo(half.flash(0.5, 0.5, 0.5), within(IN_STEP));
    MixedFilm end = MixedFilm.part(mixed, seconds - 4, 4);
    assertThat(end.beep(1, 1000)).isCloseTo(2, within(IN_STEP)).isCloseTo(end.flash(1, 0.5, 0.5), within(IN_STEP));
  }

  /** As of a camera that is turned, or of a server that makes pictures smaller where the network is bad. */
  @ParameterizedTest
  @ValueSource(strings = {"null", "h264_mp4toannexb"})
  void aPictureThatChangesItsSizeStaysInItsTileAndNobodyElseNoticesIt(String howItIsTold) throws Exception {
    Path turned = ChangingStream.write(
        folder.resolve("turned.flv"), 2, "color=c=red:s=320x180:r=25", "color=c=blue:s=120x240:r=15");
    Path recording = folder.resolve("turned.mp4");
    Ffmpeg.run(List.of(
        "-v", "error", "-i", turned.toString(), "-itsoffset", "1", "-f", "lavfi", "-i",
        "color=c=yellow:s=160x90:r=25:d=3,drawbox=t=fill:c=white:enable='between(t,2,2.2)'", "-f", "lavfi", "-i",
        "aevalsrc='0.4*sin(2*PI*1000*t)*between(t,3,3.2)':s=44100:d=4", "-map", "0:v", "-map", "1:v", "-map", "2:a",
        "-c:v:0", "copy", "-bsf:v:0", howItIsTold, "-c:v:1", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac",
        recording.toString()));

    for (boolean crop : new boolean[] {false, true}) {
      MixedFilm film = MixedFilm.of(mix(recording, "\"mixerDisplayStreamName\": false, \"mixerCrop\": " + crop).file());
      assertThat(film.frames()).isBetween(99, 101);
      assertThat(film.soundSeconds()).isCloseTo(4, within(0.1));
      assertThat(film.colour(0.9, 0.05, 0.5)).isEqualTo("red");
      assertThat(film.colour(1.9, 0.05, 0.5)).isEqualTo("red");
      assertThat(film.colour(2.1, 0.25, 0.5)).as("turned").isEqualTo("blue");
      assertThat(film.colour(2.1, 0.05, 0.5)).as("beside it").isEqualTo(crop ? "blue" : "black");
      assertThat(film.colour(3.9, 0.25, 0.5)).isEqualTo("blue");
      assertThat(film.colour(2.1, 0.75, 0.5)).isEqualTo("yellow");
      inStep(film, 3, 0.75, 0.5, 1000);
    }
  }

  @Test
  void soundThatChangesItsFormatInTheMiddleIsRefusedClearly() throws Exception {
    Path changing = ChangingStream.write(
        folder.resolve("changing.flv"), 1, "sine=500:r=44100,aformat=channel_layouts=stereo", "sine=500:r=48000");
    Path recording = folder.resolve("changing.mp4");
    Ffmpeg.run(List.of("-v", "error", "-i", changing.toString(), "-c", "copy", recording.toString()));

    assertThatThrownBy(() -> mix(recording, "")).isInstanceOf(InputFailure.class)
        .hasMessageContaining("changing.mp4").hasMessageContaining("changes its rate or its channels in the middle")
        .hasMessageContaining("-c:v copy -c:a aac");
  }

  @Test
  void aTrackWithAPauseInItsMiddleIsPlacedByItsWholeEditList() throws Exception {
    Path recording = new MultiTrackMp4()
        .take("Ann", "a", 0, 4, 0.5, 2.5).video("red", 160, 90, 25).audio(1000, 48000, "mono").and()
        .write(folder.resolve("pause.mp4"));
    EditedMp4.rewrite(recording, List.of(new long[] {1000, 0}, new long[] {2000, -1}, new long[] {1000, 2000}));

    MixedFilm film = MixedFilm.of(mix(recording, "").file());

    assertThat(film.frames()).isEqualTo(100);
    assertThat(film.colour(0.9, 0.5, 0.5)).isEqualTo("red");
    assertThat(film.colour(1.1, 0.5, 0.5)).isEqualTo("black");
    assertThat(film.colour(2.9, 0.5, 0.5)).isEqualTo("black");
    assertThat(film.colour(3.1, 0.5, 0.5)).isEqualTo("red");
    inStep(film, 0.5, 0.5, 0.5, 1000);
    inStep(film, 3.5, 0.5, 0.5, 1000);
  }

  @Test
  void pictureInPictureSpeakerCropAndSharedScreens() throws Exception {
    Path recording =
        new MultiTrackMp4()
            .take("Ann", "a", 0, 1).video("red", 90, 160, 25).and()
            .take("Bob's Desktop", "b", 0, 1).video("blue", 320, 180, 25).and()
            .write(folder.resolve("layouts.mp4"));

    MixedFilm corner = MixedFilm.of(mix(recording, "\"mixerDisplayStreamName\": false, \"mixerLayout\": \"picture-in-picture\"").file());
    assertThat(corner.colour(0.5, 0.3, 0.3)).isEqualTo("blue");
    assertThat(corner.colour(0.5, 0.87, 0.87)).isEqualTo("red");
    MixedFilm grid = MixedFilm.of(mix(recording, "\"mixerDisplayStreamName\": false, \"mixerCrop\": \"true\", \"mixerBackground\": \"00ff00\"").file());
    assertThat(grid.colour(0.5, 0.5, 0.4)).as("a shared screen is large").isEqualTo("blue");
    assertThat(grid.colour(0.5, 0.02, 0.9)).as("cropped, it fills its tile").isEqualTo("red");
    assertThat(grid.colour(0.5, 0.9, 0.9)).as("background").isEqualTo("lime");
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "it's 'x' %{pts} %{localtime}", "a:b,c;d[e]f\\g=h", "two\nlines\r\t\u0000\u001b[31m", "שלום \u202eRTL עולם", "🎥 x",
    "[0:v:0]null[video];amovie=/etc/passwd[x],drawtext=text='%{eif\\:1\\:d}' and very long, as names of 255 letters may be, on and on"
  })
  void whateverItsNameIsAStreamIsMixedWithItDrawn(String name) throws Exception {
    Path recording = new MultiTrackMp4()
        .take(name, "s", 0, 0.4).video("blue", 320, 180, 25).and().write(folder.resolve("it's [odd], a:b;.mp4"));

    MixedFilm drawn = MixedFilm.of(mix(recording, "\"mixerFontSize\": 40").file());

    assertThat(drawn.colour(0.2, 0.5, 0.2)).isEqualTo("blue");
    assertThat(drawn.colour(0.2, 0.03, 0.86)).as("the box behind the name").isNotEqualTo("blue");
  }

  @Test
  void soundAloneAndPicturesAloneAreMixed() throws Exception {
    Path recording = new MultiTrackMp4()
        .take("Ann", "a", 0, 1).video("red", 160, 90, 25).audio(1000, 48000, "mono").and()
        .write(folder.resolve("one.mp4"));

    assertThat(types(mix(recording, "\"hasVideo\": \"false\"").file())).containsExactly("audio");
    assertThat(types(mix(recording, "\"hasAudio\": false").file())).containsExactly("video");
  }

  @Test
  void theMixIsH264AndAacWithItsIndexInFrontAndItsTimeOfCreation() throws Exception {
    Path recording = new MultiTrackMp4()
        .take("Ann", "a", 0, 1).video("red", 160, 90, 25).audio(1000, 48000, "mono").and()
        .write(folder.resolve("one.mp4"));

    Path mixed = new MixRun(
        recording, settings(""), Optional.of(Instant.parse("2022-01-14T02:51:16Z")), LiveEncoder.PROGRAMS)
        .run().file();

    String bytes = new String(Files.readAllBytes(mixed), StandardCharsets.ISO_8859_1);
    assertThat(bytes.indexOf("moov")).isPositive().isLessThan(bytes.indexOf("mdat"));
    assertThat(bytes).contains("avc1", "mp4a").doesNotContain("moof");
    int head = bytes.indexOf("mvhd");
    assertThat(Integer.toUnsignedLong(ByteBuffer.wrap(Files.readAllBytes(mixed)).getInt(head + 8)))
        .as("time of creation since 1904").isEqualTo(3_724_973_476L);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).as("nothing is left beside it").containsExactlyInAnyOrder(recording, mixed);
    }
  }

  @Test
  void whatCannotBeMixedIsToldAndLeavesNothing() throws Exception {
    Path text = Files.writeString(folder.resolve("text.mp4"), "This is no film.");
    Path mixedAlready = Files.writeString(folder.resolve("a_mixed.mp4"), "x");
    Path empty = new MultiTrackMp4().take("Ann", "a", 0, 1).video("red", 64, 64, 25).and()
        .write(folder.resolve("empty.mp4"));

    assertThatThrownBy(() -> mix(text, "")).isInstanceOf(InputFailure.class).hasMessageContaining("no sound MP4");
    assertThatThrownBy(() -> mix(mixedAlready, "")).hasMessageContaining("is a mix already");
    assertThatThrownBy(() -> mix(empty, "\"hasVideo\": false"))
        .isInstanceOf(InputFailure.class).hasMessageContaining("nothing to mix");
    EditedMp4.recode(empty, "avc1", "zzzz");
    assertThatThrownBy(() -> mix(empty, "")).isInstanceOf(InputFailure.class).hasMessageContaining("empty.mp4");
    assertThat(Files.exists(folder.resolve("empty_mixed.mp4"))).isFalse();
  }

  @Test
  void aTrackOfNoLengthIsLeftOut() throws Exception {
    Path recording = new MultiTrackMp4()
        .take("Ann", "a", 0, 1).video("red", 160, 90, 25).and()
        .take("Nil", "n", 0, 1).video("blue", 160, 90, 25).and()
        .write(folder.resolve("nil.mp4"));
    EditedMp4.rewrite(recording, List.of(new long[] {1000, 0}), List.of(new long[] {1000, -1}));

    assertThat(MixedFilm.of(mix(recording, "").file()).colour(0.5, 0.9, 0.5)).isEqualTo("red");
  }

  private Mixed mix(Path recording, String json) throws Exception {
    return new MixRun(recording, settings(json), Optional.empty(), LiveEncoder.PROGRAMS).run();
  }

  private static MixSettings settings(String json) {
    String all = json.contains("mixerVideoWidth") ? "{\"minAvailableSpace\": 0, " + json + "}"
        : "{" + SMALL + (json.isEmpty() ? "" : ", " + json) + "}";
    return MixerFile.of("test", all);
  }

  private static List<String> types(Path file) throws Exception {
    return MovieTracks.of(file).stream().map(track -> track.kind().name().toLowerCase()).toList();
  }
}
