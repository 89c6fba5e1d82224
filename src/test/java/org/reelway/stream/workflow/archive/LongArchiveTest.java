package org.reelway.stream.workflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reelway.stream.workflow.archive.ArchiveFixture.PREFIX;
import static org.reelway.stream.workflow.archive.ArchiveFixture.request;
import static org.reelway.stream.workflow.archive.ArchiveFixture.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.InputFailure;
import org.reelway.testkit.TestStore;

/** What a split of four thousand segments, two weeks of a stream, asks of the store. */
class LongArchiveTest {
  private static final int COUNT = 4_000;
  private static final int WHOLE = COUNT * ManySegments.SECONDS;

  @TempDir Path temp;
  private ArchiveFixture it;

  @BeforeEach
  void begin() {
    it = new ArchiveFixture(temp);
  }

  @AfterEach
  void end() {
    it.close();
  }

  private Path folder() {
    return temp.resolve("store").resolve(TestStore.BUCKET).resolve(PREFIX);
  }

  private String split(Object start, Object end) {
    return it.splitter.split(source(ManySegments.SECONDS), request(null, start, end)).indexes().get(0);
  }

  private long listings() {
    return it.asked("list-type=2");
  }

  private long reads() {
    return it.asked("GET /" + TestStore.BUCKET + "/" + PREFIX + "_1");
  }

  @Test
  void withItsOwnPlaylistOnlyTheThousandsThatASectionIsInAreListed() throws IOException {
    ManySegments.write(folder(), COUNT, 0);
    ManySegments.index(folder(), COUNT);
    assertThat(it.named(split(599_700, 600_600))).containsExactly(
        ManySegments.name(1999), ManySegments.name(2000), ManySegments.name(2001));
    assertThat(listings()).isEqualTo(2);
    assertThat(it.named(split(0, WHOLE))).hasSize(COUNT);
    assertThat(listings()).isEqualTo(2 + COUNT / 1000);
    assertThat(reads()).isZero();
  }

  @Test
  void withoutOneFewSegmentsAreReadAndNoneOfThemTwice() throws IOException {
    ManySegments.write(folder(), COUNT, 0);
    assertThat(it.named(split(600_000, 600_900))).containsExactly(
        ManySegments.name(2000), ManySegments.name(2001), ManySegments.name(2002));
    assertThat(listings()).isLessThanOrEqualTo(2L * (COUNT / 1000));
    assertThat(reads()).isLessThan(25);
    long once = reads();
    split(600_000, 600_900);
    assertThat(reads()).isEqualTo(once);
  }

  @Test
  void segmentsThatAreLongerThanWasWantedAreFoundToo() throws IOException {
    // 3 % more each: at the end the guess is 116 segments off, and the clock has begun anew 12 times.
    ManySegments.write(folder(), COUNT, 9);
    assertThat(it.named(split(309 * 3990 + 1, 309 * 3992))).containsExactly(ManySegments.name(3990), ManySegments.name(3991));
    assertThat(it.named(split(309 * 500 + 308, 309 * 501 + 1))).containsExactly(ManySegments.name(500), ManySegments.name(501));
    assertThat(it.named(split(309 * 3999 + 308, 309 * COUNT))).containsExactly(ManySegments.name(3999));
    assertThatThrownBy(() -> split(0, 309 * COUNT + 1)).isInstanceOf(InputFailure.class).hasMessageContaining("reaches to 1236000.000");
    assertThat(reads()).isLessThan(120);
  }

  @Test
  void allOfItIsOneReadASegmentAndTheSecondTimeNone() throws IOException {
    int some = 2_000;
    ManySegments.write(folder(), some, 0.04);
    String key = split(0, 300.04 * some);
    assertThat(it.named(key)).hasSize(some);
    assertThat(it.text(key).lines().filter("#EXTINF:300.040000,"::equals)).hasSize(some);
    // The last one is read at its end too.
    assertThat(reads()).isLessThanOrEqualTo(some + 1);
    long once = reads();
    split(0, 300.04 * some);
    assertThat(reads()).isEqualTo(once);
    // Another object of the name is read again.
    Files.write(folder().resolve(ManySegments.name(7)), Files.readAllBytes(folder().resolve(ManySegments.name(7))));
    assertThat(it.named(split(2101, 2102))).containsExactly(ManySegments.name(7));
    assertThat(reads()).isBetween(once, once + 1);
  }
}
