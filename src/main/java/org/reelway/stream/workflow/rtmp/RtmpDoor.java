package org.reelway.stream.workflow.rtmp;

import java.util.Optional;

/** Who may publish. Asked by the threads of connections. */
@FunctionalInterface
public interface RtmpDoor {
  /**
   * Somebody wants to publish.
   *
   * @param key the stream's name, without what follows a {@code ?}
   * @return empty where he may not
   */
  Optional<RtmpMedia> open(String app, String key);
}
