package org.reelway.stream.recorder;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that media of all streams may take while it waits for something: however much senders send, there is some left for
 * all else. Safe for several threads.
 */
public final class MediaRoom {
  /** What a piece takes beside its bytes. */
  private static final int PIECE = 128;

  private final AtomicLong left;

  public MediaRoom(long most) {
    this.left = new AtomicLong(most);
  }

  /** An eighth of what this program may use. */
  public static MediaRoom ofProcess() {
    return new MediaRoom(Runtime.getRuntime().maxMemory() / 8);
  }

  /** For what has another bound. */
  static MediaRoom endless() {
    return new MediaRoom(Long.MAX_VALUE);
  }

  /** What a piece takes of it. */
  public static int size(FlvTag tag) {
    return PIECE + tag.body().length;
  }

  /** @return whether there is room for so many more */
  public boolean take(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  public void release(long bytes) {
    left.addAndGet(bytes);
  }
}
