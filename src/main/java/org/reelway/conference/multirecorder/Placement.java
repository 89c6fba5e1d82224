package org.reelway.conference.multirecorder;

/**
 * Where a piece stands on the true timeline.
 *
 * @param origin seconds of the timeline at the piece's own zero
 * @param pace seconds of the timeline in a second of the piece: the sender's clock is never quite ours
 */
record Placement(double origin, double pace) {

  static Placement from(double origin) {
    return new Placement(origin, 1);
  }

  /** @param seconds of the piece */
  double at(double seconds) {
    return origin + seconds * pace;
  }
}
