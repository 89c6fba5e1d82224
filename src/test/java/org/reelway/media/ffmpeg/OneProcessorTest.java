package org.reelway.media.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OneProcessorTest {
  @Test
  void twoThatBeginTogetherDoNotShareOne() {
    List<String> first = new Launcher().oneProcessor();
    List<String> second = new Launcher().oneProcessor();
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1 && !first.isEmpty(), "there is one processor, or no taskset");

    assertThat(first).hasSize(3).element(1).isEqualTo("-c");
    assertThat(second).hasSize(3).isNotEqualTo(first);
  }
}
