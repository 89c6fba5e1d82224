package org.reelway.live.dash;

import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** URLs of manifests: templates (5.3.9.4.4), and what they are relative to (5.6, RFC 3986). */
final class MpdUrl {
  private static final Pattern IDENTIFIER = Pattern.compile("\\$([A-Za-z]*)(?:%0?(\\d{1,2})d)?\\$");
  private static final Pattern ABSOLUTE = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:|//).*", Pattern.DOTALL);

  private MpdUrl() {}

  /**
   * The URL that a template gives.
   *
   * @throws InputFailure when it has an identifier that is not known
   */
  static String of(String template, String representation, long bandwidth, ToLongFunction<String> numbers) {
    Matcher matcher = IDENTIFIER.matcher(template);
    StringBuilder url = new StringBuilder();
    int at = 0;
    while (matcher.find(at)) {
      url.append(template, at, matcher.start());
      url.append(value(matcher.group(1), matcher.group(2), representation, bandwidth, numbers));
      at = matcher.end();
    }
    String rest = template.substring(at);
    if (rest.indexOf('$') >= 0) {
      throw new InputFailure("the manifest has the template \"" + template + "\", in which a $ stands alone");
    }
    return url.append(rest).toString();
  }

  private static String value(
      String identifier, String width, String representation, long bandwidth, ToLongFunction<String> numbers) {
    return switch (identifier) {
      case "" -> "$";
      case "RepresentationID" -> representation;
      case "Bandwidth" -> padded(bandwidth, width);
      case "Number", "Time" -> padded(numbers.applyAsLong(identifier), width);
      default ->
          throw new InputFailure(
              "the manifest has a template with $" + identifier + "$; known are $RepresentationID$, $Bandwidth$,"
                  + " $Number$ and $Time$");
    };
  }

  private static String padded(long value, String width) {
    String digits = Long.toString(value);
    int missing = width == null ? 0 : Math.max(0, Integer.parseInt(width) - digits.length());
    return "0".repeat(missing) + digits;
  }

  static boolean isAbsolute(String url) {
    return ABSOLUTE.matcher(url).matches();
  }

  /** Everything that a relative reference is put behind. */
  static String folder(String base) {
    String path = base.split("[?#]", 2)[0];
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  static String resolve(String base, String reference) {
    if (reference.isEmpty()) {
      return base;
    }
    boolean ofHost = isAbsolute(base) && reference.startsWith("/");
    if (isAbsolute(reference) || reference.startsWith("/") && !ofHost) {
      return reference;
    }
    if (ofHost) {
      int host = base.indexOf("//");
      int path = host < 0 ? -1 : base.indexOf('/', host + 2);
      return (path < 0 ? base : base.substring(0, path)) + reference;
    }
    return folder(base) + reference;
  }
}
