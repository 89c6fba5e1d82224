package org.reelway.transfer.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import org.reelway.failure.FailureClass;
import org.reelway.transfer.TransferObserver;
import org.reelway.transfer.TransferProgress;
import org.reelway.transfer.VerifiedObject;

/** Counts transfers for Prometheus. Every label's value is from a short fixed list. */
public final class TransferMetrics implements TransferObserver {
  private final MeterRegistry registry;
  private final Clock clock;
  private final Counter bytes;
  private final Counter parts;
  private final Counter resumedParts;
  private final Counter verified;
  private final Counter verifiedBytes;
  private final Timer duration;

  public TransferMetrics(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
    this.bytes = counter("reelway.transfer.bytes", "Body bytes sent to the store, repeated ones included");
    this.parts = counter("reelway.transfer.parts", "Parts and single puts that the store took");
    this.resumedParts =
        counter("reelway.transfer.parts.resumed", "Parts that the store held from before and that were not sent again");
    this.verified = counter("reelway.recordings.verified", "Recordings that are verified objects");
    this.verifiedBytes = counter("reelway.recordings.verified.bytes", "Bytes of recordings that are verified objects");
    this.duration =
        Timer.builder("reelway.transfer.duration")
            .description("Time of a transfer's last try, from its begin to verified")
            .publishPercentileHistogram(false)
            .register(registry);
    for (FailureClass failureClass : FailureClass.values()) {
      retries(failureClass);
      failed(failureClass);
    }
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private Counter retries(FailureClass failureClass) {
    return Counter.builder("reelway.transfer.retries")
        .description("Requests that were repeated, by whose fault it was")
        .tag("class", failureClass.word())
        .register(registry);
  }

  private Counter failed(FailureClass failureClass) {
    return Counter.builder("reelway.transfers.failed")
        .description("Tries of a recording that came to nothing, by whose fault it was")
        .tag("class", failureClass.word())
        .register(registry);
  }

  @Override
  public void bytesSent(TransferProgress transfer, long count) {
    bytes.increment(count);
  }

  @Override
  public void partStored(TransferProgress transfer, Part part) {
    parts.increment();
  }

  @Override
  public void retried(TransferProgress transfer, FailureClass failureClass, String error) {
    retries(failureClass).increment();
  }

  @Override
  public void failed(TransferProgress transfer, FailureClass failureClass, String error) {
    failed(failureClass).increment();
  }

  @Override
  public void verified(TransferProgress transfer, VerifiedObject object) {
    verified.increment();
    verifiedBytes.increment(object.file().size());
    resumedParts.increment(transfer.partsResumed());
    duration.record(Duration.between(transfer.startedAt(), clock.instant()));
  }
}
