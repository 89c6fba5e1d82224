package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code reelway.log.format=json}. */
class JsonLinesTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00.123Z");

  private static String line(String message, Throwable failure, Map<String, String> about) {
    LoggerContext context = new LoggerContext();
    LoggingEvent event = new LoggingEvent("x", context.getLogger("org.reelway.X"), Level.WARN, message, failure, new Object[] {"cam"});
    event.setInstant(NOW);
    event.setThreadName("worker \u001b");
    event.setMDCPropertyMap(about);
    return new String(new JsonLines(false).encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void aLineIsOneObjectWithWhatItIsAbout() throws IOException {
    String line = line("stream {} ends", null, Map.of("stream", "cam", "route", "stream-events"));

    assertThat(line).isEqualTo("""
        {"time":"2026-11-30T12:00:00.123Z","level":"WARN","logger":"org.reelway.X","thread":"worker \\u001B",\
        "message":"stream cam ends","route":"stream-events","stream":"cam"}
        """);
  }

  @Test
  void noTextOfOthersBeginsALineOrControlsATerminalAndAllOfItComesBack() throws IOException {
    String hostile = "a\u009b2J\u007f\u001b[2J\r\n{\"level\":\"ERROR\"}\u2028\u202eüé😀\"\\";
    IllegalStateException failure = new IllegalStateException(hostile, new IllegalArgumentException("below"));

    String line = line(hostile, failure, Map.of("recording", hostile));

    assertThat(line).matches("[ -~]+\n");
    JsonNode read = JsonMapper.builder().build().readTree(line);
    assertThat(read.path("message").asText()).isEqualTo(hostile);
    assertThat(read.path("recording").asText()).isEqualTo(hostile);
    assertThat(read.path("stack").asText()).startsWith("java.lang.IllegalStateException: " + hostile)
        .contains("\tat ").contains("Caused by: java.lang.IllegalArgumentException: below");
  }
}
