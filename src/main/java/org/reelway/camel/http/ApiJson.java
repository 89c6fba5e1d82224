package org.reelway.camel.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import org.reelway.failure.ForeignJson;
import org.reelway.failure.InputFailure;

/** The JSON of the HTTP API, read and written: the mapper that {@code routes/80-api} names. */
public final class ApiJson {
  private ApiJson() {}

  public static JsonMapper mapper() {
    return ForeignJson.reader()
        .addModule(
            new SimpleModule()
                .addSerializer(Instant.class, ToStringSerializer.instance)
                .addDeserializer(String.class, new Text()))
        // Clients of other systems' APIs send more than we know.
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .addHandler(new WrongShape())
        .enable(SerializationFeature.INDENT_OUTPUT)
        .defaultPrettyPrinter(new Lines())
        .build();
  }

  private static String current(JsonParser json) throws IOException {
    return json.currentName() == null ? "the body" : "\"" + json.currentName() + "\"";
  }

  /** A text and nothing else: a number may have been rounded or cut before it came here. */
  private static final class Text extends StdScalarDeserializer<String> {
    private static final long serialVersionUID = 1L;

    Text() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (!json.hasToken(JsonToken.VALUE_STRING)) {
        throw new InputFailure(current(json) + " is no text but " + kind(json.currentToken()) + "; put it in quotes");
      }
      return json.getText();
    }

    private static String kind(JsonToken token) {
      return token.isNumeric() ? "number"
          : token.isBoolean() ? "boolean" : token.name().replace("START_", "").toLowerCase(Locale.ROOT);
    }
  }

  /** Says what is wanted without the names of our classes. */
  private static final class WrongShape extends DeserializationProblemHandler {
    @Override
    public Object handleUnexpectedToken(
        DeserializationContext context, JavaType wanted, JsonToken token, JsonParser json, String message)
        throws IOException {
      throw new InputFailure(current(json) + (wanted.hasRawClass(String.class) ? " is no text" : " is no JSON object"));
    }

    @Override
    public Object handleMissingInstantiator(
        DeserializationContext context, Class<?> wanted,
        ValueInstantiator instantiator, JsonParser json, String message)
        throws IOException {
      throw new InputFailure(current(json) + " is no JSON object");
    }
  }

  /** Indented, and ended with a line feed for whoever reads it in a terminal. */
  private static final class Lines extends DefaultPrettyPrinter {
    private static final long serialVersionUID = 1L;

    @Override
    public DefaultPrettyPrinter createInstance() {
      return new Lines();
    }

    @Override
    public void writeEndObject(JsonGenerator json, int members) throws IOException {
      super.writeEndObject(json, members);
      end(json);
    }

    @Override
    public void writeEndArray(JsonGenerator json, int items) throws IOException {
      super.writeEndArray(json, items);
      end(json);
    }

    private void end(JsonGenerator json) throws IOException {
      if (json.getOutputContext().getParent().inRoot()) {
        json.writeRaw('\n');
      }
    }
  }
}
