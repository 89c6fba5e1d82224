package org.reelway.settings.evostream;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** StreamAutoRouter: streams whose names contain a token are pushed to another server. */
final class RouterSteps implements Plugin.Step {
  private static final String DESTINATIONS = "reelway.routing.destinations";
  private static final String STREAMS = "reelway.routing.streams";

  @Override
  public void apply(Block block, Derivation to) {
    to.needed(block, "destination_uri", DESTINATIONS);
    List<Value> given = block.texts("destination_uri");
    String destinations =
        given.stream().map(value -> destination(value, to)).flatMap(Optional::stream).distinct()
            .collect(Collectors.joining(", "));
    if (!destinations.isEmpty()) {
      to.set(DESTINATIONS, new Value(block.place("destination_uri"), destinations));
    }
    token(block, to);
    LocalEms.isAsked(block, to);
    LocalEms.isRead(block, to);
  }

  private static Optional<String> destination(Value value, Derivation to) {
    Optional<String> destination = StreamHost.destination(value.text());
    if (destination.isEmpty()) {
      to.problem(
          value.place(), "is (not shown) neither a host, host:port, nor a URI such as rtmp://host/app; several are an"
              + " array");
    }
    return destination;
  }

  private static void token(Block block, Derivation to) {
    if (block.has("token") && block.has("token_name")) {
      to.problem(block.place("token_name"), "is given beside token, of which it is another name; remove one of them");
    }
    for (String name : List.of("token", "token_name")) {
      if (block.has(name)) {
        to.set(STREAMS, block.text(name).with(filter(block.text(name).text())));
      }
    }
  }

  /** A token is a part of the name whatever it looks like. */
  private static String filter(String token) {
    boolean special = token.startsWith("glob:") || token.startsWith("regex:") || !token.strip().equals(token);
    return special ? "regex:.*" + Pattern.quote(token) + ".*" : token;
  }
}
