package org.reelway.app;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reelway.app.check.RouteTable;
import org.reelway.camel.CamelProperties;
import org.reelway.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reelway routes}: the flows, a line for each. */
@Command(
    name = "routes",
    description = {
      "Prints the routes of the routes folder as its files say: where each begins, how many steps it has, whether it is on,",
      "and what it is for. Nothing is started; `reelway check` says whether they would run."
    },
    exitCodeList = {"0:printed", "1:a file cannot be read; which and why is told", "2:the settings are wrong"})
final class RoutesCommand extends SettingsCommand {
  @Option(names = "--json", description = "Print one JSON object, with every step.")
  private boolean json;

  @Override
  public Integer call() {
    LogOutput.warningsOnly();
    Settings settings = settings();
    Path folder = CamelProperties.routes(settings, CommandLineProgram.home());
    RouteTable table = RouteTable.read(folder, CamelProperties.placeholders(settings));
    if (json) {
      printJson(folder, table);
    } else {
      List<List<String>> rows = table.routes().stream()
          .map(each -> List.of(each.file(), each.id(), each.from(), String.valueOf(each.steps().size()), each.state(),
              each.description()))
          .toList();
      out().print(new ConsoleTable(List.of("file", "route", "from", "steps", "state", "description"), rows).text());
    }
    out().flush();
    table.problems().forEach(problem -> err().println("reelway: " + problem));
    return table.problems().isEmpty() ? 0 : CommandLineProgram.FAILED;
  }

  private void printJson(Path folder, RouteTable table) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("folder", folder.toAbsolutePath().normalize().toString());
    all.put("routes", table.routes());
    all.put("problems", table.problems().stream().map(String::valueOf).toList());
    try {
      out().println(JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
