package org.reelway.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.reelway.settings.InForce;
import org.reelway.settings.Settings;

/** Settings in force with where they come from, for people and for programs; nothing secret is shown. */
final class ShownSettings {
  private static final String NOT_SHOWN = "(not shown)";

  private final List<InForce> own;
  private final List<InForce> others;

  /** @param changedOnly leaves out those that are as their default is */
  ShownSettings(Settings settings, boolean changedOnly) {
    own = settings.inForce().stream().filter(each -> each.changed() || !changedOnly).toList();
    others = settings.placesOfOthers().entrySet().stream()
        .map(entry -> new InForce(entry.getKey(), NOT_SHOWN, entry.getValue(), true, true)).toList();
  }

  String table() {
    List<List<String>> rows = new ArrayList<>();
    own.forEach(each -> rows.add(List.of(each.key(), each.value(), each.from())));
    others.forEach(each -> rows.add(List.of(each.key(), each.value(), each.from())));
    return rows.isEmpty() ? "" : new ConsoleTable(List.of("setting", "value", "from"), rows).text();
  }

  /** {@code settings} are Reelway's; {@code others} are the keys of the file that Camel or routes use. */
  void json(PrintWriter out) {
    try {
      JsonGenerator json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter();
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeArrayFieldStart("settings");
      for (InForce each : own) {
        json.writeStartObject();
        json.writeStringField("key", each.key());
        json.writeStringField("value", each.value());
        json.writeStringField("from", each.from());
        json.writeBooleanField("changed", each.changed());
        json.writeBooleanField("secret", each.secret());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("others");
      for (InForce each : others) {
        json.writeStartObject();
        json.writeStringField("key", each.key());
        json.writeStringField("from", each.from());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
