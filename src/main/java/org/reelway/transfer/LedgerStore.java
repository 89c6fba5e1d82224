package org.reelway.transfer;

import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.reelway.state.UploadLedger;
import org.reelway.transfer.store.AbortRule;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Encryption;
import org.reelway.transfer.store.ListedObject;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;
import org.reelway.transfer.store.StoredPart;
import org.reelway.transfer.store.UnfinishedUpload;

/**
 * A store that keeps book of every multipart upload that is created through it, whoever asks for it. Uploads that nobody
 * knows of could never be told from other programs' uploads.
 */
public final class LedgerStore implements Store {
  private final Store store;
  private final UploadLedger ledger;

  public LedgerStore(Store store, UploadLedger ledger) {
    this.store = store;
    this.ledger = ledger;
  }

  /**
   * Intent, creation, id: a kill leaves either nothing in the store, or a row that tells of the upload. What comes next,
   * the marker, is written when the row is there.
   */
  @Override
  public String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind) {
    String intent = ledger.intended(address(), bucket, key, attributes.metadata().get(Transfers.ID));
    String uploadId;
    try {
      uploadId = store.createMultipart(bucket, key, attributes, kind);
    } catch (StoreFailure e) {
      if (!mayHaveCreated(e)) {
        ledger.withdrawn(intent);
      }
      throw e;
    }
    ledger.begun(intent, uploadId);
    return uploadId;
  }

  /** A server's error can come after the deed, as a gateway's does. */
  private static boolean mayHaveCreated(StoreFailure failure) {
    return failure.isAnswerLost() || failure.status() >= 500 || failure.status() == 200;
  }

  @Override
  public StoredObject completeMultipart(
      String bucket,
      String key,
      String uploadId,
      List<StoredPart> parts,
      Checksum fullObject,
      Precondition precondition) {
    StoredObject completed = store.completeMultipart(bucket, key, uploadId, parts, fullObject, precondition);
    ledger.ended(bucket, key, uploadId);
    return completed;
  }

  @Override
  public void abortMultipart(String bucket, String key, String uploadId) {
    store.abortMultipart(bucket, key, uploadId);
    ledger.ended(bucket, key, uploadId);
  }

  @Override
  public String address() {
    return store.address();
  }

  @Override
  public String address(String bucket, String key) {
    return store.address(bucket, key);
  }

  @Override
  public String name() {
    return store.name();
  }

  @Override
  public String setting(String word) {
    return store.setting(word);
  }

  @Override
  public Encryption encryption() {
    return store.encryption();
  }

  @Override
  public void headBucket(String bucket) {
    store.headBucket(bucket);
  }

  @Override
  public Optional<StoredObject> head(String bucket, String key) {
    return store.head(bucket, key);
  }

  @Override
  public boolean refusesChecksumsOfHead() {
    return store.refusesChecksumsOfHead();
  }

  @Override
  public StoredObject put(
      String bucket,
      String key,
      Body body,
      Checksum checksum,
      ObjectAttributes attributes,
      Precondition precondition,
      Sent sent) {
    return store.put(bucket, key, body, checksum, attributes, precondition, sent);
  }

  @Override
  public StoredPart uploadPart(
      String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent sent) {
    return store.uploadPart(bucket, key, uploadId, number, body, checksum, sent);
  }

  @Override
  public List<StoredPart> listParts(String bucket, String key, String uploadId) {
    return store.listParts(bucket, key, uploadId);
  }

  @Override
  public List<UnfinishedUpload> listUnfinished(String bucket, String prefix) {
    return store.listUnfinished(bucket, prefix);
  }

  @Override
  public void list(String bucket, String prefix, Consumer<ListedObject> each) {
    store.list(bucket, prefix, each);
  }

  @Override
  public List<AbortRule> abortRules(String bucket) {
    return store.abortRules(bucket);
  }

  @Override
  public void get(String bucket, String key, OutputStream to) {
    store.get(bucket, key, to);
  }

  @Override
  public void get(String bucket, String key, long offset, long length, OutputStream to) {
    store.get(bucket, key, offset, length, to);
  }

  @Override
  public void delete(String bucket, String key) {
    store.delete(bucket, key);
  }

  @Override
  public void close() {
    store.close();
  }
}
