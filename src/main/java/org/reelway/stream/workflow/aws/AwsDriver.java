package org.reelway.stream.workflow.aws;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.reelway.failure.Failure;
import org.reelway.stream.workflow.Reached;
import org.reelway.stream.workflow.StreamDriver;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.stream.workflow.aws.Templates.PackageTarget;

/**
 * Streams by AWS. All that is made carries the stream's tag and is looked for before it is made, so that what a crash left half
 * done is gone on with: nothing is made twice, and a delete leaves nothing.
 */
final class AwsDriver implements StreamDriver {
  private static final Duration AMISS_AGAIN = Duration.ofMinutes(1);

  private final AwsClients clients;
  private final AwsTerms terms;
  private final Packaging packaging;
  private final Ingest ingest;
  private final LiveChannel channel;
  private final PublicAddress address;
  private final Inventory inventory;

  AwsDriver(AwsTerms terms, AwsClients clients) {
    this.terms = terms;
    this.clients = clients;
    this.packaging = new Packaging(clients);
    this.ingest = new Ingest(clients, terms.securityGroup());
    this.channel = new LiveChannel(clients, terms.templates(), terms.role());
    this.address = new PublicAddress(clients, terms.templates(), terms.distribution());
    this.inventory = new Inventory(clients);
  }

  @Override
  public String name() {
    return "aws";
  }

  /** Nothing comes from AWS by itself: states are asked for. */
  @Override
  public void begin(Consumer<String> wake) {}

  @Override
  public Reached reconcile(WantedStream stream, StreamFacts facts) {
    return stream.wanted() == Wanted.DELETED ? delete(stream, facts) : keep(stream, facts);
  }

  private Reached keep(WantedStream stream, StreamFacts facts) {
    if (!channel.isKnown(facts)) {
      List<PackageTarget> targets = packaging.make(stream, facts);
      Optional<Reached> waiting = ingest.make(stream, facts);
      if (waiting.isPresent()) {
        return waiting.get();
      }
      channel.make(stream, facts, targets, terms.bucket());
    }
    if (stream.wanted() == Wanted.STARTED) {
      packaging.adjust(stream, facts);
    }
    Reached reached = channel.bring(stream, facts);
    Optional<Failure> amiss = failure(() -> address.bring(stream, facts));
    return reached.isDone() && amiss.isPresent() ? Reached.doneBut(AMISS_AGAIN, amiss.get().getMessage()) : reached;
  }

  /** Of the public address: it holds up no session, and no end of one. */
  private static Optional<Failure> failure(Runnable step) {
    try {
      step.run();
      return Optional.empty();
    } catch (Failure e) {
      return Optional.of(e);
    }
  }

  /** From the public address back to the ingest: what feeds something goes before it. */
  private Reached delete(WantedStream stream, StreamFacts facts) {
    Optional<Failure> amiss = failure(() -> address.off(stream, facts));
    Optional<Reached> waiting = channel.delete(stream, facts).or(() -> ingest.delete(stream, facts));
    if (waiting.isPresent()) {
      return waiting.get();
    }
    packaging.delete(stream, facts);
    if (amiss.isPresent()) {
      throw amiss.get();
    }
    address.forget(facts);
    return Reached.done();
  }

  @Override
  public List<RunningCost> costs(Function<String, Optional<Wanted>> wanted) {
    return inventory.costs(wanted);
  }

  /** Sessions run on at AWS. */
  @Override
  public void close() {
    clients.close();
  }
}
