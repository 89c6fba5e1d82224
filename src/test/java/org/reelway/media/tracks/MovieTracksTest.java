package org.reelway.media.tracks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.failure.InputFailure;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BoxContent;
import org.reelway.media.mp4.BrokenBoxes;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.MultiTrackMp4;

class MovieTracksTest {
  private static final String HOSTILE = "Ann \"%{pts}\" 'x':\\n\n[a];b, \u202eשלום 🎥";

  @TempDir private static Path shared;
  private static Path conference;

  @TempDir private Path folder;

  @BeforeAll
  static void recordAConference() throws Exception {
    conference =
        new MultiTrackMp4()
            .take(HOSTILE, "e6ff54e0-1c2a", 0, 3).video("red", 320, 240, 25).audio(440, 44100, "stereo").and()
            .take("Bob", "b-1", 1.5, 1).video("blue", 160, 120, 30).audio(880, 48000, "mono").and()
            .write(shared.resolve("conference.mp4"));
  }

  @Test
  void whoseATrackIsAndWhenItWasOnIsRead() throws IOException {
    List<Track> tracks = MovieTracks.of(conference);

    assertThat(tracks).extracting(Track::kind)
        .containsExactly(Track.Kind.VIDEO, Track.Kind.AUDIO, Track.Kind.VIDEO, Track.Kind.AUDIO);
    assertThat(tracks).extracting(Track::metadata).containsExactly(
        new TrackMetadata(HOSTILE, "e6ff54e0-1c2a"), new TrackMetadata(HOSTILE, "e6ff54e0-1c2a"),
        new TrackMetadata("Bob", "b-1"), new TrackMetadata("Bob", "b-1"));
    assertThat(tracks).extracting(Track::codec).containsExactly("avc1", "mp4a", "avc1", "mp4a");
    assertThat(tracks).extracting(Track::width).containsExactly(320, 0, 160, 0);
    assertThat(tracks).extracting(Track::channels).as("by the codec's own description").containsExactly(0, 2, 0, 1);
    assertThat(tracks).extracting(Track::sampleRate).containsExactly(0, 44100, 0, 48000);
    assertThat(tracks.get(2).edits()).hasSize(2);
    assertThat(tracks.get(2).edits().get(0)).isEqualTo(TrackEdit.pause(0, 1_500_000));
    assertThat(tracks.get(2).edits().get(1).endMillis()).isEqualTo(2500);
  }

  @Test
  void theJsonIsThatOfFlashphoner() throws IOException {
    JsonNode json = JsonMapper.builder().build().readTree(TracksJson.of(MovieTracks.of(conference)));

    assertThat(json.get(0).fieldNames()).toIterable().containsExactly(
        "durationInMS", "trackEdits", "trackType", "trackId", "width", "timescale", "streamName", "trackCodec",
        "mediaSessionId", "height");
    assertThat(json.get(1).fieldNames()).toIterable().containsExactly(
        "durationInMS", "trackEdits", "channels", "trackType", "trackId", "timescale", "streamName", "trackCodec",
        "sampleRate", "mediaSessionId");
    assertThat(json.get(0).get("streamName").textValue()).isEqualTo(HOSTILE);
    assertThat(json.get(2).toString()).isEqualTo(
        "{\"durationInMS\":\"2500\",\"trackEdits\":[{\"endInMs\":\"1500\",\"type\":\"pause\",\"startInMs\":\"0\"},"
            + "{\"endInMs\":\"2500\",\"type\":\"media\",\"startInMs\":\"1500\"}],\"trackType\":\"VIDEO\","
            + "\"trackId\":\"3\",\"width\":\"160\",\"timescale\":\"15360\",\"streamName\":\"Bob\","
            + "\"trackCodec\":\"avc1\",\"mediaSessionId\":\"b-1\",\"height\":\"120\"}");
    assertThat(TracksJson.of(List.of())).isEqualTo("[]");
  }

  @Test
  void aFragmentedFileIsAsLongAsItsFragments() throws Exception {
    List<Track> tracks = MovieTracks.of(fragmented("empty_moov+frag_keyframe+delay_moov+default_base_moof"));

    assertThat(tracks.get(2).edits()).extracting(TrackEdit::isMedia).containsExactly(false, true);
    assertThat(tracks.get(2).edits().get(1).startMillis()).isEqualTo(1500);
    assertThat(tracks.get(2).durationMillis()).isBetween(2400L, 2500L);
    assertThat(tracks.get(0).durationMillis()).isBetween(2900L, 3000L);
  }

  @Test
  void aTrackWithoutEditListWhoseFirstFragmentIsLateBeginsWithAPause() throws Exception {
    Path file = fragmented("empty_moov+frag_keyframe");
    byte[] bytes = Files.readAllBytes(file);
    int first = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("tfdt");
    ByteBuffer.wrap(bytes).putLong(first + 8, 12800);
    Files.write(file, bytes);

    List<TrackEdit> edits = MovieTracks.of(file).get(0).edits();

    assertThat(edits.get(0)).isEqualTo(TrackEdit.pause(0, 1_000_000));
    assertThat(edits.get(1).startMicros()).isEqualTo(edits.get(1).mediaMicros()).isEqualTo(1_000_000);
  }

