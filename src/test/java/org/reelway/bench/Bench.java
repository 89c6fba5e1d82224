package org.reelway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures and prints the tables of docs/speed.md. Linux only; needs nothing but loopback. */
@Command(name = "bench/run", mixinStandardHelpOptions = true, description = "Measures Reelway beside other tools.")
public final class Bench implements Callable<Integer> {
  @Parameters(paramLabel = "SECTION", description = "start, large, memory, small, idle, latency, live,"
      + " live-many, live-long, live-idle, events, relays, tracks, mix, split, workflow, dashboard, fleet, workers; all where none is named")
  private List<String> wanted = new ArrayList<>();

  @Option(names = "--dir", defaultValue = "target/bench", description = "where files are made, on the kind of disk that"
      + " recordings are on; needs about 3 GB; emptied at the end (default: ${DEFAULT-VALUE})")
  private Path parent;

  @Option(names = "--out", defaultValue = "target/bench", description = "folder for results.md and results.json"
      + " (default: ${DEFAULT-VALUE})")
  private Path out;

  @Option(names = "--file-mib", defaultValue = "1024", description = "size of a large file (default: ${DEFAULT-VALUE})")
  private int mebibytes;

  @Option(names = "--files", defaultValue = "10000", description = "number of small files (default: ${DEFAULT-VALUE})")
  private int count;

  @Option(names = "--idle-seconds", defaultValue = "60", description = "time over which an idle sidecar is measured"
      + " (default: ${DEFAULT-VALUE})")
  private int idleSeconds;

  @Option(names = "--live-seconds", defaultValue = "60", description = "time over which live streams are measured"
      + " (default: ${DEFAULT-VALUE})")
  private int liveSeconds;

  @Option(names = "--mix-seconds", defaultValue = "60", description = "length of the recording that is mixed"
      + " (default: ${DEFAULT-VALUE})")
  private int mixSeconds;

  @Option(names = "--over", split = ",", defaultValue = "http,https", description = "how the sink is spoken to"
      + " (default: ${DEFAULT-VALUE})")
  private List<Scheme> schemes;

  @Option(names = "--alone", description = "leave the peers out, for comparing two Reelways")
  private boolean alone;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Report report = new Report(machine());
    machine().forEach(System.out::println);
    Peer.missing().forEach(peer -> System.out.println(peer + " is not installed and has no row"));
    Path folder = parent.toAbsolutePath();
    Workload workload = new Workload(folder, (long) mebibytes << 20);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> endEarly(workload)));
    try (workload;
        SinkProcess sink = SinkProcess.start(workload.root())) {
      Map<String, Section> sections = sections(workload, sink, report);
      for (String name : wanted.isEmpty() ? sections.keySet() : wanted) {
        Section section = sections.get(name);
        if (section == null) {
          throw new CommandLine.ParameterException(
              new CommandLine(this), "there is no section " + name + "; sections are " + sections.keySet());
        }
        section.measure();
      }
    } finally {
      Files.createDirectories(out);
      report.write(out.resolve("results.md"), out.resolve("results.json"));
    }
    return 0;
  }

  /** Ctrl-C: no child and no file stays; after a whole run nothing is left to do. */
  private static void endEarly(Workload workload) {
    ProcessHandle.current().descendants().forEach(child -> {
      child.destroyForcibly();
      child.onExit().join();
    });
    try {
      workload.close();
    } catch (IOException e) {
      System.err.println("bench: " + workload.root() + " is left: " + e);
    }
  }

  private Map<String, Section> sections(Workload workload, SinkProcess sink, Report report) {
    Map<String, Section> sections = new LinkedHashMap<>();
    sections.put("start", new Starts(workload, sink, report));
    sections.put("large", new LargeFiles(workload, sink, report, schemes, alone ? List.of() : Peer.forLargeFiles()));
    sections.put("memory", new Memory(workload, sink, report, count));
    sections.put("small", new SmallFiles(workload, sink, report, schemes, alone ? List.of() : Peer.forSmallFiles(), count));
    sections.put("idle", new IdleFolder(workload, sink, report, Duration.ofSeconds(idleSeconds)));
    sections.put("latency", new MarkerLatency(workload, sink, report));
    Duration live = Duration.ofSeconds(liveSeconds);
    sections.put("live", new LiveDelay(workload, sink, report, live, !alone));
    sections.put("live-many", new LiveMany(workload, sink, report, live));
    sections.put("live-long", new LiveLong(workload, sink, report));
    sections.put("live-idle", new LiveIdle(workload, sink, report, Duration.ofSeconds(idleSeconds)));
    sections.put("events", new EventRate(workload, sink, report));
    sections.put("relays", new RelayCost(workload, sink, report, Duration.ofSeconds(idleSeconds)));
    sections.put("tracks", new TracksRead(workload, report));
    sections.put("mix", new Mixing(workload, report, mixSeconds));
    sections.put("split", new Splits(workload, report));
    sections.put("workflow", new WorkflowDelay(workload, sink, report, live));
    sections.put("dashboard", new DashboardCost(workload, sink, report, Duration.ofSeconds(idleSeconds)));
    sections.put("fleet", new FleetState(workload, report));
    sections.put("workers", new MixWorkers(workload, report));
    return sections;
  }

  private static List<String> machine() throws IOException {
    String processor =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 2))
            .findFirst()
            .orElse("unknown processor");
    return List.of(
        LocalDate.now() + ", " + Runtime.getRuntime().availableProcessors() + " × " + processor + ", Linux "
            + System.getProperty("os.version") + ", Java " + System.getProperty("java.version")
            + ", load when it began " + Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
  }
}
