package org.reelway.multirecorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** placeholder until TrackMetadata of the tracks package is there. */
final class TrackNames {
  private TrackNames() {}

  static byte[] of(String streamName, String mediaSessionId) throws IOException {
    return Boxes.bytes(Boxes.box("udta", Boxes.box("name", Boxes.bytes(streamName.getBytes(StandardCharsets.UTF_8)))));
  }
}
