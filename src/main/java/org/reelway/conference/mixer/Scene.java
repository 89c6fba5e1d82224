package org.reelway.conference.mixer;

import java.util.List;

/**
 * A time in which the picture is laid out in one way.
 *
 * @param startFrame of the mix
 * @param endFrame behind it
 * @param tiles from back to front
 */
record Scene(long startFrame, long endFrame, List<Tile> tiles) {
  long frames() {
    return endFrame - startFrame;
  }

  boolean shows(MixInput input) {
    return tiles.stream().anyMatch(tile -> tile.input().equals(input));
  }
}
