package org.reelway.camel;

import java.time.Duration;
import org.apache.camel.Exchange;
import org.reelway.failure.InputFailure;
import org.reelway.media.ffmpeg.Thumbnails;

/** The step behind {@code kamelet:recording-thumbnail}. */
public final class RecordingThumbnail {
  private static final int WIDEST = 4096;

  private final Thumbnails thumbnails;

  RecordingThumbnail(Thumbnails thumbnails) {
    this.thumbnails = thumbnails;
  }

  /**
   * Makes the body the JPEG of a moment, or nothing where the recording has no picture.
   *
   * @param seconds into the recording
   * @param width in pixels
   */
  public void take(Exchange exchange, int seconds, int width) throws InterruptedException {
    if (seconds < 0 || width < 2 || width > WIDEST) {
      throw new InputFailure(
          "a thumbnail at " + seconds + " s, " + width + " pixels wide, cannot be; at is 0 or more, width 2 to " + WIDEST);
    }
    exchange.getMessage().setBody(
        thumbnails.of(
            RecordingSteps.work(exchange, "kamelet:recording-thumbnail").recording().file(),
            Duration.ofSeconds(seconds), width).orElse(null));
  }
}