  private Path fragmented(String flags) throws Exception {
    Path fragmented = folder.resolve("fragmented.mp4");
    Ffmpeg.run(List.of(
        "-v", "error", "-i", conference.toString(), "-map", "0", "-c", "copy", "-movflags", flags,
        fragmented.toString()));
    return fragmented;
  }

  @Test
  void ofFourGibibytesOnlyTheHeadsAreRead() throws IOException {
    byte[] bytes = Files.readAllBytes(conference);
    int moov = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("moov") - 4;
    Path large = folder.resolve("large.mp4");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.write(bytes, 0, moov);
      file.write(ByteBuffer.allocate(16).putInt(1).put("mdat".getBytes(StandardCharsets.US_ASCII)).putLong(4L << 30).array());
      file.seek(moov + (4L << 30));
      file.write(bytes, moov, bytes.length - moov);
    }

    assertThat(MovieTracks.of(large)).isEqualTo(MovieTracks.of(conference));
    // As the file is one hole, bytes that had been read would stand in the page cache but take no time; what counts is
    // that a window of some kilobytes at each head is all there is.
    assertThat(bytesRead(() -> MovieTracks.of(large))).isLessThan(200_000);
  }

  @Test
  void whereNoNameWasWrittenTheTrackNameOrTheHandlersIsTaken() throws Exception {
    Path file = folder.resolve("named.mp4");
    Ffmpeg.run(List.of(
        "-v", "error", "-f", "lavfi", "-i", "color=s=64x64:d=0.2", "-f", "lavfi", "-i", "color=s=64x64:d=0.2",
        "-f", "lavfi", "-i", "color=s=64x64:d=0.2", "-map", "0", "-map", "1", "-map", "2", "-metadata:s:v:0", "title=Änne",
        "-metadata:s:v:1", "handler_name=Bob", file.toString()));

    assertThat(MovieTracks.of(file)).extracting(track -> track.metadata().streamName())
        .containsExactly("Änne", "Bob", "");
  }

  @Test
  void metadataIsReadAsItWasWrittenAndWhatIsBrokenIsPassedOver() throws IOException {
    TrackMetadata hostile = new TrackMetadata(HOSTILE, "a".repeat(300));
    byte[] bytes = hostile.toBytes();

    assertThat(metadata(bytes)).isEqualTo(hostile);
    assertThat(metadata(new byte[0])).isEqualTo(TrackMetadata.NONE);
    Random random = new Random(6);
    for (int i = 0; i < 5000; i++) {
      byte[] broken = bytes.clone();
      broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      assertThat(metadata(broken)).isNotNull();
    }
  }

  private static TrackMetadata metadata(byte[] boxes) throws IOException {
    TrackNames names = new TrackNames();
    try {
      for (Box box = Box.file(boxes).first(); box != null; box = box.next()) {
        names.take(box);
      }
    } catch (BrokenBoxes outermost) {
      // A file's reader tells of it.
    }
    return names.metadata();
  }

  @Test
  void ffmpegReadsTheFileWithOurMetadata() throws Exception {
    assertThat(Ffmpeg.pictures(0, conference, 1, 1)).hasSize(75);
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        lie("moov", -4, 0x7fffffff, "'moov' at byte"),
        lie("trak", -4, 3, "'trak' at byte"),
        lie("trak", -4, 0x00ffffff, "'trak' at byte"),
        lie("elst", 8, 0x10000000, "edit list says that it has 268435456 entries"),
        lie("elst", 16, 0xfffffff0, "before the media begins"),
        lie("mvhd", 16, 0, "no time scale"),
        lie("mdhd", 16, 0, "has no time scale"),
        lie("stsd", 0, 0x66726565, "does not say how it is coded"),
        lie("stsd", 12, 0x7fffffff, "says that it has"));
  }

  private static Arguments lie(String box, int at, int value, String words) {
    return Arguments.of(box, at, value, words);
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aLieIsTold(String box, int at, int value, String words) throws IOException {
    byte[] bytes = Files.readAllBytes(conference);
    int where = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(box);
    ByteBuffer.wrap(bytes).putInt(where + at, value);
    Path broken = Files.write(folder.resolve("broken.mp4"), bytes);

    assertThatThrownBy(() -> MovieTracks.of(broken))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("broken.mp4 is no sound MP4")
        .hasMessageContaining(words);
  }

  @Test
  void anEditListOfMoreThanAHundredYearsIsALie() throws IOException {
    byte[] bytes = Files.readAllBytes(conference);
    int where = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("mvhd");
    ByteBuffer.wrap(bytes).putInt(where + 16, 1);
    int list = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("elst");
    ByteBuffer.wrap(bytes).putInt(list + 12, 0xffffffff);
    Path broken = Files.write(folder.resolve("broken.mp4"), bytes);

    assertThatThrownBy(() -> MovieTracks.of(broken)).hasMessageContaining("a track ends after");
  }

  @Test
  void aFileWithoutIndexAndOneThatIsNoMp4AreTold() throws IOException {
    byte[] bytes = Files.readAllBytes(conference);
    int moov = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("moov") - 4;
    Path cut = Files.write(folder.resolve("cut.mp4"), Arrays.copyOf(bytes, moov));
    Path text = Files.writeString(folder.resolve("text.mp4"), "This is not a film, but a text.");

    assertThatThrownBy(() -> MovieTracks.of(cut)).hasMessageContaining("no index ('moov')").hasMessageContaining("repair");
    assertThatThrownBy(() -> MovieTracks.of(text)).isInstanceOf(InputFailure.class);
    Path empty = Files.createFile(folder.resolve("empty.mp4"));
    assertThatThrownBy(() -> MovieTracks.of(empty)).isInstanceOf(InputFailure.class);
  }

  @Test
  void whateverByteIsWrongThereIsAnAnswerOrAnInputFailure() throws IOException {
    byte[] bytes = Files.readAllBytes(conference);
    int moov = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("moov") - 4;
    Random random = new Random(7);
    List<Throwable> others = new ArrayList<>();
    Path broken = folder.resolve("broken.mp4");
    for (int i = 0; i < 2000; i++) {
      byte[] wrong = bytes.clone();
      for (int n = 0; n < 4; n++) {
        wrong[moov + random.nextInt(wrong.length - moov)] = (byte) random.nextInt();
      }
      Files.write(broken, wrong);
      Throwable thrown = catchThrowable(() -> MovieTracks.of(broken));
      if (thrown != null && !(thrown instanceof InputFailure)) {
        others.add(thrown);
      }
    }
    assertThat(others).isEmpty();
  }

  @Test
  void boxesThatLieInEachOtherWithoutEndAreNotFollowed() throws IOException {
    for (String type : List.of("mdia", "udta", "meta")) {
      int depth = 200_000;
      ByteBuffer nested = ByteBuffer.allocate(8 * depth);
      for (int i = 0; i < depth; i++) {
        nested.putInt(8 * (depth - i)).put(type.getBytes(StandardCharsets.US_ASCII));
      }
      byte[] moov = BoxContent.box("moov", BoxContent.full("mvhd", 0, 0, mvhd()), BoxContent.box("trak", nested.array()));
      Path file = Files.write(folder.resolve(type + ".mp4"), moov);

      assertThat(MovieTracks.of(file)).as(type).isEmpty();
    }
  }

  @Test
  void aFragmentOfMillionsOfTracksOrRunsIsALie() throws IOException {
    byte[] moov = BoxContent.box("moov", BoxContent.full("mvhd", 0, 0, mvhd()));
    byte[] traf = BoxContent.box("traf", BoxContent.full("tfhd", 0, 0, new byte[4]));
    byte[] trun = BoxContent.full("trun", 0, 0, new byte[4]);
    byte[] many = repeated(traf, 200_000);
    byte[] runs = BoxContent.box("traf", BoxContent.full("tfhd", 0, 0, new byte[4]), repeated(trun, 200_000));
    for (byte[] moof : List.of(BoxContent.box("moof", many), BoxContent.box("moof", runs))) {
      Path file = folder.resolve("many.mp4");
      Files.write(file, ByteBuffer.allocate(moov.length + moof.length).put(moov).put(moof).array());

      assertThatThrownBy(() -> MovieTracks.of(file)).isInstanceOf(InputFailure.class)
          .hasMessageContaining("a fragment has more than 100000 tracks and runs of samples");
    }
  }

  @Test
  void fragmentsOfTracksWithoutEndAreALie() throws IOException {
    byte[] moov = BoxContent.box("moov", BoxContent.full("mvhd", 0, 0, mvhd()));
    ByteBuffer all = ByteBuffer.allocate(moov.length + 2000 * 32).put(moov);
    for (int id = 1; id <= 2000; id++) {
      byte[] number = ByteBuffer.allocate(4).putInt(id).array();
      all.put(BoxContent.box("moof", BoxContent.box("traf", BoxContent.full("tfhd", 0, 0, number))));
    }
    Path file = Files.write(folder.resolve("ids.mp4"), all.array());

    assertThatThrownBy(() -> MovieTracks.of(file)).hasMessageContaining("it has more than 1000 tracks");
  }

  /** Of 1000 units a second. */
  private static byte[] mvhd() {
    return ByteBuffer.allocate(96).putInt(8, 1000).array();
  }

  private static byte[] repeated(byte[] box, int times) {
    ByteBuffer all = ByteBuffer.allocate(box.length * times);
    while (all.hasRemaining()) {
      all.put(box);
    }
    return all.array();
  }

  private static long bytesRead(ThrowingCallable work) throws IOException {
    long before = readSoFar();
    assertThat(catchThrowable(work)).isNull();
    return readSoFar() - before;
  }

  private static long readSoFar() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/io")).stream()
        .filter(line -> line.startsWith("rchar:"))
        .mapToLong(line -> Long.parseLong(line.substring(7).strip()))
        .findFirst()
        .orElseThrow();
  }
}
