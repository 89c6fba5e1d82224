package org.reelway.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.reelway.app.support.FolderCount;
import org.reelway.app.support.RouteEdits;
import org.reelway.app.support.SecretMask;
import org.reelway.app.support.SupportBundle;
import org.reelway.camel.CamelProperties;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reelway support}: what is to be known of a sidecar to find a fault, in one file. */
@Command(
    name = "support",
    description = {
      "Writes a zip for whoever is to find a fault: settings, routes and what was edited in them, health, metrics, the last",
      "warnings and errors, threads, versions, disks and counts of files. Secrets are masked; names of files and streams are not.",
      "Asks the sidecar that runs with the same settings; where none answers, the rest is written."
    },
    exitCodeList = {
      "0:written, also where no sidecar answers, which is told", "1:the file cannot be written",
      "2:the settings are wrong, or the file is there already"
    })
final class SupportCommand extends SettingsCommand {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final String SIDECAR = "sidecar/";

  /** What the API is asked, by the name of the file that its answer becomes. */
  private static final Map<String, String> API = new LinkedHashMap<>();

  static {
    API.put("now.json", "/dashboard/now");
    API.put("flows.json", "/dashboard/flows");
    API.put("folders.json", "/folders");
    API.put("set-aside.json", "/recordings?state=set-aside&limit=100");
    API.put("waiting.json", "/recordings?state=waiting&limit=100");
    API.put("callbacks-dead.json", "/callbacks?state=dead");
    API.put("callbacks-waiting.json", "/callbacks?state=waiting");
  }

  @Option(
      names = "--out", paramLabel = "FILE.zip",
      description = "Where to (default: reelway-support-<time>.zip in the working folder). It must not be there yet.")
  private Path out;

  @Override
  public Integer call() {
    LogOutput.warningsOnly();
    Settings settings = settings();
    Path file = out != null ? out : Path.of("reelway-support-" + TIME.format(Instant.now()) + ".zip");
    boolean answered;
    try (SupportBundle bundle = new SupportBundle(file, SecretMask.of(settings))) {
      bundle.add("about.txt", about());
      StringWriter shown = new StringWriter();
      new ShownSettings(settings, false).json(new PrintWriter(shown));
      bundle.add("settings.json", shown.toString());
      new RouteEdits("routes", CamelProperties.routes(settings, CommandLineProgram.home()), CommandLineProgram.home()).addTo(bundle);
      new RouteEdits("kamelets", CamelProperties.kamelets(settings, CommandLineProgram.home()), CommandLineProgram.home())
          .addTo(bundle);
      bundle.addJson("disks.json", folders(settings));
      answered = addSidecar(bundle, new RunningSidecar(settings));
    } catch (FileAlreadyExistsException e) {
      throw new InputFailure(file + " is there already; name another by --out", e);
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be written: " + e + "; name a file in a folder that may be written by --out", e);
    }
    out().println(file);
    if (!answered) {
      err().println("reelway: no sidecar answered, so its health, metrics, log and threads are missing (" + SIDECAR + "no-answer.txt)");
    }
    err().println("Secrets are masked as far as they are known: look through it before you hand it on.");
    return 0;
  }

  private static String about() {
    return String.join("", List.of(
        new Version().getVersion()[0], "\n", System.getProperty("java.vm.name"), " ", System.getProperty("java.vm.version"), "\n",
        System.getProperty("os.name"), " ", System.getProperty("os.version"), " ", System.getProperty("os.arch"), ", ",
        String.valueOf(Runtime.getRuntime().availableProcessors()), " processors\n", "made at ", Instant.now().toString(), "\n"));
  }

  /** Every folder that a setting names, by the setting. */
  private static Map<String, List<Object>> folders(Settings settings) {
    Map<String, List<Object>> all = new LinkedHashMap<>();
    Settings.all().forEach(setting -> {
      List<Object> counts = paths(settings.get(setting)).filter(path -> !setting.key().endsWith("-file"))
          .filter(path -> !Files.isRegularFile(path)).map(SupportCommand::count).collect(Collectors.toList());
      if (!counts.isEmpty()) {
        all.put(setting.key(), counts);
      }
    });
    return all;
  }

  private static Stream<Path> paths(Object value) {
    Collection<?> all = value instanceof Collection<?> many ? many : value == null ? List.of() : List.of(value);
    return all.stream().filter(Path.class::isInstance).map(Path.class::cast);
  }

  private static Object count(Path folder) {
    try {
      return FolderCount.of(folder);
    } catch (IOException e) {
      return Map.of("folder", folder.toString(), "error", e.toString());
    }
  }

  /** @return whether one answered */
  private static boolean addSidecar(SupportBundle bundle, RunningSidecar sidecar) throws IOException {
    try {
      addProcess(bundle, sidecar.look("/support"));
    } catch (Failure e) {
      bundle.add(SIDECAR + "no-answer.txt", e.getMessage() + "\n");
      return false;
    }
    for (Map.Entry<String, String> each : API.entrySet()) {
      add(bundle, each.getKey(), () -> sidecar.look(each.getValue()));
    }
    add(bundle, "health.json", () -> sidecar.management("/observe/health?data=true"));
    add(bundle, "metrics.txt", () -> sidecar.management("/observe/metrics"));
    return true;
  }

  /** An answer that is refused says why. */
  private static void add(SupportBundle bundle, String name, Supplier<RunningSidecar.Answer> question) throws IOException {
    try {
      bundle.add(SIDECAR + name, question.get().body());
    } catch (RuntimeException e) {
      bundle.add(SIDECAR + name + ".error.txt", e.getMessage() + "\n");
    }
  }

  private static void addProcess(SupportBundle bundle, RunningSidecar.Answer answer) throws IOException {
    if (answer.status() != 200) {
      bundle.add(SIDECAR + "process.json.error.txt", answer.status() + " " + answer.body() + "\n");
      return;
    }
    JsonNode process = answer.json();
    bundle.addLogged(SIDECAR + "log.txt", texts(process.path("log"), "\n"));
    bundle.add(SIDECAR + "threads.txt", texts(process.path("threads"), "\n\n"));
    ((ObjectNode) process).remove(List.of("log", "threads"));
    bundle.addJson(SIDECAR + "process.json", process);
  }

  private static String texts(JsonNode list, String end) {
    return StreamSupport.stream(list.spliterator(), false).map(each -> each.asText() + end).collect(Collectors.joining());
  }
}
