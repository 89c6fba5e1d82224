package org.reelway.stream.recorder;

import org.reelway.stream.relay.SourceStream;

/**
 * Whose recording it is, as those are told who want to know.
 *
 * @param app its application; empty where the server has none
 * @param session the media server's id of the stream's run; empty where it has none
 */
public record RecordedStream(String app, String session, String name) {
  static RecordedStream of(SourceStream stream) {
    return new RecordedStream(stream.id().app(), stream.session(), stream.name());
  }
}
