package org.reelway.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.reelway.failure.InputFailure;

/** A command that asks the sidecar which runs with the same settings. */
abstract class SidecarCommand extends SettingsCommand {
  /** The most that one list of the API tells. */
  static final int LIST = 1000;

  /** @return the exit code */
  abstract int ask(RunningSidecar sidecar);

  @Override
  public Integer call() {
    return ask(new RunningSidecar(settings()));
  }

  /**
   * Prints a row for each of the list; nothing for an empty one.
   *
   * @param members of what is listed, such as {@code /id}; one with a bucket and a key is shown as {@code bucket/key}
   */
  void table(List<String> headings, JsonNode list, String... members) {
    List<List<String>> rows = new ArrayList<>();
    list.forEach(each -> rows.add(Arrays.stream(members).map(member -> cell(each.at(member))).toList()));
    if (!rows.isEmpty()) {
      out().println(new ConsoleTable(headings, rows).text());
    }
  }

  private static String cell(JsonNode value) {
    return value.has("key") ? value.path("bucket").asText() + "/" + value.path("key").asText() : value.asText();
  }

  /** Ids of a list of the API. */
  static List<String> ids(JsonNode list) {
    List<String> ids = new ArrayList<>();
    list.forEach(each -> ids.add(each.path("id").asText()));
    return ids;
  }

  /**
   * Does something for each id; one that is refused keeps none of the others waiting.
   *
   * @param act gives what is said of it
   * @param refused begins what is said of one that cannot be
   * @return whether none was refused
   */
  boolean forEach(List<String> ids, UnaryOperator<String> act, String refused) {
    boolean all = true;
    for (String id : ids) {
      try {
        out().println(act.apply(id));
      } catch (InputFailure e) {
        err().println(refused + ": " + e.getMessage());
        all = false;
      }
    }
    return all;
  }

  /** For a path or a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
