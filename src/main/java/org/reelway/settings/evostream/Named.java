package org.reelway.settings.evostream;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.reelway.settings.Nearest;

/** The members of an object whose names and forms are known. */
final class Named {
  private Named() {}

  /**
   * Those that are as they should be, by name; the others are among the findings.
   *
   * @param forms of the names that are allowed
   * @param what the names are, such as {@code a parameter of StreamRecorder}
   */
  static Map<String, Json.Member> check(
      Json.Members object, Place place, Map<String, Form> forms, String what, Findings findings) {
    for (Json.Member member : object.all()) {
      Form form = forms.get(member.name());
      if (form == null) {
        findings.add(
            place.member(member),
            "is not " + what + "; the nearest is " + Nearest.to(member.name(), new TreeMap<>(forms).keySet()));
      } else {
        form.check(member.value(), place.member(member), findings);
      }
    }
    return object.all().stream()
        .filter(member -> forms.containsKey(member.name()) && forms.get(member.name()).fits(member.value()))
        .collect(Collectors.toMap(Json.Member::name, member -> member));
  }
}
