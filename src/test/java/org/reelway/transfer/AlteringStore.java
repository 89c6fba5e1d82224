package org.reelway.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.reelway.testkit.ForwardingStore;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;
import org.reelway.transfer.store.StoredPart;

/** A real store whose answers get lost or altered on their way. */
final class AlteringStore extends ForwardingStore {
  static final Supplier<StoreFailure> RESET = () -> new StoreFailure(0, "ConnectionReset", "the answer was lost", null);

  final List<String> calls = new ArrayList<>();
  int lostPuts;
  int lostCompletes;
  Function<Integer, StoreFailure> failPart = number -> null;
  Runnable beforeComplete = () -> {};
  UnaryOperator<Body> altered = body -> body;
  UnaryOperator<StoredObject> headAnswer = object -> object;

  AlteringStore(Store real) {
    super(real);
  }

  private synchronized void called(String call) {
    calls.add(call);
  }

  synchronized long count(String call) {
    return calls.stream().filter(call::equals).count();
  }

  @Override
  public Optional<StoredObject> head(String bucket, String key) {
    called("head");
    return real.head(bucket, key).map(headAnswer);
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
    called("put");
    StoredObject answer = real.put(bucket, key, altered.apply(body), checksum, attributes, precondition, sent);
    if (lostPuts-- > 0) {
      throw RESET.get();
    }
    return answer;
  }

  @Override
  public String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind) {
    called("create");
    return real.createMultipart(bucket, key, attributes, kind);
  }

  @Override
  public StoredPart uploadPart(
      String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent sent) {
    called("part");
    StoreFailure failure = failPart.apply(number);
    if (failure != null) {
      throw failure;
    }
    return real.uploadPart(bucket, key, uploadId, number, altered.apply(body), checksum, sent);
  }

  @Override
  public List<StoredPart> listParts(String bucket, String key, String uploadId) {
    called("list");
    return real.listParts(bucket, key, uploadId);
  }

  @Override
  public StoredObject completeMultipart(
      String bucket, String key, String uploadId, List<StoredPart> parts, Checksum full, Precondition precondition) {
    called("complete");
    beforeComplete.run();
    StoredObject answer = real.completeMultipart(bucket, key, uploadId, parts, full, precondition);
    if (lostCompletes-- > 0) {
      throw RESET.get();
    }
    return answer;
  }

  @Override
  public void abortMultipart(String bucket, String key, String uploadId) {
    called("abort");
    real.abortMultipart(bucket, key, uploadId);
  }
}
