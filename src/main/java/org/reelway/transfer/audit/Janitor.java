package org.reelway.transfer.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.reelway.state.BegunUploads;
import org.reelway.transfer.UploadPresence;
import org.reelway.transfer.audit.UploadFinding.Kind;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.UnfinishedUpload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts old unfinished uploads of our own, and of nobody else: only those whose very id the state has. The bucket's
 * list is read to tell people of the others, never to find something to abort.
 */
public final class Janitor {
  private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);
  /** A store's clock may differ, and a request may be under way for long. */
  private static final Duration SAME_INSTANT = Duration.ofMinutes(15);

  private final Store store;
  private final String bucket;
  private final String prefix;
  private final BegunUploads uploads;
  private final LivingMarkers markers;
  private final Duration after;
  private final Clock clock;
  private final Predicate<BegunUploads.Upload> own;

  /**
   * @param prefix that all of our keys start with
   * @param after the age from which an upload counts as old
   */
  public Janitor(
      Store store,
      String bucket,
      String prefix,
      BegunUploads uploads,
      LivingMarkers markers,
      Duration after,
      Clock clock) {
    this(store, bucket, prefix, uploads, markers, after, clock, every -> true);
  }

  /** @param own which of the uploads that the state has are this store's to tell of: each is told once */
  public Janitor(
      Store store,
      String bucket,
      String prefix,
      BegunUploads uploads,
      LivingMarkers markers,
      Duration after,
      Clock clock,
      Predicate<BegunUploads.Upload> own) {
    this.own = own;
    this.store = store;
    this.bucket = bucket;
    this.prefix = prefix;
    this.uploads = uploads;
    this.markers = markers;
    this.after = after;
    this.clock = clock;
  }

  /** @param dryRun whether nothing is aborted or forgotten, only told */
  public JanitorReport work(boolean dryRun) {
    List<UploadFinding> found = new ArrayList<>();
    List<BegunUploads.Upload> intents = new ArrayList<>();
    Set<String> ours = new HashSet<>();
    LivingMarkers.Look living = markers.look();
    uploads.all().stream().filter(upload -> upload.uploadId() != null).forEach(upload -> ours.add(upload.uploadId()));
    for (BegunUploads.Upload upload : uploads.stale(after).stream().filter(own).toList()) {
      if (upload.uploadId() == null) {
        intents.add(upload);
      } else {
        found.add(ours(upload, living, dryRun));
      }
    }
    String notListed = null;
    try {
      List<UnfinishedUpload> listed = store.listUnfinished(bucket, prefix);
      others(listed, ours, intents, living, found);
      if (!dryRun) {
        forget(intents, listed);
      }
    } catch (StoreFailure e) {
      notListed = e.getMessage();
    }
    return new JanitorReport(clock.instant(), List.copyOf(found), Lifecycle.of(store, bucket, prefix), notListed);
  }

  private UploadFinding ours(BegunUploads.Upload upload, LivingMarkers.Look living, boolean dryRun) {
    if (!upload.store().equals(store.address())) {
      return finding(Kind.KEPT, upload, "it is in another store, " + upload.store());
    }
    Optional<String> kept = living.whyKept(upload);
    if (kept.isPresent()) {
      return finding(Kind.KEPT, upload, kept.get());
    }
    if (dryRun) {
      return finding(Kind.STALE, upload, "no marker goes on with it");
    }
    try {
      new UploadPresence(store, upload.bucket(), upload.key(), upload.uploadId()).abort();
      uploads.forget(upload);
      LOG.info(
          "aborted our unfinished upload of {}/{} from {}: no marker goes on with it",
          upload.bucket(), upload.key(), upload.at());
      return finding(Kind.ABORTED, upload, "no marker goes on with it");
    } catch (StoreFailure e) {
      return finding(Kind.FAILED, upload, e.getMessage());
    }
  }

  private static UploadFinding finding(Kind kind, BegunUploads.Upload upload, String why) {
    return new UploadFinding(
        kind, upload.bucket(), upload.key(), upload.uploadId(), upload.recordingId(), upload.at(), why);
  }

  private void others(
      List<UnfinishedUpload> listed,
      Set<String> ours,
      List<BegunUploads.Upload> intents,
      LivingMarkers.Look living,
      List<UploadFinding> found) {
    Instant old = clock.instant().minus(after);
    for (UnfinishedUpload upload : listed) {
      if (ours.contains(upload.uploadId()) || upload.initiated() == null || upload.initiated().isAfter(old)) {
        continue;
      }
      BegunUploads.Upload unnamed =
          new BegunUploads.Upload(
              null, store.address(), bucket, upload.key(), upload.uploadId(), null, upload.initiated());
      Optional<String> kept = living.whyKept(unnamed);
      Optional<BegunUploads.Upload> intent =
          intents.stream().filter(one -> mayBe(one, upload)).findFirst();
      if (kept.isPresent()) {
        found.add(finding(Kind.KEPT, unnamed, kept.get()));
      } else if (intent.isPresent()) {
        found.add(finding(Kind.PROBABLY_OURS, unnamed, "we asked for an upload then and there, and the answer never"
            + " came; to abort it: " + command(upload)));
      } else {
        found.add(finding(Kind.UNKNOWN, unnamed, "nothing here tells whose it is; it is left alone"));
      }
    }
  }

  private boolean mayBe(BegunUploads.Upload intent, UnfinishedUpload upload) {
    return intent.store().equals(store.address())
        && intent.bucket().equals(bucket)
        && intent.key().equals(upload.key())
        && Duration.between(intent.at(), upload.initiated()).abs().compareTo(SAME_INSTANT) <= 0;
  }

  private String command(UnfinishedUpload upload) {
    return "aws s3api abort-multipart-upload --endpoint-url " + store.address() + " --bucket " + bucket + " --key "
        + quoted(upload.key()) + " --upload-id " + quoted(upload.uploadId());
  }

  /** For a shell; keys are anybody's. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** An intent of which the bucket shows nothing led to nothing, or to what others have aborted. */
  private void forget(List<BegunUploads.Upload> intents, List<UnfinishedUpload> listed) {
    for (BegunUploads.Upload intent : intents) {
      boolean here = intent.store().equals(store.address()) && intent.bucket().equals(bucket);
      if (here && intent.key().startsWith(prefix) && listed.stream().noneMatch(upload -> mayBe(intent, upload))) {
        uploads.forget(intent);
      }
    }
  }
}
