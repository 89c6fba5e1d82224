package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdSetTest {
  private static String id(Random random) {
    // Few different beginnings, so that many ids want the same place.
    return String.format("%015x%01x%04x", (long) random.nextInt(3), random.nextInt(16), random.nextInt(1 << 12));
  }

  @Test
  void itHoldsWhatASetOfTextsHolds() {
    Random random = new Random(11);
    Set<String> expected = new HashSet<>();
    IdSet ids = new IdSet();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      String id = id(random);
      all.add(id);
      if (random.nextInt(3) == 0) {
        expected.remove(id);
        ids.remove(id);
      } else {
        expected.add(id);
        ids.add(id);
      }
    }

    assertThat(ids.size()).isEqualTo(expected.size());
    assertThat(all).allSatisfy(id -> assertThat(ids.contains(id)).isEqualTo(expected.contains(id)));
  }

  @Test
  void anIdOfAnotherFormIsHeldAsItIs() {
    IdSet ids = new IdSet();
    ids.add("short");
    ids.add("ABCDEF0123456789abcd");
    ids.remove("short");

    assertThat(ids.contains("short")).isFalse();
    assertThat(ids.contains("ABCDEF0123456789abcd")).isTrue();
    assertThat(ids.contains("abcdef0123456789abcd")).isFalse();
  }
}
