package org.reelway.settings.evostream;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.reelway.settings.Shown;

/**
 * An entry of {@code destination_ems_apiproxies}: another EMS, by its API directly ({@code enable} false) or by the proxy
 * of its web server, {@code http://user:password@address:ewsPort/pseudoDomain}.
 */
final class ApiProxy {
  private static final Map<String, Form> FORMS =
      Map.of(
          "enable", Form.FLAG, "authentication", Form.TEXT, "pseudoDomain", Form.TEXT, "address", Form.TEXT,
          "ewsPort", Form.NUMBER, "userName", Form.TEXT, "password", Form.TEXT);
  private static final List<String> OF_A_PROXY = List.of("pseudoDomain", "ewsPort", "userName", "password");

  private final Place place;
  private final Map<String, Json.Member> members;
  private final Findings findings;

  private ApiProxy(Place place, Map<String, Json.Member> members, Findings findings) {
    this.place = place;
    this.members = members;
    this.findings = findings;
  }

  /** Names and forms, also where the plugin is disabled. */
  static ApiProxy read(Json.Members object, Place place, Findings findings) {
    return new ApiProxy(
        place, Named.check(object, place, FORMS, "a member of destination_ems_apiproxies", findings), findings);
  }

  /** Base of its API with what it wants to be asked with, a secret; empty where something is wrong, which is said. */
  Optional<Value> api() {
    int before = findings.count();
    boolean proxy = isProxy();
    String address = needed("address");
    Stream.of(address).filter(text -> !text.isEmpty() && !StreamHost.isHost(text)).forEach(
        text -> findings.add(place("address"), "is " + Shown.quoted(text) + "; allowed: a host name or an IP address"));
    if (proxy) {
      OF_A_PROXY.forEach(this::needed);
      requireBasic();
      requirePort();
    }
    return findings.count() > before
        ? Optional.empty()
        : Optional.of(new Value(place, proxy ? proxied(address) : "http://" + address + ":7777"));
  }

  private boolean isProxy() {
    if (!members.containsKey("enable")) {
      findings.add(place, "has no enable; true for the proxy of EMS's web server, false for its API on port 7777");
      return false;
    }
    return ((Json.Flag) members.get("enable").value()).value();
  }

  private void requireBasic() {
    String authentication = text("authentication");
    if (!authentication.isEmpty() && !authentication.equals("basic")) {
      findings.add(
          place("authentication"), "is " + Shown.quoted(authentication) + "; allowed: \"basic\", which EMS's proxy has");
    }
  }

  private void requirePort() {
    String port = text("ewsPort");
    if (!port.isEmpty() && !(port.matches("\\d{1,5}") && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65535)) {
      findings.add(place("ewsPort"), "is " + Shown.quoted(port) + "; allowed: 1 to 65535");
    }
  }

  private String proxied(String address) {
    return "http://" + escaped("userName") + ":" + escaped("password") + "@" + address + ":" + text("ewsPort") + "/"
        + escaped("pseudoDomain");
  }

  private String escaped(String name) {
    return URLEncoder.encode(text(name), StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }

  private String needed(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      findings.add(place(name), (members.containsKey(name) ? "is empty" : "has no " + name) + "; "
          + (name.equals("address") ? "it says which EMS is meant" : "it is needed with enable true"));
    }
    return text;
  }

  private String text(String name) {
    Json.Member member = members.get(name);
    if (member == null) {
      return "";
    }
    return (member.value() instanceof Json.Number number ? number.value() : ((Json.Text) member.value()).value()).strip();
  }

  private Place place(String name) {
    return members.containsKey(name) ? place.member(members.get(name)) : place;
  }
}
