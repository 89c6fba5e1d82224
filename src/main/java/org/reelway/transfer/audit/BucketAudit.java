package org.reelway.transfer.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.reelway.failure.DestinationFailure;
import org.reelway.state.ManifestRecords;
import org.reelway.state.VerifiedRecordings;
import org.reelway.transfer.audit.AuditIndex.Present;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ListedObject;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;

/**
 * Compares what is in a bucket with what the state and the manifests in it say. Writes nothing anywhere but for a
 * temporary file, and may run beside a sidecar: whatever looks wrong is looked at again before it is told.
 */
public final class BucketAudit {
  private static final int MANIFESTS_AT_ONCE = 256;
  private static final String ID = "reelway-id";

  private final Store store;
  private final String bucket;
  private final String prefix;
  private final ManifestFormat format;
  private final Optional<VerifiedRecordings> state;
  private final Optional<ManifestRecords> stateManifests;
  private final boolean deep;

  /**
   * @param prefix of the keys, as it is
   * @param state empty where it was lost
   * @param stateManifests empty where the state was lost, or is older than manifests
   * @param deep whether every expected object is read and its digests are compared
   */
  public BucketAudit(
      Store store,
      String bucket,
      String prefix,
      ManifestFormat format,
      Optional<VerifiedRecordings> state,
      Optional<ManifestRecords> stateManifests,
      boolean deep) {
    this.store = store;
    this.bucket = bucket;
    this.prefix = prefix;
    this.format = format;
    this.state = state;
    this.stateManifests = stateManifests;
    this.deep = deep;
  }

  /**
   * @param tell told of each finding as it is found
   * @throws DestinationFailure when the bucket cannot be listed or an object not be looked at
   */
  public AuditReport run(Consumer<Finding> tell) throws InterruptedException {
    try (AuditIndex index = AuditIndex.open()) {
      return new Run(index, tell).run();
    }
  }

  private final class Run {
    private final AuditIndex index;
    private final Consumer<Finding> tell;
    private long byState;
    private long manifests;
    private long rewritten;
    private long forgotten;
    private long readBytes;
    private long unread;
    private long findings;

    Run(AuditIndex index, Consumer<Finding> tell) {
      this.index = index;
      this.tell = tell;
    }

    AuditReport run() throws InterruptedException {
      expectByState();
      list();
      if (index.expected() > 0) {
        index.missing(this::missing);
        index.present(this::present);
        index.manifests(this::manifest);
        index.unknown(this::unknown);
      }
      return new AuditReport(
          index.listed(), index.expected(), byState, manifests, rewritten, forgotten, readBytes, unread, findings);
    }

    private void found(Finding.Kind kind, String key, String recordingId, String what) {
      findings++;
      tell.accept(new Finding(kind, key, recordingId, what));
    }

    private void expectByState() {
      state.ifPresent(
          recordings ->
              recordings.each(
                  bucket,
                  prefix,
                  one -> {
                    index.expect(
                        new Expected(one.key(), one.id(), one.size(), one.etag(), Digests.of(one.evidence()), one.at()));
                    byState++;
                  }));
      stateManifests.ifPresent(
          written ->
              written.each(
                  bucket,
                  state.map(VerifiedRecordings::store).orElse(null),
                  one -> {
                    if (one.key().startsWith(prefix)) {
                      index.expectManifest(one);
                    }
                  }));
    }

