package org.reelway.transfer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.reelway.failure.Failure;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent.VerifiedState;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingId;
import org.reelway.recording.Recoveries;
import org.reelway.recording.Recovery;
import org.reelway.settings.KeyTemplate;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;

/**
 * Carries recordings into the store. One call is one try of one recording, on the caller's thread; parts go out on
 * threads that all transfers share. Whatever ends a try, the marker then holds what the next one needs.
 *
 * <p>Memory used: at most {@code (files at once + parts at once) × 512 KiB}, whatever the sizes of files and parts.
 */
public final class Transfers implements AutoCloseable {

  /**
   * @param threshold bytes up to which a single put is used
   * @param partSize bytes, wished
   * @param partsAtOnce over all transfers
   * @param attempts of one request
   * @param largestObject bytes that the store takes
   */
  public record Limits(
      long threshold, long partSize, int partsAtOnce, int attempts, Backoff requestBackoff, long largestObject) {
    /** For a store that takes what every S3 does. */
    public Limits(long threshold, long partSize, int partsAtOnce, int attempts, Backoff requestBackoff) {
      this(threshold, partSize, partsAtOnce, attempts, requestBackoff, TransferPlan.LARGEST_OBJECT);
    }

    /** Between the tries of one request: short, as the recording's own retry waits longer. */
    public static final Backoff BETWEEN_REQUESTS = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(10));
  }

  private final Store store;
  private final Markers markers;
  private final Capabilities capabilities;
  private final Abandoned abandoned;
  private final TransferObserver observer;
  private final Limits limits;
  private final RecordingAttributes attributes;
  private final Clock clock;
  private final ExecutorService partThreads;
  private final KeysInFlight inFlight = new KeysInFlight();
  private final StopSignal stop = new StopSignal();
  private final StoreDirectory stores;
  private volatile Fence fence = Fence.NONE;

  /**
   * @param capabilities of the store, by bucket; may fail as a store call does
   * @param abandoned told of uploads of our own that nobody will complete
   * @param attributes of every object
   * @param stores that markers of other routes and of earlier settings may name
   */
  public Transfers(
      Store store,
      Markers markers,
      Capabilities capabilities,
      Abandoned abandoned,
      TransferObserver observer,
      Limits limits,
      RecordingAttributes attributes,
      Clock clock,
      StoreDirectory stores) {
    this.stores = stores;
    this.attributes = attributes;
    this.store = store;
    this.markers = markers;
    this.capabilities = capabilities;
    this.abandoned = stores.in(store.name(), abandoned);
    this.observer = observer;
    this.limits = limits;
    this.clock = clock;
    AtomicInteger number = new AtomicInteger();
    this.partThreads =
        Executors.newFixedThreadPool(
            limits.partsAtOnce(),
            work -> {
              Thread thread = new Thread(work, "part-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Sends the recording, or finds that the store holds it already.
   *
   * @throws Failure of any class; {@link TransferStopped} when Reelway stops
   */
  public VerifiedObject transfer(MarkedRecording recording, TransferTarget target) {
    return transfer(
        recording,
        target,
        new TransferWork(
            store, markers, abandoned, observer, limits, attributes, partThreads, recording, target,
            Optional.empty(), inFlight, stop, stores, fence));
  }

  /** The same, for a recording that is told of. */
  public VerifiedObject transfer(MarkedRecording recording, TransferTarget target, TransferTerms told) {
    return transfer(
        recording,
        target,
        new TransferWork(
            store, told.markers(), abandoned, observer, limits, attributes, partThreads, recording, target,
            Optional.of(told), inFlight, stop, stores, Fence.NONE));
  }

  /** From now on transfers ask it. */
  public void ask(Fence asked) {
    fence = asked;
  }

  /** A write beside recordings failed: one that is refused for how it was made shows that the store is not what was found. */
  public void failed(String bucket, StoreFailure failure) {
    capabilities.failed(bucket, failure);
  }

  private VerifiedObject transfer(MarkedRecording recording, TransferTarget target, TransferWork work) {
    try {
      return work.run(capabilities, clock.instant());
    } catch (TransferStopped e) {
      throw e;
    } catch (EncryptionIgnored | OtherEtag e) {
      // The next try must find out with a few bytes, not with a whole recording.
      capabilities.doubt(target.bucket(), e.getMessage());
      throw e;
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new TransferStopped(e);
      }
      if (e instanceof StoreFailure failure) {
        capabilities.failed(target.bucket(), failure);
      }
      throw e;
    }
  }

  /**
   * An object that was verified before.
   *
   * @return empty when the store does not hold that very object any more
   */
  public Optional<VerifiedObject> again(VerifiedState before) {
    return new Verification(store).again(before);
  }

  /** The key of a recording below the target's prefix when nobody else has it. */
  public static String key(MarkedRecording recording, FileIdentity identity, String stream, TransferTarget target) {
    String id = RecordingId.of(recording.file(), identity);
    KeyTemplate.Values values =
        new KeyTemplate.Values(
            recording.path(), stream, Instant.ofEpochSecond(0, identity.modifiedNanos()), id);
    boolean raw = Recoveries.of(recording).filter(Recovery::isRaw).isPresent();
    return TransferWork.key(recording, target, values, raw);
  }

  /** Metadata of our own that tells of a recovered recording; empty for any other. */
  public static Map<String, String> recovered(MarkedRecording recording, String id, FileIdentity identity) {
    Map<String, String> all = new LinkedHashMap<>(metadata(id, identity.modifiedNanos(), Recoveries.of(recording)));
    all.keySet().removeAll(List.of(ID, MODIFIED));
    return all;
  }

  /**
   * From now on nothing is begun: requests under way are finished, failed ones are not repeated, and their transfers end
   * with {@link TransferStopped}; one whose bytes are all in the store is completed and verified first.
   */
  public void drain() {
    stop.give();
  }

  /** As {@link #drain}, until it is called with false: transfers that are tried again then go on where they were. */
  public void rest(boolean now) {
    stop.rest(now);
  }

  /** Ends what is under way; parts that the store has by then need not be sent again. */
  @Override
  public void close() {
    partThreads.shutdownNow();
  }

  /** Name of the metadata that holds the recording's id. */
  static final String ID = "reelway-id";
  /** Name of the metadata that says whether the bytes are a broken file's: {@code raw}. */
  static final String RECOVERED = "reelway-recovered";

  private static final String MODIFIED = "mtime";

  private static final int LONGEST_METADATA = 600;

  /** Metadata of every object: with it, an object leads back to the recording's story. */
  static Map<String, String> metadata(String id, long modifiedNanos, Optional<Recovery> recovery) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(ID, id);
    metadata.put(MODIFIED, Long.toString(modifiedNanos / 1_000_000_000L));
    recovery.ifPresent(
        found -> {
          metadata.put(RECOVERED, found.isRaw() ? "raw" : "true");
          metadata.put("reelway-recovered-from", shortened(found.from()));
          metadata.put("reelway-recovered-what", shortened(found.what()));
        });
    return metadata;
  }

  /** S3 takes 2 KB of metadata in all; a character that is not ASCII becomes up to nine. */
  private static String shortened(String text) {
    int length = 0;
    int at = 0;
    while (at < text.length() && length < LONGEST_METADATA) {
      length += text.codePointAt(at) < 0x80 ? 1 : 12;
      at += Character.charCount(text.codePointAt(at));
    }
    return text.substring(0, at);
  }
}
