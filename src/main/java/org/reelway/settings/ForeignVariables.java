package org.reelway.settings;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code REELWAY_*} variables that are nobody's mistake: those of the launcher, that of the settings file, the mark of our child processes (an
 * operator's program may call {@code reelway hook}), and those that Kubernetes and Docker links set in every container
 * for a service named {@code reelway} or {@code reelway-...}
 * (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 */
final class ForeignVariables {
  private static final Set<String> OURS =
      Set.of("REELWAY_HOME", "REELWAY_JAVA", "REELWAY_JAVA_OPTS", "REELWAY_LIB", "REELWAY_CHILD_OF", "REELWAY_CONFIG");
  private static final Pattern SERVICE = Pattern.compile(
      "REELWAY(_\\w+)?(_SERVICE_HOST|_SERVICE_PORT(_\\w+)?|_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
  private static final Pattern SERVICE_PORT = Pattern.compile("REELWAY(_\\w+)?_PORT");
  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private ForeignVariables() {}

  static boolean contains(String name, String value) {
    return OURS.contains(name)
        || SERVICE.matcher(name).matches()
        || SERVICE_PORT.matcher(name).matches() && SERVICE_ADDRESS.matcher(value).matches();
  }
}
