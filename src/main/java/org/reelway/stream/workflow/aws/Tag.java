package org.reelway.stream.workflow.aws;

import java.util.Map;
import java.util.Optional;

/** By it what belongs to a stream is found again, also where nothing is known of it any more. */
final class Tag {
  static final String NAME = "reelway-stream";

  private Tag() {}

  static Map<String, String> of(String stream) {
    return Map.of(NAME, stream);
  }

  /** @return the stream's id */
  static Optional<String> in(Map<String, String> tags) {
    return Optional.ofNullable(tags.get(NAME));
  }

  static boolean is(String stream, Map<String, String> tags) {
    return stream.equals(tags.get(NAME));
  }
}
