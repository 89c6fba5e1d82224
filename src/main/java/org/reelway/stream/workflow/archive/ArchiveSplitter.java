package org.reelway.stream.workflow.archive;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.reelway.failure.ListBound;
import org.reelway.failure.Busy;
import org.reelway.state.SplitRow;
import org.reelway.state.StoredSplits;
import org.reelway.stream.workflow.archive.SplitRequest.Format;
import org.reelway.transfer.Backoff;

/** Sections as playlists in the archive, or as files that go the way of recordings. */
public final class ArchiveSplitter implements Splitter {
  /** A long archive takes some megabytes while it is read. */
  private static final int READ_AT_ONCE = 3;
  /** That read or wait: the API has few threads, and hooks of media servers need them too. */
  private static final int MOST_CALLS = 5;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final Semaphore calls = new Semaphore(MOST_CALLS);
  private final Semaphore turns = new Semaphore(READ_AT_ONCE, true);
  private final Archives archives;
  private final PlaylistSplitter playlists;
  private final SplitJobs jobs;
  private final SplitFiles files;
  private final Clock clock;

  /**
   * @param atOnce how many files are made at the same time
   * @param backoff between tries of a file
   */
  public ArchiveSplitter(
      ArchiveStore store, StoredSplits stored, SplitFiles files, int atOnce, SplitDone.Listener listener, Backoff backoff,
      Clock clock) {
    this.archives = new Archives(store);
    this.playlists = new PlaylistSplitter(store, archives, listener);
    this.jobs = new SplitJobs(store, archives, stored, files, atOnce, listener, backoff, clock);
    this.files = files;
    this.clock = clock;
  }

  @Override
  public void begin() {
    jobs.begin();
  }

  @Override
  public List<ListBound> bounds() {
    return List.of(jobs.bound());
  }

  @Override
  public SplitAnswer split(SplitSource source, SplitRequest request) {
    if (!calls.tryAcquire()) {
      throw new Busy("other archives are being split, and more wait for it; ask again later");
    }
    try {
      takeTurn();
      try {
        return request.wanted() == Format.M3U8 ? playlists.split(source, request) : files(source, request);
      } finally {
        turns.release();
      }
    } finally {
      calls.release();
    }
  }

  private void takeTurn() {
    try {
      if (!turns.tryAcquire(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new Busy(
            "other archives are being split, and this one had no turn for " + LONGEST_WAIT.toSeconds() + " s; ask again later");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Busy("stopped while other archives were split");
    }
  }

  private SplitAnswer files(SplitSource source, SplitRequest request) {
    List<Section> sections = request.sections();
    String modifier = request.modifier().orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
    Archive archive = archives.read(source, archives.folder(source.root()));
    List<SplitRow> rows = new ArrayList<>();
    String split = source.session() + "-" + modifier;
    for (int i = 0; i < sections.size(); i++) {
      Cut cut = Cut.of(source, archive, sections.get(i), SplitRequest.place(i));
      Path file = files.folder().toAbsolutePath().resolve(source.stream()).resolve(split + "_" + i + ".mp4");
      rows.add(
          new SplitRow(
              split, i, source.stream(), source.session(), source.root().toString(), source.segmentLength().toSeconds(),
              cut.start(), cut.end(), request.isExact(), file.toString(), SplitRow.State.WAITING, 0, "", "",
              clock.instant(), null));
    }
    jobs.order(rows);
    return new SplitAnswer(List.of(), split, rows.stream().map(SplitRow::file).toList());
  }

  @Override
  public List<SplitWork> works(String stream) {
    return jobs.works(stream);
  }

  @Override
  public Standing standing() {
    return jobs.standing();
  }

  @Override
  public void close() {
    jobs.close();
    archives.close();
  }
}
