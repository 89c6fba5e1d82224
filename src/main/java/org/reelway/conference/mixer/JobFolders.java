package org.reelway.conference.mixer;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.reelway.failure.FileTree;
import org.reelway.recording.DurableFiles;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.RecordingId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs as they lie on the disk: a folder each, with a note and a second name of the recording (a hard link), named by what
 * the recording is, so that one recording has one job whoever orders it. Other processes leave theirs under another name,
 * from which the one that takes it renames it. What was done is remembered by an empty file.
 */
final class JobFolders {
  private static final Logger LOG = LoggerFactory.getLogger(JobFolders.class);
  private static final String MAKING = "making-";
  private static final String LEFT = "left-";
  private static final String DONE = "done-";
  /** Ours, and those of Reelways before. */
  private static final Pattern ID = Pattern.compile("[0-9a-f-]{1,40}");
  private static final int MOST_DONE = 1000;
  /** A copy that is still written to is younger. */
  private static final Duration LONGEST_MAKING = Duration.ofHours(1);

  private final Path folder;
  private final Set<Path> unreadable = ConcurrentHashMap.newKeySet();

  /** @param folder of our own, on the file system of the recordings */
  JobFolders(Path folder) {
    this.folder = folder;
  }

  /** The same for the same file at the same place. */
  static String id(MixNote note) throws IOException {
    FileIdentity identity =
        FileIdentity.parse(note.identity()).orElseGet(() -> new FileIdentity("-", 0, note.createdMillis()));
    Path recording = Path.of(note.recording()).toAbsolutePath();
    return RecordingId.of(recording.getParent().toRealPath().resolve(recording.getFileName()), identity);
  }

  Path of(String id) {
    return folder.resolve(id);
  }

  /** Makes a job, or nothing of it. */
  Path make(MixNote note) throws IOException {
    return make(note, of(id(note)));
  }

  /** Leaves a job to whoever works on this folder's. */
  String leave(MixNote note) throws IOException {
    String id = id(note);
    make(note, folder.resolve(LEFT + id));
    return id;
  }

  /** Makes a job of a file that is ours, and becomes part of it. */
  Path adopt(String id, MixNote note, Path file) throws IOException {
    return make(note, of(id), name -> Files.move(file, name, StandardCopyOption.ATOMIC_MOVE));
  }

  private Path make(MixNote note, Path work) throws IOException {
    return make(note, work, name -> DurableFiles.link(Path.of(note.recording()), name));
  }

  private interface Naming {
    void as(Path name) throws IOException;
  }

  private Path make(MixNote note, Path work, Naming recording) throws IOException {
    Path making = Files.createDirectories(folder.resolve(MAKING + UUID.randomUUID()));
    try {
      recording.as(making.resolve(Path.of(note.recording()).getFileName()));
      note.write(making);
      delete(work);
      Files.move(making, work, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(folder);
      return work;
    } catch (IOException | RuntimeException e) {
      delete(making);
      throw e;
    }
  }

  /** Those that others left. */
  List<Path> left() throws IOException {
    return all().stream().filter(each -> name(each).startsWith(LEFT)).toList();
  }

  /** One that was left becomes a job, unless there is one of its name. @return its folder */
  Path take(Path left) throws IOException {
    Path work = of(name(left).substring(LEFT.length()));
    if (Files.exists(work) || isDone(name(work))) {
      delete(left);
    } else {
      Files.move(left, work, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(folder);
    }
    return work;
  }

  /** Jobs that are not done. What a kill left half made or half deleted goes. */
  List<Path> jobs() throws IOException {
    List<Path> jobs = new ArrayList<>();
    for (Path each : all()) {
      try {
        if (isJob(each)) {
          jobs.add(each);
        }
      } catch (IOException e) {
        // Others make and rename theirs meanwhile, and may be other users.
        LOG.warn("{} is passed over, for it cannot be looked at or deleted: {}", each, e.toString());
      }
    }
    return jobs;
  }

  private boolean isJob(Path each) throws IOException {
    boolean isMaking = name(each).startsWith(MAKING);
    if (name(each).startsWith(LEFT) || !Files.isDirectory(each) || isMaking && !isOld(each)) {
      return false;
    }
    if (isMaking || !MixNote.isIn(each) || isDone(name(each))) {
      delete(each);
      return false;
    }
    return true;
  }

  /** Empty where it cannot be read, which is said once: one such keeps none of the others waiting. */
  Optional<MixNote> note(Path work) {
    try {
      MixNote note = MixNote.read(work);
      MixJob.State.of(note.state());
      return Optional.of(note);
    } catch (IOException | RuntimeException e) {
      if (unreadable.add(work)) {
        LOG.error("the mix that is noted in {} is not begun, for its note cannot be read: {}; what it was to mix is there, and"
            + " `reelway mix` mixes it", work, e.toString());
      }
      return Optional.empty();
    }
  }

  /** Those that {@link #note} came upon and that are still there. */
  List<Path> unreadable() {
    return unreadable.stream().filter(Files::exists).toList();
  }

  private static boolean isOld(Path making) throws IOException {
    try (Stream<Path> files = Files.list(making)) {
      Instant latest = Files.getLastModifiedTime(making).toInstant();
      for (Path file : files.toList()) {
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        latest = modified.isAfter(latest) ? modified : latest;
      }
      return latest.isBefore(Instant.now().minus(LONGEST_MAKING));
    } catch (NoSuchFileException made) {
      return false;
    }
  }

  private List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> each = Files.newDirectoryStream(folder)) {
        each.forEach(all::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return all;
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  boolean isDone(String id) {
    return Files.exists(done(id));
  }

  private Path done(String id) {
    return folder.resolve(DONE + id);
  }

  /** Remembers that it was done, and deletes the rest. */
  void done(Path work) throws IOException {
    DurableFiles.write(done(name(work)), new byte[0]);
    delete(work);
    List<Path> done = new ArrayList<>(all().stream().filter(each -> name(each).startsWith(DONE)).toList());
    if (done.size() > MOST_DONE) {
      done.sort(Comparator.comparing(each -> each.toFile().lastModified()));
      for (Path oldest : done.subList(0, done.size() - MOST_DONE)) {
        Files.deleteIfExists(oldest);
      }
    }
  }

  /** Of a job that nobody works on: it may be made anew. @return whether there was anything of it */
  boolean forget(String id) throws IOException {
    if (!ID.matcher(id).matches()) {
      return false;
    }
    boolean isThere = Files.exists(of(id));
    delete(of(id));
    return DurableFiles.delete(done(id)) || isThere;
  }

  /** Whatever is there of it. */
  static void delete(Path work) throws IOException {
    if (Files.exists(work)) {
      FileTree.delete(work);
      DurableFiles.syncFolder(work.toAbsolutePath().getParent());
    }
  }
}
