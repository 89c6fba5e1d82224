package org.reelway.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.reelway.failure.LogSubject;
import org.reelway.transfer.observe.RecordingTrace;

/**
 * Each event of the log as a JSON object on a line of its own: time, level, logger, thread, message; what it is about
 * ({@link LogSubject}); a failure as stack. Logback's own encoder has no member that log stores take for the
 * message, and what a line is about one level below.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
  /** Text of others controls no terminal either: only printable ASCII stands as it is. */
  private static final class Escapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;
    private static final int DELETE = 0x7f;
    private final int[] ascii = standardAsciiEscapesForJSON();

    Escapes() {
      ascii[DELETE] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii.clone();
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return null;
    }
  }

  private final boolean traced;
  private final JsonFactory json =
      new JsonFactoryBuilder().characterEscapes(new Escapes()).highestNonEscapedChar(0x7e).build();

  /** @param traced whether a line that is about a recording names its trace */
  JsonLines(boolean traced) {
    this.traced = traced;
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringWriter line = new StringWriter();
    try (JsonGenerator to = json.createGenerator(line)) {
      to.writeStartObject();
      to.writeStringField("time", event.getInstant().toString());
      to.writeStringField("level", event.getLevel().toString());
      to.writeStringField("logger", event.getLoggerName());
      to.writeStringField("thread", event.getThreadName());
      to.writeStringField("message", event.getFormattedMessage());
      for (Map.Entry<String, String> each : new TreeMap<>(event.getMDCPropertyMap()).entrySet()) {
        to.writeStringField(each.getKey(), each.getValue());
      }
      String recording = event.getMDCPropertyMap().get(LogSubject.RECORDING);
      if (traced && recording != null) {
        to.writeStringField("trace", RecordingTrace.id(recording));
      }
      if (event.getThrowableProxy() != null) {
        to.writeStringField("stack", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      to.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (line + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
