package org.reelway.media.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.media.container.ContainerCheck;

class RecordedTestStreamTest {
  private final FfmpegPrograms programs = FfmpegPrograms.bundled(Path.of("target", "ffmpeg"));
  private final RecordedTestStream stream = new RecordedTestStream(programs);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"2, 500000", "4, 8000000", "2, 24000000"})
  void theRecordingHasTheLengthTheSizeAndTheCodecsOfALiveStream(long seconds, long bytes) throws Exception {
    Path file = folder.resolve("test 'stream' $(1) 100%d.mp4");
    stream.record(file, Duration.ofSeconds(seconds), bytes, share -> {});

    assertThat(Files.size(file)).isCloseTo(bytes, Percentage.withPercentage(35));
    MediaProbe.Media media = new MediaProbe(programs).probe(file);
    assertThat(media.codecs()).containsExactly("h264", "aac");
    assertThat(media.tracks()).extracting(MediaProbe.Track::type).containsExactly("video", "audio");
    assertThat(media.format()).contains("mp4");
    assertThat(media.duration().toMillis() / 1000.0).isCloseTo(seconds, within(0.1));
    assertThat(new ContainerCheck().check(file).isWhole()).isTrue();
  }

  @Test
  void theIndexIsAtTheEndAsMediaServersWriteIt() throws Exception {
    Path file = folder.resolve("test.mp4");
    stream.record(file, Duration.ofSeconds(2), 1_000_000, share -> {});
    String bytes = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(bytes.indexOf("moov")).isGreaterThan(bytes.indexOf("mdat"));
  }

  @Test
  void progressRisesToOne() throws Exception {
    List<Double> shares = Collections.synchronizedList(new ArrayList<>());
    stream.record(folder.resolve("test.mp4"), Duration.ofSeconds(10), 4_000_000, shares::add);
    assertThat(shares).hasSizeGreaterThan(1).isSorted().allMatch(share -> share >= 0 && share <= 1);
    assertThat(shares.get(shares.size() - 1)).isEqualTo(1);
  }

  @Test
  void aFolderThatIsNotThereIsSaidInFfmpegsWords() {
    Path file = folder.resolve("no/such/folder/test.mp4");
    assertThatThrownBy(() -> stream.record(file, Duration.ofSeconds(2), 1_000_000, share -> {}))
        .isInstanceOf(OurFailure.class)
        .hasMessageContainingAll("could not record the test stream to " + file, "No such file or directory");
  }

  @ParameterizedTest
  @CsvSource({"0, 1000000", "10, 1000", "1, 90000000"})
  void aSizeThatDoesNotFitTheLengthIsRefused(long seconds, long bytes) {
    assertThatThrownBy(
            () -> stream.record(folder.resolve("test.mp4"), Duration.ofSeconds(seconds), bytes, share -> {}))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("test stream");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatIsNoMediaCannotBeProbed() throws Exception {
    Path file = Files.writeString(folder.resolve("notes.mp4"), "no media");
    assertThatThrownBy(() -> new MediaProbe(programs).probe(file))
        .isInstanceOf(InputFailure.class)
        .hasMessageStartingWith(file + " cannot be read as media: ");
  }
}
