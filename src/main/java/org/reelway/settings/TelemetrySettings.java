package org.reelway.settings;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;

/** {@code reelway.telemetry.*}: traces for an OpenTelemetry collector. */
public final class TelemetrySettings {
  public static final Setting<URI> ENDPOINT = Setting.optional(
      "reelway.telemetry.endpoint", AddressTypes.SERVICE,
      "Where traces of recordings go, by OTLP over HTTP: a collector, Tempo, Jaeger and others. Without a path it is "
          + "/v1/traces. It needs the libraries of telemetry-lib, which the launcher adds; without it none is made.");

  public static final Setting<Map<String, String>> HEADERS = Setting.optional(
      "reelway.telemetry.headers",
      ValueType.secret("list, secret", "name=value, separated by commas, such as Authorization=Bearer abc", TelemetrySettings::headers),
      "Headers of each request to the endpoint, for one that asks for a key.");

  static final Setting.Group GROUP = new Setting.Group(
      "Telemetry", "Traces across a recording's life ([operate.md](operate.md#traces)).", List.of(ENDPOINT, HEADERS));

  private TelemetrySettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(new CrossRule(
        List.of(ENDPOINT, HEADERS), HEADERS,
        settings -> CrossRule.problemIf(
            settings.isSet(HEADERS) && !settings.isSet(ENDPOINT),
            "is set, but does nothing without " + ENDPOINT + "; set that too, or remove it")));
  }

  private static Map<String, String> headers(String text) {
    Map<String, String> all = new LinkedHashMap<>();
    ValueType.hiddenList(text, "headers", entry -> {
      int equals = entry.indexOf('=');
      String name = equals < 0 ? "" : entry.substring(0, equals).strip();
      String value = entry.substring(equals + 1).strip();
      if (!name.matches("[A-Za-z0-9-]{1,64}") || !value.matches("[ -~]{1,4096}")) {
        throw new InputFailure("the list (not shown) has an entry that is no header; write name=value, such as Authorization=Bearer abc");
      }
      return Map.entry(name, value);
    }).forEach(header -> all.put(header.getKey(), header.getValue()));
    return all;
  }
}
