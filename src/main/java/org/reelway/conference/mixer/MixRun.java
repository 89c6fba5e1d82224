package org.reelway.conference.mixer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.ffmpeg.Launcher;
import org.reelway.media.process.LongChild;
import org.reelway.media.process.Orphans;
import org.reelway.media.tracks.MovieTracks;
import org.reelway.media.tracks.Track;
import org.reelway.recording.DurableFiles;
import org.reelway.recording.FileIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mix, from the recording to {@code <name>_mixed.mp4} beside it. It is written as {@code <name>_mixed.mp4.partial},
 * playable at every moment and left where the mix is stopped or killed; the mix takes its name when it is whole. Run by one
 * thread; asked and cancelled by any.
 */
public final class MixRun {
  private static final Logger LOG = LoggerFactory.getLogger(MixRun.class);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final long LOST_MICROS = 500_000;
  private static final String DONE = "out_time_us=";

  private final Path recording;
  private final Path mixed;
  private final Path partial;
  private final MixSettings settings;
  private final Optional<Instant> created;
  private final FfmpegPrograms programs;
  private final Orphans orphans;
  private final ToLongFunction<Path> freeBytes;
  private final long startedNanos = System.nanoTime();
  private long needed;
  private volatile long doneMicros;
  private volatile long allMicros;
  private volatile boolean cancelled;

  /**
   * @param created when the recording was made, where that is known
   */
  public MixRun(
      Path recording, MixSettings settings, Optional<Instant> created, FfmpegPrograms programs) {
    this(recording, settings, created, programs, folder -> folder.toFile().getUsableSpace());
  }

  /** @param freeBytes tells what is free in a folder */
  MixRun(
      Path recording, MixSettings settings, Optional<Instant> created, FfmpegPrograms programs,
      ToLongFunction<Path> freeBytes) {
    this.recording = recording.toAbsolutePath();
    this.mixed = MixedName.of(this.recording);
    this.partial = mixed.resolveSibling(mixed.getFileName() + ".partial");
    this.settings = settings;
    this.created = created;
    this.programs = programs;
    this.orphans = new Orphans("mix of " + mixed);
    this.freeBytes = freeBytes;
  }

  /** From a try before this one ({@link MixStopped#needed}): where there is not so much room it is not begun. */
  MixRun needing(long bytes) {
    needed = bytes;
    return this;
  }

  /**
   * Mixes; returns when the mix is whole, in its place, and on the disk.
   *
   * @throws InputFailure the recording is no sound MP4, has nothing to mix, cannot be decoded, is a mix itself, or is being
   *     mixed
   * @throws MixStopped too little is free, or it was cancelled; it can be begun anew
   * @throws OurFailure ffmpeg failed
   * @throws InterruptedException this thread was interrupted; ffmpeg was ended first
   */
  public Mixed run() throws IOException, InterruptedException {
    if (MixedName.isMixed(recording)) {
      throw new InputFailure(recording + " is a mix already, and not mixed again; name the recording that it was made of");
    }
    MixPlan plan = MixPlan.of(recording, MovieTracks.of(recording), settings);
    allMicros = plan.durationMicros();
    // What is left of a try before is written over.
    checkRoom(Math.max(0, needed - written()));
    try (WorkFolder work = WorkFolder.of(mixed)) {
      // Of a mix that was killed; what it would go on writing is begun anew.
      orphans.end(GRACE);
      Path graph = work.write(FilterGraph.of(plan, fonts(plan), work.folder()));
      ffmpeg(MixArguments.mix(recording, plan, graph, partial), true);
      checkWhole(plan);
      checkRoom(Files.size(partial));
      ffmpeg(MixArguments.finish(partial, created, work.finished()), false);
      place(work.finished());
    }
    return new Mixed(
        mixed, Duration.ofNanos(plan.durationMicros() * 1000), Instant.now(), FileIdentity.of(mixed).text());
  }

  public MixProgress progress() {
    return new MixProgress(doneMicros, allMicros, Duration.ofNanos(System.nanoTime() - startedNanos));
  }

  /** Ends it soon; {@link #run} then tells so. What was written stays, and is playable. */
  public void cancel() {
    cancelled = true;
  }

  private Fonts fonts(MixPlan plan) {
    Fonts fonts = Fonts.of(settings.font(), plan.pictures().stream().map(input -> ShownName.of(input.name())).toList());
    if (settings.displaysNames() && !plan.scenes().isEmpty() && fonts.isEmpty()) {
      LOG.warn("no font was found on this machine, so names are not drawn into {}; name one by mixerFont", mixed);
    }
    return fonts;
  }

  private long written() {
    return partial.toFile().length();
  }

