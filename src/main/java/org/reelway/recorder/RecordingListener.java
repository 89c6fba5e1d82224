package org.reelway.recorder;

import java.nio.file.Path;
import org.reelway.relay.SourceStream;

/** Is told of files as they begin and end; what it does must neither fail nor take long. */
public interface RecordingListener {
  /** Does nothing. */
  RecordingListener NONE =
      new RecordingListener() {
        @Override
        public void began(SourceStream stream, Path file) {}

        @Override
        public void ended(SourceStream stream, Path file) {}
      };

  /** @param file with the name that it has as far as is known now */
  void began(SourceStream stream, Path file);

  /** Told before the file's marker is written. */
  void ended(SourceStream stream, Path file);
}
