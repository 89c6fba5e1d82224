package org.reelway.recording;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder in which files of some kinds are looked for, without markers: whoever is told decides what they are. */
public final class FolderFiles implements FolderContent {
  private static final Logger LOG = LoggerFactory.getLogger(FolderFiles.class);

  private final RecordingFolder folder;
  private final Listener listener;
  private final Clock clock;
  private final FolderScan scan;
  private final Leftovers leftovers = new Leftovers();
  private final FullLooks fullLooks = new FullLooks();
  private final Set<Path> created = ConcurrentHashMap.newKeySet();
  private volatile LookObserver lookObserver = (folders, unannounced) -> {};
  private volatile LookLog log = LookLog.NONE;
  private Set<String> saidUnreadable = Set.of();

  /** Who is told of files. Calls come from several threads and must not take long. */
  public interface Listener {
    /** All files of the kinds that a look found; not called while the folder is not there. */
    void looked(List<Path> files);

    /** A file of any kind came to be, or took another one's place. */
    void created(Path file);
  }

  /**
   * @param folder whose shadow folder need not be there
   * @param names of files of the kinds that are looked for
   * @param clock should be steady, as {@link SteadyClock} is
   */
  public FolderFiles(RecordingFolder folder, Predicate<String> names, Listener listener, Clock clock) {
    this.folder = folder;
    this.listener = listener;
    this.clock = clock;
    this.scan = new FolderScan(folder, names, file -> false);
  }

  @Override
  public RecordingFolder folder() {
    return folder;
  }

  @Override
  public synchronized void rescan() {
    long begun = System.nanoTime();
    Instant now = clock.instant();
    boolean full = fullLooks.isDue(now);
    Set<Path> newNames = Set.copyOf(created);
    created.removeAll(newNames);
    FolderScan.Found found = scan.look(newNames, full, now);
    if (full) {
      fullLooks.done(now, since(begun));
    }
    boolean there = !found.folders().isEmpty() && folder.trouble().isEmpty();
    sayUnreadable(found.unreadable());
    log = log.with(found, full, Instant.now(), since(begun));
    lookObserver.looked(there ? found.folders() : List.of(), List.of());
    if (there) {
      leftovers.tend(found.leftovers(), now);
      listener.looked(found.unmarked());
    }
  }

  private void sayUnreadable(List<String> folders) {
    folders.stream()
        .filter(text -> !saidUnreadable.contains(text))
        .forEach(text -> LOG.warn("cannot look into {}; give Reelway's user the right to read it", text));
    saidUnreadable = Set.copyOf(folders);
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  @Override
  public void observe(LookObserver observer) {
    lookObserver = observer;
  }

  @Override
  public LookLog log() {
    return log;
  }

  @Override
  public void renew(Path subfolder) {
    created.add(subfolder);
  }

  @Override
  public Hint hint(Path path) {
    if (scan.isCandidate(path)) {
      created.add(path);
    }
    listener.created(path);
    return Hint.OTHER;
  }

  @Override
  public List<SettledFiles.HeldBack> heldBack() {
    return List.of();
  }
}
