package org.reelway.stream.relay;

/** What ffmpeg tells with {@code -progress}: lines of {@code key=value}. Used by one thread. */
final class Progress {
  private static final int STEADY = 3;

  private long frames;
  private long bytes;
  private long time;
  private int growths;

  /** @return whether more arrived than before */
  boolean take(String line) {
    int at = line.indexOf('=');
    if (at < 0) {
      return false;
    }
    String value = line.substring(at + 1).strip();
    return switch (line.substring(0, at)) {
      case "frame" -> {
        long before = frames;
        frames = Math.max(frames, number(value));
        yield frames > before;
      }
      case "total_size" -> {
        long before = bytes;
        bytes = Math.max(bytes, number(value));
        growths += bytes > before ? 1 : 0;
        yield bytes > before;
      }
      case "out_time_us" -> {
        // Muxers that send by themselves, as that of RTSP, do not tell bytes.
        long before = time;
        time = Math.max(time, number(value));
        growths += bytes == 0 && time > before ? 1 : 0;
        yield bytes == 0 && time > before;
      }
      default -> false;
    };
  }

  /** {@code N/A} before the first packet. */
  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notYet) {
      return 0;
    }
  }

  /**
   * Media went on and on: the first bytes say nothing, as ffmpeg sends them before a destination has refused the stream.
   */
  boolean isSteady() {
    return growths >= STEADY;
  }

  /** The destination was opened, and what is secret read. */
  boolean hasBegun() {
    return bytes > 0 || growths > 0;
  }

  long frames() {
    return frames;
  }

  long bytes() {
    return bytes;
  }
}
