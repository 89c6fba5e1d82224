package org.reelway.transfer;

import java.util.Locale;
import org.reelway.transfer.store.ChecksumKind;

/**
 * The checksums that an upload in parts is sent with. Stores differ in each of the three.
 *
 * @param part of each part's body
 * @param declared whether the store is told the kind, and that it is of the full object, when the upload is begun; only
 *     CRCs are
 * @param whole whether the completion carries the full object's value; only of a CRC
 */
public record UploadChecksums(ChecksumKind part, boolean declared, boolean whole) {
  private static final String UNDECLARED = "-of-parts";

  /** The kind wherever it can stand. */
  public static UploadChecksums of(ChecksumKind kind) {
    return new UploadChecksums(kind, isCrc(kind), isCrc(kind));
  }

  /** What an upload is begun with. */
  ChecksumKind declaration() {
    return declared ? part : ChecksumKind.NONE;
  }

  boolean isCrc() {
    return isCrc(part);
  }

  private static boolean isCrc(ChecksumKind kind) {
    return kind == ChecksumKind.CRC64NVME || kind == ChecksumKind.CRC32C;
  }

  /** As a marker holds it: what an upload was begun with stays. */
  String text() {
    String word = part.name().toLowerCase(Locale.ROOT);
    return isCrc() && !declared ? word + UNDECLARED : word;
  }

  /**
   * @param text of a marker; null for an upload of the Wowza module, which declares nothing
   * @param found what the store takes now
   */
  static UploadChecksums ofMarker(String text, UploadChecksums found) {
    for (ChecksumKind kind : ChecksumKind.values()) {
      for (boolean declared : new boolean[] {isCrc(kind), false}) {
        boolean wholeNow = found.part == kind && found.declared == declared ? found.whole : declared;
        UploadChecksums known = new UploadChecksums(kind, declared, wholeNow);
        if (known.text().equalsIgnoreCase(text)) {
          return known;
        }
      }
    }
    boolean undeclared = !found.declared;
    return undeclared ? found : of(ChecksumKind.MD5);
  }
}
