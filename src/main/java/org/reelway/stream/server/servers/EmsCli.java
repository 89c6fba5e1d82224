package org.reelway.stream.server.servers;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.EventJson;

/**
 * The HTTP command line of EvoStream Media Server (EMS API definition): {@code GET /<command>?params=<base64>}, where the
 * base64 is that of {@code name=value} separated by spaces, and the answer {@code {data, description, status}}. Parameters
 * whose names begin with {@code _} are stored, and come back in listings and events. SUCCESS means that the command was
 * taken, not that it is done. Safe for several threads.
 */
public final class EmsCli {
  private static final Pattern COMMAND = Pattern.compile("[A-Za-z]{1,40}");
  private static final Pattern NAME = Pattern.compile("_?[A-Za-z][A-Za-z0-9]{0,40}");
  /** What the form of the parameters, or a reader of it, would take for syntax. */
  private static final Pattern UNSAYABLE = Pattern.compile("[\\s\\p{Cntrl}\\u0085\\u00a0\\u2028\\u2029\"'`\\\\]");

  private final ServerApi server;
  private final ServerApiCalls calls;

  /** @param server whose URI is such as {@code http://127.0.0.1:7777} */
  public EmsCli(ServerApi server) {
    this.server = server;
    this.calls = new ServerApiCalls(server);
  }

  public ServerApi server() {
    return server;
  }

  /** Whether the text can be the value of a parameter: it is not empty and holds no space, quote, backslash or control. */
  public static boolean canSay(String value) {
    return !value.isEmpty() && !UNSAYABLE.matcher(value).find();
  }

  /**
   * Has EMS do it.
   *
   * @param parameters by name; their values are secrets, and shown in no message
   * @return the whole answer: its {@code data} is an object, a list or null
   * @throws InputFailure where a parameter cannot be said; nothing was asked then
   * @throws org.reelway.stream.server.ServerAway where nothing listens there
   * @throws DestinationFailure where EMS refuses, with its description, or answers otherwise than it should
   */
  public EventJson call(String command, Map<String, String> parameters) {
    if (!COMMAND.matcher(command).matches()) {
      throw new IllegalArgumentException(command);
    }
    String answer = calls.get("/" + command + query(command, parameters));
    EventJson json;
    String status;
    String description;
    try {
      json = EventJson.of(answer);
      status = json.text("status");
      description = json.text("description");
    } catch (InputFailure e) {
      throw new DestinationFailure("the answer of EMS to " + command + " is not understood: " + e.getMessage(), e);
    }
    if (!status.equals("SUCCESS")) {
      throw new DestinationFailure(command + " of EMS says " + status + ": " + withoutValues(description, parameters));
    }
    return json;
  }

  /** As {@link #call(String, Map)}, of a command that needs none. */
  public EventJson call(String command) {
    return call(command, Map.of());
  }

  private static String query(String command, Map<String, String> parameters) {
    if (parameters.isEmpty()) {
      return "";
    }
    parameters.forEach((name, value) -> requireSayable(command, name, value));
    String pairs =
        parameters.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).collect(Collectors.joining(" "));
    String base64 = Base64.getEncoder().encodeToString(pairs.getBytes(StandardCharsets.UTF_8));
    return "?params=" + URLEncoder.encode(base64, StandardCharsets.UTF_8);
  }

  private static void requireSayable(String command, String name, String value) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(name);
    }
    if (!canSay(value)) {
      throw new InputFailure(
          "the parameter " + name + " of " + command + " (not shown) cannot be said to EMS: it is empty, or holds a space,"
              + " a quote, a backslash or a control character; use names without them");
    }
  }

  /** A description may repeat what was said: the URI of a destination is a secret. */
  private static String withoutValues(String description, Map<String, String> parameters) {
    String clean = description;
    for (String name : new String[] {"uri", "targetStreamName"}) {
      String value = parameters.getOrDefault(name, "");
      clean = value.isEmpty() ? clean : clean.replace(value, "***");
    }
    return clean;
  }
}
