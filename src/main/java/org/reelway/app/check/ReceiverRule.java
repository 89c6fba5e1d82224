package org.reelway.app.check;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.reelway.settings.MessageText;

/** Receivers of callbacks that routes name are configured: a start refuses others. */
final class ReceiverRule {
  private ReceiverRule() {}

  /** @param receivers that are configured, by name */
  static List<RouteProblem> problems(List<EndpointUse> uses, Collection<String> receivers) {
    return uses.stream().filter(ReceiverRule::isOutbox)
        .flatMap(use -> Arrays.stream(use.parameters().getOrDefault("receivers", "").split(",")).map(String::strip)
            .filter(name -> !name.isEmpty() && !name.contains("{") && !receivers.contains(name))
            .map(name -> use.file().error(
                use.line(),
                "no receiver of callbacks is named '" + name + "'"
                    + MessageText.near(name, receivers).map(near -> ": did you mean '" + near + "'?").orElse(""),
                "use one of " + String.join(", ", receivers) + ", or add " + name + "=URL to reelway.callbacks.url")))
        .toList();
  }

  private static boolean isOutbox(EndpointUse use) {
    return use.isKamelet() ? use.kamelet().equals("callback-outbox") : use.scheme().equals("reelway") && use.path().equals("callback-outbox");
  }
}
