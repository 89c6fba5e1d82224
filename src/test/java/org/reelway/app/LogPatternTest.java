package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The form of the log's lines. */
class LogPatternTest {
  private static final String HOSTILE =
      "cam\u009b2J\u0085\u007f\u001b[2J\r\n2026-11-30 00:00:00.000 ERROR forged\u2028\u2029\u202egnp.exe\u2066\u200f\u061cü\u00a0";
  private static final String CLEAN = "cam 2J [2J 2026-11-30 00:00:00.000 ERROR forged gnp.exe ü\u00a0";
  private static final String CONTROLS = "[\\p{Cntrl}\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]";

  private static List<String> lines(String message, Throwable failure) throws JoranException {
    LoggerContext context = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogPatternTest.class.getResource("/logback.xml"));
    ConsoleAppender<ILoggingEvent> console =
        (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("console");
    LoggingEvent event = new LoggingEvent("x", context.getLogger("x"), Level.INFO, message, failure, null);
    event.setThreadName("watch-\u001b\n");
    String text = new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
    assertThat(text).endsWith("\n");
    return List.of(text.split("\n"));
  }

  @Test
  void noCharacterOfANameControlsTheTerminalOrBeginsALine() throws JoranException {
    assertThat(lines(HOSTILE, null)).singleElement().asString().doesNotContainPattern(CONTROLS).endsWith(CLEAN);
  }

  @Test
  void noMessageOfAFailureDoesSoEither() throws JoranException {
    Exception failure = new IllegalStateException(HOSTILE, new IllegalArgumentException("below " + HOSTILE));
    failure.addSuppressed(new IllegalStateException("beside " + HOSTILE));

    List<String> lines = lines("failed", failure);

    assertThat(lines.get(0)).endsWith(" failed");
    assertThat(lines.get(1)).isEqualTo("java.lang.IllegalStateException: " + CLEAN);
    assertThat(lines.subList(2, lines.size())).allSatisfy(line ->
        assertThat(line).matches("\t+(at|\\.\\.\\.) .*|\t?(Caused by|Suppressed): .*").doesNotContainPattern("(?!\t)" + CONTROLS));
    assertThat(lines).contains("Caused by: java.lang.IllegalArgumentException: below " + CLEAN)
        .contains("\tSuppressed: java.lang.IllegalStateException: beside " + CLEAN);
  }
}
