package org.reelway.media.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.media.container.ContainerCheck.State;

class ContainerCheckTest {
  private static final int EVENLY_SPREAD_CUTS = 60;

  @TempDir static Path folder;

  private static List<Sample> samples;

  private final ContainerCheck check = new ContainerCheck();

  /** A file, and at which sizes the file cut there cannot be told from a whole one. */
  record Sample(Path file, byte[] bytes, MediaBorders borders) {
    @Override
    public String toString() {
      return file.getFileName().toString();
    }
  }

  @BeforeAll
  static void makeSamples() throws Exception {
    MediaSamples media = new MediaSamples(folder);
    samples =
        List.of(
            mp4(media.mp4()),
            mp4(media.faststart()),
            mp4(media.fragmented()),
            mp4(media.mov()),
            mp4(media.m4a()),
            packets(media.ts(), 188, 2),
            packets(media.m2ts(), 192, 2),
            flv(media.flv()),
            matroska(media.mkv(), false),
            matroska(media.webm(), false),
            matroska(media.liveMkv(), true),
            withClustersOfUnknownSize(media.liveMkv()));
  }

  static List<Sample> samples() {
    return samples;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aFileThatItsWriterHasFinishedIsWhole(Sample sample) throws Exception {
    assertThat(check.check(sample.file)).satisfies(ContainerCheckTest::isWhole);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aFileThatIsCutIsNotWholeUnlessTheFormatCannotShowIt(Sample sample) throws Exception {
    for (long size : cuts(sample)) {
      State expected = sample.borders.whole().contains(size) ? State.WHOLE : State.INCOMPLETE;
      ContainerCheck.Verdict verdict = check.check(cut(sample, size));
      assertThat(verdict.state()).as("%s cut at %d of %d: %s", sample, size, sample.bytes.length, verdict.reason())
          .isEqualTo(expected);
      assertThat(verdict.reason()).isNotBlank();
    }
  }

  @Test
  void anMp4OfAKilledWriterIsIncompleteWhileItIsWrittenAndAfterwards() throws Exception {
    Path file = folder.resolve("killed.mp4");
    Process writer = new MediaSamples(folder).writing(file);
    try {
      await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(file) && Files.size(file) > 10_000);
      assertThat(check.check(file).state()).isEqualTo(State.INCOMPLETE);
    } finally {
      writer.destroyForcibly().waitFor();
    }
    assertThat(check.check(file))
        .satisfies(verdict -> assertThat(verdict.state()).isEqualTo(State.INCOMPLETE))
        .satisfies(verdict -> assertThat(verdict.reason()).contains("no moov box", "the writer has not finished"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "MOV", "m4a", "ts", "flv", "mkv", "webm"})
  void garbageUnderAKnownNameIsIncomplete(String extension) throws Exception {
    byte[] garbage = new byte[100_000];
    new Random(7).nextBytes(garbage);
    ContainerCheck.Verdict verdict = check.check(written("garbage." + extension, garbage));
    assertThat(verdict.state()).isEqualTo(State.INCOMPLETE);
    assertThat(verdict.reason()).contains("named ." + extension.toLowerCase(), "100000 bytes");
  }

  @Test
  void whatIsNoKnownContainerIsUnknown() throws Exception {
    byte[] text = "Good morning, this text begins with the sync byte of a transport stream".getBytes();
    assertThat(check.check(written("notes.txt", text)).state()).isEqualTo(State.UNKNOWN);
    assertThat(check.check(written("no-extension", new byte[5000])).state()).isEqualTo(State.UNKNOWN);
    assertThat(check.check(folder).state()).isEqualTo(State.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"empty.mp4", "empty.ts", "empty.bin"})
  void anEmptyFileIsIncomplete(String name) throws Exception {
    assertThat(check.check(written(name, new byte[0])).reason()).isEqualTo("the file is empty");
  }

  @Test
  void aFileThatIsGoneIsAnError() {
    assertThatThrownBy(() -> check.check(folder.resolve("gone.mp4"))).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void theContentCountsAndNotTheName() throws Exception {
    Path named = folder.resolve("transport-stream-named.mp4");
    Files.write(named, sample("transport.ts").bytes);
    assertThat(check.check(named).reason()).isEqualTo("MPEG-TS");
    Files.write(named, sample("flash.flv").bytes);
    assertThat(check.check(named).reason()).isEqualTo("FLV");
  }

  @Test
  void anMp4MayEndInPaddingButNotInReservedSpace() throws Exception {
    byte[] whole = sample("plain.mp4").bytes;
    for (int padding : new int[] {1, 7, 8, 9, 4096, 1024 * 1024}) {
      assertThat(check.check(written("padded.mp4", Arrays.copyOf(whole, whole.length + padding))))
          .as("%d bytes of padding", padding).satisfies(ContainerCheckTest::isWhole);
    }
    byte[] reserved = Arrays.copyOf(whole, whole.length + 4 * 1024 * 1024);
    assertThat(check.check(written("reserved.mp4", reserved)).state()).isEqualTo(State.INCOMPLETE);
  }

  @Test
  void anMp4WithSpaceReservedForItsIndexIsIncompleteUntilTheIndexIsThere() throws Exception {
    byte[] reserved = join(box("ftyp", 16), box("free", 2048), box("mdat", 5000));
    assertThat(check.check(written("reserved.mp4", reserved)).reason()).startsWith("no moov box");
    byte[] placeholder = join(box("ftyp", 16), box("free", 2048), header("mdat", 0), new byte[5000]);
    assertThat(check.check(written("placeholder.mp4", placeholder)).state()).isEqualTo(State.INCOMPLETE);
    byte[] done = join(box("ftyp", 16), moov(false), box("free", 1000), box("mdat", 5000));
    assertThat(check.check(written("done.mp4", done))).satisfies(ContainerCheckTest::isWhole);
  }

  @Test
  void anMp4WhoseMediaRunsToTheEndOfTheFileIsWholeOnlyAfterItsIndex() throws Exception {
    byte[] media = join(header("mdat", 0), new byte[5000]);
    assertThat(check.check(written("after.mp4", join(box("ftyp", 16), moov(false), media))))
        .satisfies(ContainerCheckTest::isWhole);
    assertThat(check.check(written("before.mp4", join(box("ftyp", 16), media))).reason())
        .contains("has no size yet", "the writer has not finished");
  }

  @Test
  void anMp4WithAnIndexButNoMediaIsIncomplete() throws Exception {
    for (boolean fragmented : new boolean[] {true, false}) {
      assertThat(check.check(written("bare.mp4", join(box("ftyp", 16), moov(fragmented)))).reason())
          .startsWith("no mdat box");
    }
  }

  @Test
  void anMp4WhoseIndexIsTornIsIncomplete() throws Exception {
    byte[] zeros = join(box("ftyp", 16), box("mdat", 500), header("moov", 108), new byte[100]);
    assertThat(check.check(written("torn.mp4", zeros)).reason()).contains("the moov box at 532 is torn");
  }

  @Test
  void anMp4OfMoreThan4GigabytesIsJudgedByItsLongSizes() throws Exception {
    byte[] start = join(box("ftyp", 16), longHeader("mdat", 5L << 30));
    Path file = written("large.mp4", start);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(moov(false)), 24 + (5L << 30));
    }
    assertThat(check.check(file)).satisfies(ContainerCheckTest::isWhole);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(23 + (5L << 30));
    }
    assertThat(check.check(file).reason()).contains("the mdat box at 24 needs 1 bytes more");
    Files.delete(file);
  }

