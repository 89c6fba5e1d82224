package org.reelway.transfer.store;

import java.util.Map;

/**
 * What an object carries beside its bytes.
 *
 * @param contentType the media type, or null to send none
 * @param metadata names without {@code x-amz-meta-}, lower case; values are any text; on the wire what is
 *     not printable ASCII, {@code %}, and spaces that a header would lose are percent-encoded
 */
public record ObjectAttributes(String contentType, Map<String, String> metadata) {
  public static final ObjectAttributes NONE = new ObjectAttributes(null, Map.of());

  public ObjectAttributes {
    metadata = Map.copyOf(metadata);
  }
}
