package org.reelway.transfer.habits;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.UUID;
import org.reelway.failure.DestinationFailure;
import org.reelway.transfer.ObjectKey;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.StoreProbe;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.StoreFailure;

/**
 * Asks a store for all of its habits. {@link StoreProbe} decides what transfers use, and is a part of this; here is
 * what a user can keep, compare, and send to the store's makers. Everything is below
 * {@code <prefix>.reelway-probe/<a name that nobody knows>/}, and goes away again.
 */
public final class StoreHabits {
  private final S3Store store;
  private final String bucket;
  private final String folder;
  private final Start start;
  private final Clock clock;

  /** The start's probe, with the settings of this program, below the prefix given. */
  @FunctionalInterface
  public interface Start {
    StoreProbe below(String prefix);
  }

  public StoreHabits(S3Store store, String bucket, String prefix, Start start, Clock clock) {
    this.store = store;
    this.bucket = bucket;
    String key = ObjectKey.of(prefix, ".reelway-probe/" + UUID.randomUUID() + "/x").value();
    this.folder = key.substring(0, key.length() - 1);
    this.start = start;
    this.clock = clock;
  }

  /**
   * @param left what could not be removed from the bucket, in words
   */
  public record Found(HabitsFile file, List<String> left) {}

  /**
   * @param tool this program's version
   * @throws DestinationFailure when the store is away or takes no object: then nothing is known of it. What could not
   *     be removed is in its suppressed ones
   */
  public Found find(String tool) {
    Instant began = clock.instant();
    Asking asking = new Asking(store.questions(), bucket, folder);
    requireBucket();
    try {
      requireThatItTakesObjects(asking);
      new BucketHabits(asking, store, bucket).look();
      new ObjectHabits(asking).look();
      new ConditionHabits(asking).look();
      new ChecksumHabits(asking).look();
      new MultipartHabits(asking).look();
      uses(asking, start.below(folder).run().capabilities());
    } catch (RuntimeException e) {
      boolean refusedAtOnce = asking.requests() == 0 && e instanceof StoreFailure first && first.status() != 0;
      if (!refusedAtOnce) {
        new Leftovers(asking).remove().forEach(left -> e.addSuppressed(new DestinationFailure(left)));
      }
      throw e;
    }
    List<String> left = new Leftovers(asking).remove();
    return new Found(new HabitsFile(header(asking, began, tool), new TreeMap<>(asking.found())), left);
  }

  /** By the calls that transfers make: they say best what is wrong, and learn the bucket's region and the time. */
  private void requireBucket() {
    try {
      store.headBucket(bucket);
    } catch (StoreFailure e) {
      if (e.status() != 403) {
        throw e;
      }
    }
  }

  private void requireThatItTakesObjects(Asking asking) {
    String key = asking.key("first");
    asking.willWrite(key);
    Body.Bytes body = new Body.Bytes("reelway probe\n".getBytes(StandardCharsets.US_ASCII));
    store.put(bucket, key, body, null, ObjectAttributes.NONE, Precondition.NONE, Sent.NOBODY);
  }

  /** What transfers make of it, with the settings of now. */
  private void uses(Asking asking, StoreCapabilities used) {
    asking.found("reelway.sends-recordings", used == null ? "no: reelway check tells why" : "yes");
    if (used != null) {
      asking.found("reelway.uses.checksum.put", used.checksum().name().toLowerCase(Locale.ROOT));
      asking.found("reelway.uses.checksum.part", used.upload().part().name().toLowerCase(Locale.ROOT));
      asking.found("reelway.uses.checksum.create", yes(used.upload().declared()));
      asking.found("reelway.uses.checksum.complete", yes(used.upload().whole()));
      asking.found("reelway.uses.checksum.head", yes(!store.refusesChecksumsOfHead()));
      asking.found("reelway.uses.put-if-absent", yes(used.putIfAbsent()));
      asking.found("reelway.uses.complete-if-absent", yes(used.completeIfAbsent()));
      asking.found("reelway.uses.put-if-match", yes(used.putIfMatch()));
      asking.found("reelway.uses.complete-if-match", yes(used.completeIfMatch()));
    }
  }

  private static String yes(boolean word) {
    return word ? "yes" : "no";
  }

  private TreeMap<String, String> header(Asking asking, Instant began, String tool) {
    TreeMap<String, String> header = new TreeMap<>();
    header.put("bucket", bucket);
    header.put("probed", began.truncatedTo(ChronoUnit.SECONDS).toString());
    header.put("requests", Integer.toString(asking.requests()));
    header.put("retryAfter", asking.retryAfter().isEmpty() ? "not seen" : String.join(", ", asking.retryAfter()));
    header.put("store", store.address());
    header.put("tookMillis", Long.toString(Duration.between(began, clock.instant()).toMillis()));
    header.put("tool", tool);
    return header;
  }
}
