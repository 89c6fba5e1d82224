package org.reelway.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ListBoundTest {
  private final AtomicLong length = new AtomicLong(3);
  private final ListBound bound = new ListBound("streams", "streams", 100, length::get, "end some");

  @Test
  void isFullOnlyForAsLongAsWhatWasRefusedHasNoRoom() {
    assertThatThrownBy(() -> bound.require(98)).isInstanceOf(ListFull.class);
    assertThat(bound.isFull()).isTrue();
    length.set(2);
    assertThat(bound.isFull()).isFalse();
  }

  @Test
  void isNotFullAnyMoreOnceWhatWasComingWentElsewhere() {
    assertThatThrownBy(() -> bound.require(1, 200)).isInstanceOf(ListFull.class);
    assertThat(bound.isFull()).isFalse();
    bound.require(1, 0);
    assertThat(bound.isFull()).isFalse();
  }
}
