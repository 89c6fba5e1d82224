package org.reelway.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints each row as it comes, and writes all of them as Markdown and JSON. */
final class Report {
  private static final String HEAD = "| what | over | CPU s/GiB | CPU s | wall s | peak RSS MiB | note |";
  private static final String RULE = "|---|---|---:|---:|---:|---:|---|";

  private final List<String> machine;
  private final List<Row> rows = new ArrayList<>();
  private String section = "";

  Report(List<String> machine) {
    this.machine = machine;
  }

  void add(Row row) {
    if (!row.section().equals(section)) {
      section = row.section();
      System.out.printf("%n## %s%n%n%s%n%s%n", section, HEAD, RULE);
    }
    rows.add(row);
    System.out.println(line(row));
  }

  private static String line(Row row) {
    Cost cost = row.cost();
    return "| " + String.join(" | ", row.what(), row.scheme(), row.perGibibyte(),
        cost.cpuSeconds() > 0 ? Row.number("%.2f", cost.cpuSeconds()) : "", Row.number("%.2f", cost.wallSeconds()),
        cost.peakMebibytes() > 0 ? Row.number("%.0f", cost.peakMebibytes()) : "", row.note()) + " |";
  }

  void write(Path markdown, Path json) throws IOException {
    List<String> lines = new ArrayList<>(machine);
    String last = "";
    for (Row row : rows) {
      if (!row.section().equals(last)) {
        last = row.section();
        lines.addAll(List.of("", "## " + last, "", HEAD, RULE));
      }
      lines.add(line(row));
    }
    Files.write(markdown, lines);
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), asMap());
  }

  private Map<String, Object> asMap() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("rows", rows.stream().map(Report::asMap).toList());
    return all;
  }

  private static Map<String, Object> asMap(Row row) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("section", row.section());
    all.put("what", row.what());
    all.put("scheme", row.scheme());
    all.put("gibibytes", row.gibibytes());
    all.put("cpuSeconds", row.cost().cpuSeconds());
    all.put("wallSeconds", row.cost().wallSeconds());
    all.put("peakMebibytes", row.cost().peakMebibytes());
    all.put("note", row.note());
    return all;
  }
}
