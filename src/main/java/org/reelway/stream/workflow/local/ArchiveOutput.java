package org.reelway.stream.workflow.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.UnaryOperator;
import org.reelway.live.PublishedFolder;
import org.reelway.recording.DurableFiles;
import org.reelway.stream.workflow.Session;

/** A session's archive: segments that only come once they are whole, and the playlist of all of them. Guarded by itself. */
final class ArchiveOutput {
  private static final String INDEX = "index.m3u8";
  private static final DateTimeFormatter START = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  private final Path folder;
  private final String names;
  private final PublishedFolder published;
  private final MediaList list;

  /** Tells how long a file is. */
  @FunctionalInterface
  interface Lengths {
    double seconds(Path file) throws IOException;
  }

  /**
   * @param folder that is published at the archive's root
   * @param lengths for segments that were kept, and not noted any more, when Reelway was killed or the disk was full
   */
  ArchiveOutput(Path folder, Session session, Duration segment, PublishedFolder published, Lengths lengths) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.names = "_1" + START.format(session.startedAt()) + ".";
    this.published = published;
    this.list = MediaList.read(folder.resolve(INDEX), new MediaList(0, 0, Math.max(1, segment.toSeconds())));
    for (Path next = folder.resolve(name()); !list.isEnded() && Files.exists(next); next = folder.resolve(name())) {
      double seconds = lengths.seconds(next);
      Instant written = Files.getLastModifiedTime(next).toInstant();
      note(seconds, written.minusMillis(Math.round(seconds * 1000)), true);
    }
  }

  private String name() {
    return names + String.format("%06d", list.next()) + ".ts";
  }

  /** @param newRun whether it does not follow the one before it */
  synchronized void add(Path file, double seconds, Instant at, boolean newRun) throws IOException {
    Files.move(file, folder.resolve(name()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    note(seconds, at, newRun);
  }

  private void note(double seconds, Instant at, boolean newRun) throws IOException {
    list.add(name(), seconds, at, newRun && !list.isEmpty(), "");
    write();
  }

  private void write() throws IOException {
    DurableFiles.write(folder.resolve(INDEX), list.text("EVENT", UnaryOperator.identity(), true).getBytes());
    published.written(folder.resolve(INDEX));
  }

  /** Nothing more comes. */
  synchronized void end() throws IOException {
    if (!list.isEmpty() && !list.isEnded()) {
      list.end();
      write();
    }
  }

  /** Whether all of it is in the store, after {@link #end}. */
  synchronized boolean isPublished() {
    return list.isEmpty()
        || published.isEnded(folder.resolve(INDEX)) && published.names(folder.resolve(INDEX), folder.resolve(list.last().name()));
  }
}
