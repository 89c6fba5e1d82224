package org.reelway.stream.recorder;

import java.nio.file.Path;
import java.time.Instant;
import org.reelway.failure.Sha256;
import org.reelway.settings.RecordingNameTemplate;
import org.reelway.stream.relay.SourceStream;

/**
 * A stream that is to be recorded.
 *
 * @param nameAsked whether this very recording was asked to have its name; otherwise it is that of the route or the settings
 */
record RecordingOrder(SourceStream stream, Recorders.Terms terms, boolean nameAsked) {
  /** That files are written to, where a server lets itself be told. */
  Path folder() {
    return terms.folder();
  }

  RecordingNameTemplate name() {
    return terms.name();
  }

  Rotation rotation() {
    return terms.rotation();
  }

  /** The same for orders that a recording fits alike: one of a Reelway that was killed goes on, then. */
  String digest() {
    String all = folder() + "\n" + name() + "\n" + rotation().seconds() + "\n" + rotation().bytes();
    return Sha256.hex(all, 16);
  }

  /** The file's name without extension, of what is known when it begins. */
  String nameAt(Instant begin) {
    String session = stream.session();
    return name().of(
        new RecordingNameTemplate.Values(
            stream.name(), 0, 0, begin.toEpochMilli(), 0, 0, session, session, "", "", ""));
  }
}
