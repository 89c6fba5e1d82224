package org.reelway.stream.relay;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;
import org.reelway.settings.DestinationUri;
import org.reelway.stream.server.servers.EmsCli;

/**
 * What an EvoStream server is told to do with a stream.
 *
 * @param kind {@code push} or {@code pull}, as in {@code pushStream}, {@code pushSettings} and {@code listConfig}
 * @param parameters of the command, without the mark; a secret
 * @param redacted what must not be shown of its words; empty for nothing
 */
record EmsOrder(String kind, Map<String, String> parameters, String redacted) {
  /** Names that stay what they are as the last part of a URL. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~@:+,=!$*()/-]+");
  /**
   * EMS does not begin it anew by itself: then it would go on after nobody wants it any more, also over a restart of EMS,
   * and nobody would hear why it failed. It is begun anew from here.
   */
  private static final String BEGUN_ANEW_FROM_HERE = "0";

  /**
   * @param stream its name, which is that of the local stream, too
   * @param via where it has been, this server included
   * @throws InputFailure where it cannot be said to EMS
   */
  static EmsOrder push(DestinationUri to, String stream, StreamTrail via) {
    Map<String, String> parameters = new LinkedHashMap<>();
    String name;
    if (to.isRtmp()) {
      name = to.streamName(stream, via.list());
      parameters.put("uri", root(to) + "/" + to.application(stream));
    } else {
      String path = to.path(stream);
      int slash = path.lastIndexOf('/');
      name = path.substring(slash + 1);
      parameters.put("uri", root(to) + path.substring(0, Math.max(0, slash)));
      require(to.query(stream).isEmpty(), "the destination " + to + " has a query");
    }
    parameters.put("localStreamName", stream);
    parameters.put("targetStreamName", name);
    parameters.put("keepAlive", BEGUN_ANEW_FROM_HERE);
    parameters.put("emulateUserAgent", via.mark());
    parameters.put(EmsMark.VIA, via.list());
    return sayable(new EmsOrder("push", parameters, name.equals(stream) ? "" : name), stream);
  }

  /**
   * @param from the URI of the stream, as the server that pulls it reaches it
   * @param via where it has been, the server that it is pulled from included
   * @throws InputFailure where it cannot be said to EMS
   */
  static EmsOrder pull(String from, String stream, StreamTrail via) {
    require(PLAIN.matcher(stream).matches(), "the stream's name is more than letters, digits and ._~@:+,=!$*()/-");
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("uri", from);
    parameters.put("localStreamName", stream);
    parameters.put("keepAlive", BEGUN_ANEW_FROM_HERE);
    parameters.put(EmsMark.VIA, via.list());
    return sayable(new EmsOrder("pull", parameters, ""), stream);
  }

  private static String root(DestinationUri to) {
    return to.scheme() + "://" + to.authority();
  }

  private static EmsOrder sayable(EmsOrder order, String stream) {
    order.parameters.forEach(
        (name, value) -> require(EmsCli.canSay(value), name + " is empty, or holds a space, a quote or a backslash"));
    return order;
  }

  private static void require(boolean right, String otherwise) {
    if (!right) {
      throw new InputFailure("it cannot be said to EMS: " + otherwise);
    }
  }

  /** The command. */
  String command() {
    return kind + "Stream";
  }

  /** Where a stream's statistics show what was asked for. */
  String settings() {
    return kind + "Settings";
  }

  /** The words without what is secret. */
  String withoutSecrets(String words) {
    return redacted.isEmpty() ? words : words.replace(redacted, "***");
  }

  /** Without the parameters. */
  @Override
  public String toString() {
    return command();
  }
}
