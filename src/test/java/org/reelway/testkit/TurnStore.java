package org.reelway.testkit;

import java.util.List;
import java.util.Optional;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;
import org.reelway.transfer.store.StoredPart;

/** A real store whose every call waits for its writer's turn; as one without conditions, it ignores them. */
public final class TurnStore extends ForwardingStore {
  private final Turns turns;
  private final int writer;
  private final boolean conditions;

  public TurnStore(Store real, Turns turns, int writer, boolean conditions) {
    super(real);
    this.turns = turns;
    this.writer = writer;
    this.conditions = conditions;
  }

  private Precondition taken(Precondition precondition) {
    return conditions ? precondition : Precondition.NONE;
  }

  @Override
  public Optional<StoredObject> head(String bucket, String key) {
    turns.next(writer);
    return super.head(bucket, key);
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
    turns.next(writer);
    return super.put(bucket, key, body, checksum, attributes, taken(precondition), sent);
  }

  @Override
  public String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind) {
    turns.next(writer);
    return super.createMultipart(bucket, key, attributes, kind);
  }

  @Override
  public StoredPart uploadPart(
      String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent sent) {
    turns.next(writer);
    return super.uploadPart(bucket, key, uploadId, number, body, checksum, sent);
  }

  @Override
  public List<StoredPart> listParts(String bucket, String key, String uploadId) {
    turns.next(writer);
    return super.listParts(bucket, key, uploadId);
  }

  @Override
  public StoredObject completeMultipart(
      String bucket, String key, String uploadId, List<StoredPart> parts, Checksum full, Precondition precondition) {
    turns.next(writer);
    return super.completeMultipart(bucket, key, uploadId, parts, full, taken(precondition));
  }

  @Override
  public void abortMultipart(String bucket, String key, String uploadId) {
    turns.next(writer);
    super.abortMultipart(bucket, key, uploadId);
  }
}