    private void list() throws InterruptedException {
      List<ListedObject> waiting = new ArrayList<>();
      try (ManifestReader reader = new ManifestReader(store, bucket, format)) {
        store.list(
            bucket,
            prefix,
            object -> {
              index.listed(object);
              if (object.key().endsWith(ManifestKey.SUFFIX)) {
                waiting.add(object);
              }
              if (waiting.size() == MANIFESTS_AT_ONCE) {
                readManifests(reader, waiting);
              }
            });
        readManifests(reader, waiting);
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }

    private void readManifests(ManifestReader reader, List<ListedObject> waiting) {
      try {
        reader.read(waiting).forEach(this::take);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DestinationFailure("the audit was interrupted", e);
      }
      waiting.clear();
    }

    private void take(ManifestReader.Read read) {
      if (read.manifest() == null) {
        // Whether somebody put it there or altered it, it is not what was written.
        index.isManifest(read.key(), false);
        found(Finding.Kind.ALTERED, read.key(), null, "the manifest cannot be used: " + read.problem());
        return;
      }
      for (Manifest.StoredFile file : read.manifest().files()) {
        for (Manifest.Place place : file.places()) {
          if (bucket.equals(place.bucket()) && read.key().equals(ManifestKey.of(String.valueOf(place.key())))) {
            manifests++;
            index.isManifest(read.key(), true);
            expect(read.manifest(), file, place);
          }
        }
      }
    }

    private void expect(Manifest manifest, Manifest.StoredFile file, Manifest.Place place) {
      if (place.key().startsWith(prefix)) {
        index.expect(
            new Expected(
                place.key(),
                manifest.recording().id(),
                file.bytes(),
                place.etag(),
                file.checksums(),
                manifest.times().verified()));
      }
    }

    /** It may have come since the listing passed its place. */
    private void missing(Expected object) {
      Optional<StoredObject> now = store.head(bucket, object.key());
      if (now.isEmpty()) {
        found(
            Finding.Kind.MISSING,
            object.key(),
            object.recordingId(),
            object.size() + " bytes, verified " + object.verified() + ", are not there");
      } else {
        compare(object, now.get());
      }
    }

    private void present(Present object) {
      Expected expected = object.expected();
      boolean same = object.size() == expected.size() && object.etag().equals(expected.etag());
      boolean well = same || store.head(bucket, expected.key()).map(now -> compare(expected, now)).orElse(true);
      if (well && deep) {
        read(expected);
      }
    }

    /** @return whether it holds the bytes that were verified, as far as the store tells */
    private boolean compare(Expected expected, StoredObject now) {
      if (now.size() != expected.size()) {
        altered(expected, "it has " + now.size() + " bytes, verified were " + expected.size());
        return false;
      }
      if (now.etag().equals(expected.etag())) {
        return true;
      }
      // Copies within the store and new keys of encryption change the ETag and not the bytes.
      for (Map.Entry<ChecksumKind, String> shown : now.checksums().entrySet()) {
        String word = shown.getKey().name().toLowerCase(Locale.ROOT);
        String known = expected.digests().get(word);
        if (known != null && known.equals(shown.getValue())) {
          rewritten++;
          return true;
        }
        if (known != null) {
          altered(expected, "its " + word + " is " + shown.getValue() + ", verified was " + known);
          return false;
        }
      }
      altered(expected, "its ETag is " + now.etag() + ", verified was " + expected.etag());
      return false;
    }

    private void altered(Expected expected, String what) {
      found(Finding.Kind.ALTERED, expected.key(), expected.recordingId(), what);
    }

    private void read(Expected expected) {
      Digests digests = new Digests(expected.digests().keySet());
      if (expected.digests().isEmpty()) {
        unread++;
        return;
      }
      store.get(bucket, expected.key(), digests);
      readBytes += digests.length();
      digests.values().entrySet().stream()
          .filter(digest -> !digest.getValue().equals(expected.digests().get(digest.getKey())))
          .findFirst()
          .ifPresent(
              digest ->
                  altered(
                      expected,
                      "its bytes have the " + digest.getKey() + " " + digest.getValue() + ", verified was "
                          + expected.digests().get(digest.getKey())));
    }

    private void manifest(AuditIndex.WrittenManifest manifest) {
      Optional<StoredObject> now = store.head(bucket, manifest.key());
      if (now.isEmpty()) {
        found(
            Finding.Kind.MANIFEST_MISSING, manifest.key(), manifest.recordingId(), "it was written and is not there");
      } else if (!now.get().etag().equals(manifest.etag()) || now.get().size() != manifest.size()) {
        found(
            Finding.Kind.ALTERED,
            manifest.key(),
            manifest.recordingId(),
            "the manifest is not the one that was written: " + now.get().size() + " bytes with ETag "
                + now.get().etag() + ", written were " + manifest.size() + " with " + manifest.etag());
      }
    }

    /** One that carries a recording's id was sent by Reelway: too new for the state, or forgotten by it. */
    private void unknown(String key) {
      Optional<StoredObject> now = store.head(bucket, key);
      if (now.isEmpty()) {
        return;
      }
      if (now.get().metadata().containsKey(ID)) {
        forgotten++;
      } else {
        found(Finding.Kind.UNKNOWN, key, null, now.get().size() + " bytes that nobody here knows of");
      }
    }
  }
}
