package org.reelway.transfer.store;

/** What must be true of the key for a put or complete to take effect; a store that finds otherwise answers 412. */
public sealed interface Precondition {
  /** No condition is sent. */
  record None() implements Precondition {}

  /** {@code If-None-Match: *}: no object is there yet. */
  record Absent() implements Precondition {}

  /** {@code If-Match}: the object there still has this ETag (as the store gave it, quotes included). */
  record Matches(String etag) implements Precondition {
    public static Precondition of(StoredObject object) {
      return new Matches('"' + object.etag() + '"');
    }
  }

  Precondition NONE = new None();
  Precondition ABSENT = new Absent();
}
