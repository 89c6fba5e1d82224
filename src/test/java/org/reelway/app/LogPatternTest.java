package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The form of the log's lines. */
class LogPatternTest {
  @Test
  void noCharacterOfANameControlsTheTerminalOrBeginsALine() throws IOException {
    String xml;
    try (InputStream file = getClass().getResourceAsStream("/logback.xml")) {
      xml = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
    LoggerContext context = new LoggerContext();
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern(xml.replaceAll("(?s).*<pattern>(.*)</pattern>.*", "$1"));
    layout.start();

    String line =
        layout.doLayout(
            new LoggingEvent("x", context.getLogger("x"), Level.INFO, "cam\u009b2J\u0085\u007f\u001b[2J\nü\u00a0", null, null));

    assertThat(line.strip()).doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f]").endsWith("cam 2J [2J ü\u00a0");
  }
}
