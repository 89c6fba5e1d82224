package org.reelway.transfer;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.reelway.recording.MarkedRecording;

/** One try of one transfer as it can be watched; written by the transfer, read by anybody. */
public final class TransferProgress {
  private final String id;
  private final MarkedRecording recording;
  private final Instant startedAt;
  private final RateMeter rate = new RateMeter(System::nanoTime);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong stored = new AtomicLong();
  private final AtomicLong inFlight = new AtomicLong();
  private final AtomicLong retries = new AtomicLong();
  private volatile TransferState state = TransferState.PREPARING;
  private volatile String bucket = "";
  private volatile String key = "";
  private volatile long size;
  private volatile int partsTotal = 1;
  private volatile int partsDone;
  private volatile int partsResumed;
  private volatile String lastError = "";

  TransferProgress(String id, MarkedRecording recording, long size, Instant startedAt) {
    this.id = id;
    this.recording = recording;
    this.size = size;
    this.startedAt = startedAt;
  }

  /** The recording's id, the same on every try. */
  public String id() {
    return id;
  }

  public MarkedRecording recording() {
    return recording;
  }

  public Instant startedAt() {
    return startedAt;
  }

  public TransferState state() {
    return state;
  }

  public String bucket() {
    return bucket;
  }

  /** Empty until it is chosen. */
  public String key() {
    return key;
  }

  /** Bytes of the file. */
  public long size() {
    return size;
  }

  /** Bytes that the store holds or that are on their way in this moment. */
  public long bytesDone() {
    return Math.min(size, stored.get() + inFlight.get());
  }

  /** Body bytes that went out in this try, repeated ones included. */
  public long bytesSent() {
    return sent.get();
  }

  /** 1 for a single put. */
  public int partsTotal() {
    return partsTotal;
  }

  public int partsDone() {
    return partsDone;
  }

  /** Parts that the store held already, from before a restart or an earlier try. */
  public int partsResumed() {
    return partsResumed;
  }

  /** Requests that were repeated in this try. */
  public long retries() {
    return retries.get();
  }

  public long bytesPerSecond() {
    return rate.bytesPerSecond();
  }

  /** Empty where nothing went wrong. */
  public String lastError() {
    return lastError;
  }

  void state(TransferState now) {
    state = now;
  }

  void placed(String bucketName, String objectKey) {
    bucket = bucketName;
    key = objectKey;
  }

  void planned(int parts) {
    partsTotal = Math.max(1, parts);
    partsDone = 0;
    partsResumed = 0;
    stored.set(0);
    inFlight.set(0);
  }

  void bytesGone(long bytes) {
    sent.addAndGet(bytes);
    inFlight.addAndGet(bytes);
    rate.add(bytes);
  }

  /** The bytes of a try that failed count as not done again. */
  void takeBack(long bytes) {
    inFlight.addAndGet(-bytes);
  }

  synchronized void partStored(long bytesGone, long length) {
    inFlight.addAndGet(-bytesGone);
    stored.addAndGet(length);
    partsDone++;
  }

  synchronized void partResumed(long length) {
    stored.addAndGet(length);
    partsDone++;
    partsResumed++;
  }

  void retried(String error) {
    retries.incrementAndGet();
    lastError = error;
  }

  void failed(String error) {
    lastError = error;
    state = TransferState.FAILED;
  }
}
