package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NameSetTest {
  @Test
  void itHoldsWhatWasMetAgainAndWhatIsNewThroughManyReadings() {
    Random random = new Random(7);
    Set<Long> expected = new HashSet<>();
    NameSet names = NameSet.EMPTY;
    for (int reading = 0; reading < 30; reading++) {
      expected.removeIf(any -> random.nextInt(4) == 0);
      NameSet.Builder builder = new NameSet.Builder(names);
      expected.forEach(hash -> assertThat(builder.meet(hash)).isTrue());
      for (int i = 0; i < 100; i++) {
        long hash = random.nextLong();
        assertThat(builder.meet(hash)).isFalse();
        builder.add(hash);
        expected.add(hash);
      }
      names = builder.build();
      assertThat(names.size()).isEqualTo(expected.size());
    }
  }

  @Test
  void aNameThatIsMetTwiceIsHeldOnce() {
    NameSet.Builder first = new NameSet.Builder(NameSet.EMPTY);
    first.add(5);
    NameSet.Builder again = new NameSet.Builder(first.build());

    assertThat(again.meet(5)).isTrue();
    assertThat(again.meet(5)).isTrue();
    assertThat(again.build().size()).isEqualTo(1);
    assertThat(new NameSet.Builder(again.build()).build().size()).as("nothing was met").isZero();
  }
}
