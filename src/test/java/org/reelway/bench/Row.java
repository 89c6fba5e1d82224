package org.reelway.bench;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One line of the table.
 *
 * @param section of the measurements
 * @param what was measured, with the options that matter
 * @param scheme http, https, or - where nothing is sent
 * @param gibibytes sent; 0 where that is not the point
 */
record Row(String section, String what, String scheme, double gibibytes, Cost cost, String note) {

  OptionalDouble cpuPerGibibyte() {
    return gibibytes > 0 ? OptionalDouble.of(cost.cpuSeconds() / gibibytes) : OptionalDouble.empty();
  }

  String perGibibyte() {
    return cpuPerGibibyte().isPresent() ? number("%.2f", cpuPerGibibyte().getAsDouble()) : "";
  }

  static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
