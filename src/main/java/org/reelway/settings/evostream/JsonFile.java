package org.reelway.settings.evostream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON file as the EvoStream web services read theirs: with comments, and with a comma behind the last entry, which the
 * shipped files have.
 */
final class JsonFile {
  private static final int DEEPEST = 20;
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
          .build();

  private final Findings findings;

  private JsonFile(Findings findings) {
    this.findings = findings;
  }

  /** Empty where it cannot be read, which is among the findings then. */
  static Optional<Json> read(Path path, Findings findings) {
    if (path.toString().endsWith(".ini")) {
      findings.add("belongs to the PHP web services, and is not read; write its sections as a plugins.json"
          + " (docs/evostream.md)");
      return Optional.empty();
    }
    JsonFile file = new JsonFile(findings);
    try {
      return file.parse(Files.readAllBytes(path));
    } catch (NoSuchFileException e) {
      findings.add("there is no such file; have reelway.evostream.plugins name the plugins.json of the EvoStream web"
          + " services");
    } catch (AccessDeniedException e) {
      findings.add("may not be read by this user; change its permissions");
    } catch (IOException e) {
      findings.add(
          Files.isDirectory(path) ? "is a folder, not a file; name the plugins.json" : "cannot be read: " + e.getMessage());
    }
    return Optional.empty();
  }

  private Optional<Json> parse(byte[] bytes) throws IOException {
    try (JsonParser parser = JSON.createParser(bytes)) {
      if (parser.nextToken() == null) {
        findings.add("is empty; it should hold {\"<plugin>\": {\"plugin_switch\": ..., \"parameters\": {...}}}");
        return Optional.empty();
      }
      Json json = value(parser, new Place(line(parser), ""));
      if (parser.nextToken() != null) {
        findings.add(new Place(line(parser), ""), "holds more behind its end; one pair of braces holds all plugins");
        return Optional.empty();
      }
      return Optional.of(json);
    } catch (JsonProcessingException e) {
      // Its words are left out: they quote what they stumble over, which may be a secret.
      JsonLocation at = e.getLocation();
      findings.add(
          new Place(at == null ? 1 : at.getLineNr(), ""),
          "is no JSON" + (at == null ? "" : " at column " + at.getColumnNr())
              + "; look for a quote, comma or bracket that is missing there or before, and save it as UTF-8");
      return Optional.empty();
    }
  }

  private Json value(JsonParser parser, Place place) throws IOException {
    int line = line(parser);
    return switch (parser.currentToken()) {
      case START_OBJECT -> members(parser, line, place);
      case START_ARRAY -> items(parser, line, place);
      case VALUE_STRING -> new Json.Text(line, parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Number(line, parser.getText());
      case VALUE_TRUE, VALUE_FALSE -> new Json.Flag(line, parser.getBooleanValue());
      default -> new Json.Nothing(line);
    };
  }

  private Json members(JsonParser parser, int start, Place place) throws IOException {
    Map<String, Integer> firstLines = new HashMap<>();
    List<Json.Member> members = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      int line = line(parser);
      Place inside = place.member(name, line);
      parser.nextToken();
      Json value = value(parser, inside);
      Integer first = firstLines.putIfAbsent(name, line);
      if (first != null) {
        findings.add(inside, "is given twice, in lines " + first + " and " + line + "; remove one of them");
      } else {
        members.add(new Json.Member(name, line, value));
      }
    }
    return new Json.Members(start, members);
  }

  private Json items(JsonParser parser, int start, Place place) throws IOException {
    List<Json> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser, place.item(line(parser), items.size())));
    }
    return new Json.Items(start, items);
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }
}
