package org.reelway.live.dash;

import java.math.BigDecimal;
import org.reelway.live.NamedFile;

/**
 * The template of a representation's segments.
 *
 * @param media with its identifiers
 * @param index of files of their own; null for none
 */
record UrlTemplate(String media, String index, String representation, long bandwidth, String base) {

  String reference(long number, long time) {
    return of(media, number, time);
  }

  Segment segment(long number, long time, long duration) {
    String reference = reference(number, time);
    NamedFile indexed = index == null ? null : NamedFile.whole(MpdUrl.resolve(base, of(index, number, time)));
    return new Segment(
        number, time, duration, reference, null, null, NamedFile.whole(MpdUrl.resolve(base, reference)), indexed);
  }

  private String of(String template, long number, long time) {
    return MpdUrl.of(template, representation, bandwidth, name -> name.equals("Time") ? time : number);
  }

  /** Whether numbers play no part in the names. */
  boolean isByTime() {
    return !media.contains("$Number") && (index == null || !index.contains("$Number"));
  }

  /** Bits a second, 0 where they cannot be read. */
  static long bandwidth(String text) {
    try {
      return new BigDecimal(text.strip()).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return 0;
    }
  }
}
