package org.reelway.stream.recorder;

import java.nio.file.Path;
import org.reelway.settings.RecordingNameTemplate;
import org.reelway.stream.relay.StreamSource;

/**
 * A stream to be recorded.
 *
 * @param id of the recorder
 * @param stream its name
 * @param session the media server's id of the stream's run; empty where it has none
 * @param folder that files are written to
 */
public record RecorderOrder(
    String id, String stream, StreamSource source, String session, Path folder, RecordingNameTemplate name, Rotation rotation) {}
