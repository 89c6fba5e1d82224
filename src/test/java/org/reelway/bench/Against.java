package org.reelway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures this Reelway beside another one, for instance an older commit that is checked out and built elsewhere: the same
 * sections of {@code bench/run} in turns, and {@code reelway hook}. What counts are ratios of one run of this.
 */
@Command(name = "bench/against", mixinStandardHelpOptions = true, description = "Measures this Reelway beside another one.")
public final class Against implements Callable<Integer> {
  private static final int HOOKS = 10;

  @Parameters(index = "0", paramLabel = "OTHER", description = "folder of the other Reelway")
  private Path other;

  @Parameters(index = "1..*", paramLabel = "SECTION", description = "of bench/run, and hook (default: ${DEFAULT-VALUE})",
      defaultValue = "start large memory small tracks hook", split = " ")
  private List<String> sections;

  @Option(names = "--rounds", defaultValue = "3", description = "of each (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--options", defaultValue = "", split = " ", description = "for bench/run, divided by spaces")
  private List<String> options;

  @Option(names = "--dir", defaultValue = "target/against", description = "where files are made, emptied at the end"
      + " (default: ${DEFAULT-VALUE})")
  private Path folder;

  /** By what was measured: costs of this and of the other one. */
  private final Map<String, List<Cost>> here = new LinkedHashMap<>();
  private final Map<String, List<Cost>> there = new LinkedHashMap<>();

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Against()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path own = Path.of("").toAbsolutePath();
    folder = Files.createDirectories(folder.toAbsolutePath());
    for (int round = 0; round < rounds; round++) {
      for (String section : sections) {
        // Each is the first one as often as the other.
        if (round % 2 == 0) {
          measure(other.toAbsolutePath(), section, there);
        }
        measure(own, section, here);
        if (round % 2 != 0) {
          measure(other.toAbsolutePath(), section, there);
        }
      }
    }
    print();
    return 0;
  }

  private void measure(Path reelway, String section, Map<String, List<Cost>> costs) throws Exception {
    System.err.println("against: " + section + " of " + reelway);
    if (section.equals("hook")) {
      for (int i = 0; i < HOOKS; i++) {
        add(costs, "reelway hook", hook(reelway, i));
      }
      return;
    }
    List<String> command = new ArrayList<>(List.of(reelway.resolve("bench/run").toString()));
    command.addAll(List.of("--dir", folder.toString(), "--out", folder.toString()));
    options.stream().filter(option -> !option.isEmpty()).forEach(command::add);
    // The peers of small files are one, of large ones many.
    if (!section.equals("small")) {
      command.add("--alone");
    }
    command.add(section);
    Process run = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    run.getInputStream().transferTo(System.err);
    if (run.waitFor() != 0) {
      throw new IOException(command + " ended with " + run.exitValue());
    }
    for (JsonNode row : new ObjectMapper().readTree(folder.resolve("results.json").toFile()).path("rows")) {
      String what = row.path("section").asText() + ": " + row.path("what").asText() + ", " + row.path("scheme").asText();
      add(costs, what, new Cost(
          row.path("cpuSeconds").asDouble(), row.path("wallSeconds").asDouble(), row.path("peakMebibytes").asDouble()));
    }
  }

  private Cost hook(Path reelway, int number) throws Exception {
    Path recordings = Files.createDirectories(folder.resolve("hooked/recordings"));
    Path file = Files.writeString(recordings.resolve("r" + number + ".mp4"), "a recording");
    return new ChildRun(folder).run(
        List.of(reelway.resolve("reelway").toString(), "hook", "recorded", file.toString()),
        Map.of(
            "REELWAY_RECORDINGS_FOLDER", recordings.toString(),
            "REELWAY_STATE_FOLDER", folder.resolve("hooked/state").toString()));
  }

  private static void add(Map<String, List<Cost>> costs, String what, Cost cost) {
    costs.computeIfAbsent(what, first -> new ArrayList<>()).add(cost);
  }

  private void print() {
    System.out.println("| medians of " + rounds + " rounds, this / the other | CPU s | ratio | wall s | ratio | peak RSS MiB |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    here.forEach((what, costs) -> {
      List<Cost> others = there.getOrDefault(what, costs);
      System.out.println("| " + String.join(" | ", what,
          both(costs, others, Cost::cpuSeconds), ratio(costs, others, Cost::cpuSeconds),
          both(costs, others, Cost::wallSeconds), ratio(costs, others, Cost::wallSeconds),
          Row.number("%.0f", median(costs, Cost::peakMebibytes)) + " / "
              + Row.number("%.0f", median(others, Cost::peakMebibytes))) + " |");
    });
  }

  private static String both(List<Cost> costs, List<Cost> others, ToDoubleFunction<Cost> figure) {
    return Row.number("%.2f", median(costs, figure)) + " / " + Row.number("%.2f", median(others, figure));
  }

  private static String ratio(List<Cost> costs, List<Cost> others, ToDoubleFunction<Cost> figure) {
    return Row.number("%.2f", median(costs, figure) / median(others, figure));
  }

  private static double median(List<Cost> costs, ToDoubleFunction<Cost> figure) {
    List<Cost> sorted = costs.stream().sorted(Comparator.comparingDouble(figure)).toList();
    return figure.applyAsDouble(sorted.get(sorted.size() / 2));
  }
}
