package org.reelway.stream.workflow.rtmp;

import org.reelway.stream.recorder.FlvTag;

/** Takes the media of one stream. Called by one thread. */
public interface RtmpMedia {
  void take(FlvTag tag);

  /** Whether nothing is taken any more: a publisher that goes on would send to nobody, and is sent away. */
  default boolean isClosed() {
    return false;
  }

  /** Nothing more comes for now: the publisher has gone, or the connection to the media server. */
  void ended();
}
