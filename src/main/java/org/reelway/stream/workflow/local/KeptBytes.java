package org.reelway.stream.workflow.local;

import java.util.concurrent.atomic.AtomicLong;

/** What ingests that wait keep of their streams, all together. */
final class KeptBytes {
  private final AtomicLong left;

  KeptBytes(long most) {
    this.left = new AtomicLong(most);
  }

  /** An eighth of what this program may use. */
  static KeptBytes ofProcess() {
    return new KeptBytes(Runtime.getRuntime().maxMemory() / 8);
  }

  /** @return whether there is room for so many more */
  boolean take(int bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  void release(int bytes) {
    left.addAndGet(bytes);
  }
}
