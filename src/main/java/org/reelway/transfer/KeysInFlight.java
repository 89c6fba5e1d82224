package org.reelway.transfer;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys that this process is sending to under {@code on-existing=version}. Two recordings of one name would find out
 * about each other at the store as well, but only when the second has been sent for nothing.
 */
final class KeysInFlight {
  private final Map<String, Path> owners = new HashMap<>();

  /** @return false while another recording is sent to this key */
  synchronized boolean take(String bucket, String key, Path recording) {
    return owners.computeIfAbsent(bucket + "/" + key, free -> recording).equals(recording);
  }

  /** Gives up all keys of the recording. */
  synchronized void release(Path recording) {
    owners.values().removeIf(recording::equals);
  }
}
