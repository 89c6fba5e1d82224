package org.reelway.transfer.store;

import java.util.Map;

/**
 * What an object carries beside its bytes.
 *
 * @param contentType the media type, or null to send none
 * @param metadata names without {@code x-amz-meta-}, lower case; values are any text; on the wire what is
 *     not printable ASCII, {@code %}, and spaces that a header would lose are percent-encoded
 */
public record ObjectAttributes(String contentType, Map<String, String> metadata, Keeping keeping) {
  public static final ObjectAttributes NONE = new ObjectAttributes(null, Map.of());

  public ObjectAttributes {
    metadata = Map.copyOf(metadata);
  }

  public ObjectAttributes(String contentType, Map<String, String> metadata) {
    this(contentType, metadata, Keeping.NONE);
  }

  /** The start of a metadata value that takes at most so many bytes on the wire, in whole characters. */
  public static String cutMetadata(String value, int bytes) {
    int end = value.length();
    while (MetadataCode.encode(value.substring(0, end)).length() > bytes) {
      end = value.offsetByCodePoints(end, -1);
    }
    return value.substring(0, end);
  }
}
