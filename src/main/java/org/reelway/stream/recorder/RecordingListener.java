package org.reelway.stream.recorder;

import java.nio.file.Path;

/**
 * Is told of each file as it begins and ends, in this order. After a crash it is told again, with the same occasion: that of
 * a file is its own, the same at its beginning and its end. Must not fail.
 */
public interface RecordingListener {
  /** Does nothing. */
  RecordingListener NONE =
      new RecordingListener() {
        @Override
        public boolean began(RecordedStream stream, Path file, String occasion) {
          return true;
        }

        @Override
        public boolean ended(RecordedStream stream, Path file, String occasion) {
          return true;
        }
      };

  /**
   * @param file with the name that it has as far as is known now
   * @return whether it is certain that it is told; where not, it is told again later
   */
  boolean began(RecordedStream stream, Path file, String occasion);

  /**
   * Told before the file's marker is written.
   *
   * @param file with its name; that of its beginning where there was no media
   * @return as of {@link #began}
   */
  boolean ended(RecordedStream stream, Path file, String occasion);
}
