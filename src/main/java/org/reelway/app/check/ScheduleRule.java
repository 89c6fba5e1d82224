package org.reelway.app.check;

import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quartz.CronExpression;

/** Schedules of Quartz are read when a route starts only, and a wrong one ends the start: of {@code quartz:}, and of what polls by one. */
final class ScheduleRule {
  private static final Pattern IN_URI = Pattern.compile("[?&](?:scheduler\\.)?cron=([^&]*)");

  private final Placeholders placeholders;

  ScheduleRule(Map<String, String> properties) {
    this.placeholders = new Placeholders(properties);
  }

  List<RouteProblem> problems(RouteFile file) {
    List<RouteProblem> problems = new ArrayList<>();
    file.root().walk().filter(tree -> !tree.text("uri").isEmpty()).forEach(endpoint -> {
      boolean quartz = endpoint.text("uri").matches("quartz(:.*)?");
      if (quartz) {
        endpoint.get("parameters", "trigger.repeatInterval").ifPresent(interval -> checkInterval(file, interval, problems));
      }
      Optional<YamlTree> parameter = endpoint.get("parameters", quartz ? "cron" : "scheduler.cron");
      Matcher inUri = IN_URI.matcher(endpoint.text("uri"));
      if (parameter.isPresent()) {
        check(file, parameter.get().line(), parameter.get().text(), problems);
      } else if ((quartz || endpoint.text("uri").contains("scheduler.cron=")) && inUri.find()) {
        int line = endpoint.get("uri").map(YamlTree::line).orElse(endpoint.line());
        check(file, line, inUri.group(1).replace('+', ' ').replace("%20", " "), problems);
      }
    });
    return problems;
  }

  private void checkInterval(RouteFile file, YamlTree interval, List<RouteProblem> problems) {
    String given = placeholders.resolved(interval.text());
    if (!given.contains("{{") && !given.matches("\\d{1,18}")) {
      problems.add(file.error(
          interval.line(), "the interval '" + given + "' is no number", "write milliseconds, such as 60000"));
    }
  }

  private void check(RouteFile file, int line, String given, List<RouteProblem> problems) {
    String cron = placeholders.resolved(given);
    if (cron.contains("{{")) {
      // Told by the rule of placeholders.
      return;
    }
    try {
      new CronExpression(cron);
    } catch (ParseException e) {
      problems.add(
          file.error(line, "the cron expression '" + cron + "' is wrong: " + e.getMessage(),
              "write seconds, minutes, hours, day of month, month and day of week, such as '0 30 2 * * ?'"));
    }
  }
}
