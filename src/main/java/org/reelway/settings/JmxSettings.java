package org.reelway.settings;

import java.util.List;
import java.util.stream.Stream;

/** {@code reelway.hawtio.*} and {@code reelway.jmx.*}: the program's inside, looked at and operated over HTTP. */
public final class JmxSettings {
  public static final Setting<Boolean> ENABLED = Setting.of(
      "reelway.hawtio.enabled", Types.BOOLEAN, "false",
      "Whether the management server has Hawtio at /hawtio: routes as diagrams, their sources and statistics, and all MBeans. One "
          + "logs in by the management server's accounts, so it needs some.");
  public static final Setting<RouteAccess> ROUTES = Setting.of(
      "reelway.jmx.routes", Types.choice(RouteAccess.class), "read",
      "What accounts of the role operate may do with routes over Hawtio and other clients of JMX over HTTP: read looks at them, "
          + "operate also starts, stops, suspends and resumes them, and resets their statistics.");

  static final Setting.Group GROUP = new Setting.Group(
      "Hawtio and JMX over HTTP", "What the management server shows of the program's inside.", List.of(ENABLED, ROUTES));

  private JmxSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(new CrossRule(
        List.of(ENABLED, ManagementSettings.USERNAME, HttpSettings.ACCESS_FILE),
        ENABLED,
        settings -> CrossRule.problemIf(
            settings.get(ENABLED) && !settings.isSet(ManagementSettings.USERNAME) && !settings.isSet(HttpSettings.ACCESS_FILE),
            "is true, and nobody could log in; set " + HttpSettings.ACCESS_FILE + ", or " + ManagementSettings.USERNAME + " and "
                + ManagementSettings.PASSWORD)));
  }

  /** Of clients. */
  public enum RouteAccess {
    /** Sources, statistics, state. */
    READ,
    /** Also starting and stopping. */
    OPERATE
  }
}
