package org.reelway.transfer.store;

import java.util.Map;

/** What must be true of the key for a put or complete to take effect; a store that finds otherwise answers 412. */
public sealed interface Precondition {
  /** Of the request that has it. */
  default Map<String, String> headers() {
    return Map.of();
  }

  /** No condition is sent. */
  record None() implements Precondition {}

  /** {@code If-None-Match: *}: no object is there yet. */
  record Absent() implements Precondition {
    @Override
    public Map<String, String> headers() {
      return Map.of("If-None-Match", "*");
    }
  }

  /** {@code If-Match}: the object there still has this ETag (as the store gave it, quotes included). */
  record Matches(String etag) implements Precondition {
    public static Precondition of(StoredObject object) {
      return new Matches('"' + object.etag() + '"');
    }

    @Override
    public Map<String, String> headers() {
      return Map.of("If-Match", S3Answers.quoted(etag));
    }
  }

  Precondition NONE = new None();
  Precondition ABSENT = new Absent();
}