  @Test
  void sizesThatNoFileCanHaveAreNotFollowed() throws Exception {
    for (long size : new long[] {0, 15, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      byte[] bytes = join(box("ftyp", 16), longHeader("mdat", size));
      assertThat(check.check(written("wrong.mp4", bytes)).state()).as("size %d", size).isEqualTo(State.INCOMPLETE);
    }
  }

  @Test
  void aHundredThousandFragmentsAreWalkedAndTheLastOneCounts() throws Exception {
    ByteArrayOutputStream fragments = new ByteArrayOutputStream();
    fragments.writeBytes(join(box("ftyp", 16), moov(true)));
    for (int i = 0; i < 100_000; i++) {
      fragments.writeBytes(join(box("moof", 40), box("mdat", 20)));
    }
    Path file = written("many.mp4", fragments.toByteArray());
    assertThat(check.check(file)).satisfies(ContainerCheckTest::isWhole);
    assertThat(new ContainerCheck(50_000).check(file).state()).isEqualTo(State.UNKNOWN);
    fragments.writeBytes(box("moof", 40));
    assertThat(check.check(written("many.mp4", fragments.toByteArray())).reason())
        .contains("is not followed by its mdat");
  }

  @Test
  void aTransportStreamWithoutAProgramTableIsIncomplete() throws Exception {
    byte[] stream = sample("transport.ts").bytes.clone();
    for (int packet = 0; packet < stream.length; packet += 188) {
      if ((stream[packet + 1] & 0x1f) == 0 && stream[packet + 2] == 0) {
        stream[packet + 2] = 99;
      }
    }
    assertThat(check.check(written("tableless.ts", stream)).reason()).contains("program association table");
  }

  @Test
  void aTransportStreamWithErrorCorrectionIsKnown() throws Exception {
    byte[] plain = sample("transport.ts").bytes;
    ByteArrayOutputStream corrected = new ByteArrayOutputStream();
    for (int packet = 0; packet < plain.length; packet += 188) {
      corrected.write(plain, packet, 188);
      corrected.writeBytes(new byte[16]);
    }
    assertThat(check.check(written("corrected.ts", corrected.toByteArray()))).satisfies(ContainerCheckTest::isWhole);
  }

  @Test
  void aTransportStreamThatEndsInReservedSpaceIsIncomplete() throws Exception {
    byte[] plain = sample("transport.ts").bytes;
    assertThat(check.check(written("reserved.ts", Arrays.copyOf(plain, plain.length + 188 * 40))).state())
        .isEqualTo(State.INCOMPLETE);
  }

  private static void isWhole(ContainerCheck.Verdict verdict) {
    assertThat(verdict.state()).as(verdict.reason()).isEqualTo(State.WHOLE);
  }

  /** Spread over the file, and at every border (up to some hundred) and one byte to both sides of it. */
  private static Set<Long> cuts(Sample sample) {
    int size = sample.bytes.length;
    TreeSet<Long> cuts = new TreeSet<>();
    for (int i = 1; i < EVENLY_SPREAD_CUTS; i++) {
      cuts.add((long) size * i / EVENLY_SPREAD_CUTS);
    }
    List<Long> borders = List.copyOf(sample.borders.all());
    int step = Math.max(1, borders.size() / 60);
    for (int i = 0; i < borders.size(); i++) {
      if (i < 10 || i % step == 0 || i > borders.size() - 10) {
        cuts.addAll(List.of(borders.get(i) - 1, borders.get(i), borders.get(i) + 1));
      }
    }
    cuts.addAll(List.of(1L, 2L, 3L, 4L, 8L, 16L, size - 1L, size - 4L));
    cuts.removeIf(cut -> cut <= 0 || cut >= size);
    return cuts;
  }

  private static Path cut(Sample sample, long size) throws IOException {
    return written("cut-" + sample, Arrays.copyOf(sample.bytes, (int) size));
  }

  private static Path written(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static Sample sample(String name) {
    return samples.stream().filter(sample -> sample.toString().equals(name)).findFirst().orElseThrow();
  }

  private static Sample mp4(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return new Sample(file, bytes, MediaBorders.ofMp4(bytes));
  }

  private static Sample flv(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return new Sample(file, bytes, MediaBorders.ofFlv(bytes));
  }

  private static Sample packets(Path file, int length, int firstWhole) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return new Sample(file, bytes, MediaBorders.ofPackets(bytes, length, firstWhole));
  }

  private static Sample matroska(Path file, boolean open) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return new Sample(file, bytes, MediaBorders.ofMatroska(bytes, open));
  }

