package org.reelway.stream.workflow.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.OurFailure;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.state.SplitRow;
import org.reelway.transfer.store.ListedObject;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;

/** One run that makes the file of a section: segments are fetched, and cut. Used by one thread, asked by any. */
final class SectionFile {
  private static final int TRIES = 3;
  /** What is fetched lies here as it came, in one file, and as what is cut out of it; and some for others. */
  private static final int ROOM = 3;
  private static final long SPARE = 64L << 20;
  private static final double FETCHED_SHARE = 0.5;
  private static final Pattern MAP = Pattern.compile("#EXT-X-MAP:URI=\"([^\"]+)\"(,BYTERANGE=.*)?");

  private final SplitRow row;
  private final Archives archives;
  private final Store store;
  private final BackgroundFfmpeg ffmpeg;
  private final Path work;
  private volatile long wanted;
  private volatile long fetched;
  private volatile double cut;

  /** @param work an empty folder, which is deleted by whoever made it */
  SectionFile(SplitRow row, Archives archives, Store store, BackgroundFfmpeg ffmpeg, Path work) {
    this.row = row;
    this.archives = archives;
    this.store = store;
    this.ffmpeg = ffmpeg;
    this.work = work;
  }

  /** 0 to 100. */
  int percent() {
    double share = wanted == 0 ? 0 : FETCHED_SHARE * fetched / wanted + (1 - FETCHED_SHARE) * cut;
    return (int) Math.min(99, Math.round(100 * share));
  }

  /**
   * @param out where the file is to be; on disk when this returns
   * @throws org.reelway.failure.InputFailure the section cannot be made of what is in the archive
   */
  FileCut.How make(Path out) throws IOException, InterruptedException {
    ArchiveRoot root = ArchiveRoot.of(row.archive());
    SplitSource source =
        new SplitSource(row.stream(), row.session(), root, Duration.ofSeconds(row.segmentLength()), false);
    ArchiveFolder folder = archives.folder(root);
    Section ordered = new Section(row.begins() / 1e6, row.ends() / 1e6);
    Cut section = Cut.of(source, archives.read(source, folder), ordered, SplitRequest.place(row.section()));
    wanted = Math.max(1, section.segments().stream().mapToLong(segment -> segment.object().size()).sum());
    requireRoom();
    FileCut.How how = FileCut.How.COPY;
    List<Path> made = new ArrayList<>();
    List<List<ArchivedSegment>> runs = runs(section.segments());
    for (List<ArchivedSegment> run : runs) {
      Path media = fetch(folder, run);
      Path part = runs.size() == 1 ? out : work.resolve("run" + made.size() + ".mp4");
      FileCut.How cutAs = new FileCut(ffmpeg, work).cut(
          media, Math.max(0, section.start() - run.get(0).start()), Math.min(section.end(), end(run)) - run.get(0).start(),
          row.isExact(), part);
      how = cutAs.ordinal() > how.ordinal() ? cutAs : how;
      made.add(part);
      cut = (double) made.size() / runs.size();
    }
    if (runs.size() > 1) {
      new FileCut(ffmpeg, work).chain(made, out);
    }
    try (FileChannel written = FileChannel.open(out, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    return how;
  }

  private static long end(List<ArchivedSegment> run) {
    return run.get(run.size() - 1).end();
  }

  private void requireRoom() {
    long needed = ROOM * wanted + SPARE;
    long free = work.toFile().getUsableSpace();
    if (free < needed) {
      throw new OurFailure(
          "there is no room in " + work.getParent() + " for " + row.file() + ": it needs " + (needed >> 20) + " MiB, and "
              + (free >> 20) + " MiB are free; make room there");
    }
  }

  /** Media that lead on from one to the next are one file. */
  private static List<List<ArchivedSegment>> runs(List<ArchivedSegment> segments) {
    List<List<ArchivedSegment>> runs = new ArrayList<>();
    ArchivedSegment before = null;
    for (ArchivedSegment segment : segments) {
      if (before == null || !segment.follows(before) || !segment.map().equals(before.map()) && !isOwn(segment)) {
        runs.add(new ArrayList<>());
      }
      runs.get(runs.size() - 1).add(segment);
      before = segment;
    }
    return runs;
  }

  /** Whether what players need first is in the segment itself. */
  private static boolean isOwn(ArchivedSegment segment) {
    Matcher map = MAP.matcher(segment.map());
    return map.matches() && map.group(1).equals(segment.uri());
  }

  private Path fetch(ArchiveFolder folder, List<ArchivedSegment> run) throws IOException {
    ArchivedSegment first = run.get(0);
    Path media = work.resolve("media");
    try (FileChannel file =
        FileChannel.open(media, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
      Matcher map = MAP.matcher(first.map());
      if (map.matches() && !isOwn(first)) {
        fetch(folder.root(), folder.root().prefix() + RelativeName.name(map.group(1)), file);
      }
      for (ArchivedSegment segment : run) {
        ListedObject object = segment.object();
        fetch(folder.root(), object.key(), file);
        fetched += object.size();
      }
    }
    return media;
  }

  private void fetch(ArchiveRoot root, String key, FileChannel file) throws IOException {
    long before = file.size();
    for (int attempt = 1; ; attempt++) {
      try {
        file.truncate(before).position(before);
        OutputStream out = Channels.newOutputStream(file);
        store.get(root.bucket(), key, out);
        return;
      } catch (StoreFailure e) {
        if (!e.isTransient() || attempt == TRIES || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
  }

  static Path emptyFolder(Path within) throws IOException {
    Files.createDirectories(within);
    return Files.createTempDirectory(within, "cut");
  }
}
