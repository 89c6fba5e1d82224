package org.reelway.camel;

import static org.reelway.camel.StreamEventsSource.id;

import java.nio.file.Path;
import org.reelway.settings.RecorderSettings;
import org.reelway.settings.RecorderSettings.RecordedBy;
import org.reelway.settings.RecordingNameTemplate;
import org.reelway.stream.recorder.Recorders;
import org.reelway.stream.recorder.Rotation;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.server.RegisteredStream;
import org.reelway.stream.server.StreamRegistry;
import org.reelway.transfer.flow.WatchedFolders;

/** The blocks that record the stream that a message of {@code kamelet:stream-events} tells of. */
final class RecorderSteps {
  private final StreamRegistry registry;
  private final WatchedFolders folders;
  private final Recorders recorders;
  private final Path usualFolder;

  /** @param usualFolder where a route names none */
  RecorderSteps(StreamRegistry registry, WatchedFolders folders, Recorders recorders, Path usualFolder) {
    this.registry = registry;
    this.folders = folders;
    this.recorders = recorders;
    this.usualFolder = usualFolder;
  }

  /** Records the stream for as long as it is on; not one that has ended meanwhile, or is recorded already. */
  StepEndpoint.Step record(EndpointParameters given) {
    String folder = given.take("folder", "").strip();
    RecordingNameTemplate name = given.take("name", "{streamName}-{startTimeMillis}", RecorderSettings.NAME::parse);
    Recorders.Terms terms =
        new Recorders.Terms(
            folder.isEmpty() ? usualFolder : Path.of(folder).toAbsolutePath(), name,
            Rotation.of(given.take("rotation", "0", RecorderSettings.ROTATION::parse)),
            given.choice("by", RecordedBy.SERVER) == RecordedBy.SERVER);
    return exchange -> {
      requireWatched(terms.folder());
      registry.find(id(exchange)).filter(RegisteredStream::isLive).ifPresent(stream -> {
        recorders.record(SourceStream.of(stream), terms);
        if (registry.find(stream.id()).filter(RegisteredStream::isLive).isEmpty()) {
          // Its end may have been told before it was recorded.
          recorders.stop(stream.id());
        }
      });
    };
  }

  /** It, or the watched folder itself, may still have to be made. */
  private void requireWatched(Path folder) {
    Path plain = folder.normalize();
    if (folders.all().stream().noneMatch(watched -> plain.startsWith(watched.folder().root()))) {
      folders.requireInside(folder.resolve("a recording"));
    }
  }

  /** The stream is over; its last file is finished. */
  StepEndpoint.Step recordStop() {
    return exchange -> recorders.stop(id(exchange));
  }
}
