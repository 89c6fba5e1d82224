package org.reelway.conference.mixer;

/** Where a input is seen: all in pixels, and even. */
record Tile(MixInput input, int x, int y, int width, int height) {

  boolean overlaps(Tile other) {
    return x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height;
  }

  boolean fills(int allWidth, int allHeight) {
    return x == 0 && y == 0 && width == allWidth && height == allHeight;
  }
}
