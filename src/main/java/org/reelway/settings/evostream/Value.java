package org.reelway.settings.evostream;

/** A text of a plugin, and where it stands. It may be a secret, so it is not shown. */
record Value(Place place, String text) {
  boolean isBlank() {
    return text.isBlank();
  }

  Value with(String other) {
    return new Value(place, other);
  }

  @Override
  public String toString() {
    return place.toString();
  }
}