  /** All of it, and once more with its index in front. */
  private long neededInAll() {
    double share = progress().share();
    return Math.max(needed, share > 0 ? Math.round(2 * written() / share) : 0);
  }

  private MixStopped noRoom(String message) {
    return new MixStopped(MixStopped.Reason.NO_ROOM, message, neededInAll());
  }

  /** @throws MixStopped less would be free than has to be */
  private void checkRoom(long more) {
    long free = freeBytes.applyAsLong(mixed.getParent());
    if (free - more < settings.minAvailableSpace()) {
      throw noRoom(
          mixed + " is not mixed: " + (free >> 20) + " MiB are free in " + mixed.getParent()
              + (more > 0 ? ", " + (more >> 20) + " MiB are needed to finish it," : "") + " and minAvailableSpace keeps "
              + (settings.minAvailableSpace() >> 20) + " MiB; make room and mix it again"
              + (Files.exists(partial) ? "; what was written is playable: " + partial : ""));
    }
  }

  private void ffmpeg(List<String> arguments, boolean guarded) throws InterruptedException {
    List<String> command = new ArrayList<>(new Launcher().lowPriority());
    command.addAll(settings.multithreading() ? List.of() : new Launcher().oneProcessor());
    command.add(programs.ffmpeg().toString());
    command.addAll(arguments);
    LongChild child = LongChild.start(Path.of(command.get(0)), command.subList(1, command.size()), orphans.environment());
    try {
      while (child.isAlive()) {
        child.listen(this::hear);
        stopWhereNeeded(child, guarded);
        Thread.sleep(LOOK.toMillis());
      }
      child.listen(this::hear);
    } finally {
      if (child.isAlive()) {
        end(child);
      }
    }
    if (child.exitCode() != 0) {
      throw failed(child);
    }
  }

  private void hear(String line) {
    if (line.startsWith(DONE) && line.length() > DONE.length() && Character.isDigit(line.charAt(DONE.length()))) {
      doneMicros = Math.max(doneMicros, Long.parseLong(line.substring(DONE.length()).strip()));
    }
  }

  private void stopWhereNeeded(LongChild child, boolean guarded) throws InterruptedException {
    if (cancelled) {
      end(child);
      throw new MixStopped(
          MixStopped.Reason.CANCELLED,
          mixed + " was cancelled at " + Math.round(progress().share() * 100) + " %; what was written is playable: "
              + partial,
          0);
    }
    if (guarded && freeBytes.applyAsLong(mixed.getParent()) < settings.minAvailableSpace()) {
      end(child);
      checkRoom(0);
      throw noRoom(mixed + " was stopped when space was short for a moment; mix it again");
    }
  }

  /**
   * At once: asked in order, ffmpeg would repeat the last pictures up to the end of the plan, and what is written is
   * playable as it is. An interrupt does not keep a child alive.
   */
  private static void end(LongChild child) throws InterruptedException {
    boolean interrupted = Thread.interrupted();
    child.kill();
    while (child.isAlive()) {
      Thread.sleep(LOOK.toMillis());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private RuntimeException failed(LongChild child) {
    String words = child.lastWords();
    if (words.contains("No space left on device")) {
      return noRoom(
          mixed + " is not mixed: the disk is full; make room and mix it again; what was written is playable: " + partial);
    }
    if (words.contains("Changing audio frame properties")) {
      return new InputFailure(
          recording + " cannot be mixed: a sound in it changes its rate or its channels in the middle of its track; have it"
              + " encoded anew, for instance by ffmpeg -i FILE -map 0 -c:v copy -c:a aac OTHER.mp4, and mix that");
    }
    return words.toLowerCase(Locale.ROOT).contains("decoder") || words.contains("Invalid data") || words.contains("Error opening input")
        ? new InputFailure(recording + " cannot be mixed, ffmpeg ended with " + child.exitCode() + ": " + words)
        : new OurFailure(recording + " was not mixed, ffmpeg ended with " + child.exitCode() + ": " + words);
  }

  /** ffmpeg goes on over what it cannot decode, and a recording that lies ends early. */
  private void checkWhole(MixPlan plan) throws IOException {
    long end = MovieTracks.of(partial).stream().mapToLong(Track::durationMillis).max().orElse(0) * 1000;
    if (end + LOST_MICROS < plan.durationMicros()) {
      throw new InputFailure(
          recording + " could be mixed up to " + end / 1000 + " ms of " + plan.durationMicros() / 1000
              + " ms only: its index promises media that is not there; what was written is playable: " + partial);
    }
  }

  private void place(Path finished) throws IOException {
    try (FileChannel written = FileChannel.open(finished, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(finished, mixed, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(partial);
    DurableFiles.syncFolder(mixed.getParent());
    doneMicros = allMicros;
  }
}
