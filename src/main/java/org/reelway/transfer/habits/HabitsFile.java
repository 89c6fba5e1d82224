package org.reelway.transfer.habits;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.reelway.failure.InputFailure;

/**
 * A probe as a file: JSON with one line for all that differs from run to run, and then one line for each habit, sorted.
 * docs/stores.md describes the members.
 *
 * @param header when and where it was; not compared
 * @param habits by name
 */
public record HabitsFile(SortedMap<String, String> header, SortedMap<String, String> habits) {
  /** Of the form; habits may come and go without a new number. */
  static final int FORM = 1;

  private static final JsonMapper JSON = new JsonMapper();

  public HabitsFile {
    header = new TreeMap<>(header);
    habits = new TreeMap<>(habits);
  }

  /** A habit that two files tell differently; null where a file does not tell of it. */
  public record Difference(String habit, String before, String now) {}

  public String text() {
    StringBuilder text = new StringBuilder("{\n  \"reelwayProbe\": " + FORM + ",\n  \"header\": " + json(header));
    text.append(",\n  \"habits\": {");
    String end = "\n";
    for (Map.Entry<String, String> habit : habits.entrySet()) {
      text.append(end).append("    ").append(json(habit.getKey())).append(": ").append(json(habit.getValue()));
      end = ",\n";
    }
    return text.append("\n  }\n}\n").toString();
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text is always JSON", e);
    }
  }

  /**
   * @param name of the file, for messages
   * @throws InputFailure when it is no such file, or a newer program's
   */
  public static HabitsFile read(String name, String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InputFailure(name + " is not whole JSON; name a file that reelway probe --out wrote", e);
    }
    int form = json.path("reelwayProbe").asInt(0);
    if (form != FORM || !json.path("habits").isObject()) {
      throw new InputFailure(
          name
              + (form > FORM
                  ? " was written by a newer Reelway (form " + form + ", this one knows " + FORM + "); use that one"
                  : " is no probe; name a file that reelway probe --out wrote"));
    }
    return new HabitsFile(texts(json.path("header")), texts(json.path("habits")));
  }

  private static SortedMap<String, String> texts(JsonNode object) {
    SortedMap<String, String> texts = new TreeMap<>();
    object.fields().forEachRemaining(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  /** By name; empty where both tell the same. */
  public List<Difference> differencesTo(HabitsFile now) {
    TreeSet<String> names = new TreeSet<>(habits.keySet());
    names.addAll(now.habits.keySet());
    List<Difference> differences = new ArrayList<>();
    for (String name : names) {
      if (!Objects.equals(habits.get(name), now.habits.get(name))) {
        differences.add(new Difference(name, habits.get(name), now.habits.get(name)));
      }
    }
    return List.copyOf(differences);
  }
}