  /** Some live writers leave the size of clusters open as well. */
  private static Sample withClustersOfUnknownSize(Path live) throws IOException {
    byte[] bytes = Files.readAllBytes(live);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int clusters = 0;
    int copied = 0;
    for (int at = 0; at < bytes.length - 12; at++) {
      if (ByteBuffer.wrap(bytes).getInt(at) == 0x1F43B675) {
        int sizeLength = Integer.numberOfLeadingZeros(bytes[at + 4] & 0xff) - 23;
        out.write(bytes, copied, at + 4 - copied);
        out.writeBytes(new byte[] {1, -1, -1, -1, -1, -1, -1, -1});
        copied = at + 4 + sizeLength;
        clusters++;
      }
    }
    out.write(bytes, copied, bytes.length - copied);
    assertThat(clusters).isGreaterThan(2);
    return matroska(written("open-clusters.mkv", out.toByteArray()), true);
  }

  private static byte[] moov(boolean fragmented) {
    byte[] children = fragmented ? join(box("mvhd", 100), box("mvex", 20)) : box("mvhd", 100);
    return join(header("moov", 8 + children.length), children);
  }

  private static byte[] box(String type, int contentLength) {
    return join(header(type, 8 + contentLength), new byte[contentLength]);
  }

  private static byte[] header(String type, int size) {
    return ByteBuffer.allocate(8).putInt(size).put(type.getBytes(StandardCharsets.ISO_8859_1)).array();
  }

  private static byte[] longHeader(String type, long size) {
    byte[] letters = type.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(16).putInt(1).put(letters).putLong(size).array();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
