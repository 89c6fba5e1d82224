package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamFilterTest {

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      ''               | anything             | true
      forwardthese     | cam-forwardthese-1   | true
      forwardthese     | cam-ForwardThese-1   | false
      glob:cam-*       | cam-1                | true
      glob:cam-*       | a-cam-1              | false
      glob:{a,b}?      | b7                   | true
      regex:cam-[0-9]+ | cam-12               | true
      regex:cam-[0-9]+ | cam-12x              | false
      """)
  void chooses(String filter, String stream, boolean chosen) {
    assertThat(StreamFilter.parse(filter).matches(stream)).isEqualTo(chosen);
  }
}
