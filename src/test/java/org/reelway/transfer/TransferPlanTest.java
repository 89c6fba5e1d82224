package org.reelway.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;

class TransferPlanTest {
  private static final long MIB = 1L << 20;
  private static final long TIB = 1L << 40;

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0", "1, 0, 1", "16777216, 16777216, 0", "16777217, 16777216, 3", "83886080000, 0, 10000",
    "83886080001, 0, 8889"
  })
  void aPlanHasTheFewestPartsOfTheWishedSizeAndNeverTooMany(long size, long threshold, int parts) {
    assertThat(TransferPlan.of(size, threshold, 8 * MIB).parts()).isEqualTo(parts);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 5 * MIB, 5 * MIB + 1, 52428800000L, 52428800001L, TIB - 1, 3 * TIB + 7, 5 * TIB - 1, 5 * TIB})
  void thePartsOfAnyPlanAreTheWholeFile(long size) {
    TransferPlan plan = TransferPlan.of(size, 0, 5 * MIB);

    long end = 0;
    for (int number = 1; number <= plan.parts(); number++) {
      assertThat(plan.offset(number)).isEqualTo(end);
      assertThat(plan.length(number)).isBetween(1L, 5L << 30);
      end += plan.length(number);
    }
    assertThat(end).isEqualTo(size);
    assertThat(plan.parts()).isBetween(1, TransferPlan.MOST_PARTS);
    assertThat(plan.partSize()).isBetween(5 * MIB, 5L << 30);
    assertThat(TransferPlan.multipart(size, plan.partSize())).as("resumed").isEqualTo(plan);
  }

  @Test
  void whatNoObjectCanHoldIsRefused() {
    TransferPlan.requireFit(5 * TIB, 5 * TIB, "reelway.store.max-object-size");
    assertThatThrownBy(() -> TransferPlan.requireFit(5 * TIB + 1, 5 * TIB, "reelway.store.max-object-size"))
        .isInstanceOf(InputFailure.class)
        .hasMessage("the file has 5497558138881 bytes; an object of this store holds at most 5497558138880"
            + " (reelway.store.max-object-size; S3 itself takes 10000 parts of 5 GiB): have the media server cut its"
            + " recordings shorter, or cut this one");
    long most = 10_000 * (5L << 30);
    TransferPlan.requireFit(most, Long.MAX_VALUE, "reelway.store.max-object-size");
    assertThat(TransferPlan.of(most, 0, 5 * MIB)).isEqualTo(new TransferPlan(most, 5L << 30, 10_000));
    assertThatThrownBy(() -> TransferPlan.requireFit(most + 1, Long.MAX_VALUE, "reelway.store.max-object-size")).isInstanceOf(InputFailure.class);
  }

  @Test
  void waitsDoubleUpToACapAndStayBetweenHalfAndWhole() {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));
    for (int failures : new int[] {0, 1, 2, 5, 9, 10, 31, 64, 1_000_000, Integer.MAX_VALUE}) {
      long whole = failures > 9 ? 300_000 : Math.min(300_000, 1000L << Math.max(0, failures - 1));
      assertThat(backoff.after(failures).toMillis()).as("%d failures", failures).isBetween(whole / 2, whole);
    }
    assertThat(new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)).after(7).toMillis()).isBetween(0L, 1L);
    assertThat(new Backoff(Duration.ofDays(365), Duration.ofHours(1)).after(60).toHours()).isLessThanOrEqualTo(1);
  }
}
