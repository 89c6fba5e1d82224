package org.reelway.conference.farm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.reelway.conference.mixer.MixOrder;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.RecordingId;
import org.reelway.state.Leases;
import org.reelway.state.MixOrderRow;
import org.reelway.state.MixOrders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders mixes of the farm, and hands out those that wait for a worker. Safe for several threads. */
public final class FarmOrders implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FarmOrders.class);
  private static final String TURN = "mixes/hand-out";
  /** Others ask every five seconds, and have it before this one does. */
  private static final Duration OTHERS_TURN = Duration.ofSeconds(10);
  private static final int MOST_SAID = 10;

  private final MixOrders orders;
  private final Leases leases;
  private final Function<Path, Path> relative;
  private final IntSupplier idle;
  private final Duration remembered;
  private volatile long waits = System.nanoTime();

  /**
   * @param relative path of a recording in its recordings folder; throws {@link InputFailure} where it is in none
   * @param idle mixes that this sidecar could begin at once
   * @param remembered how long those that have ended are known
   */
  public FarmOrders(MixOrders orders, Leases leases, Function<Path, Path> relative, IntSupplier idle, Duration remembered) {
    this.orders = orders;
    this.leases = leases;
    this.relative = relative;
    this.idle = idle;
    this.remembered = remembered;
  }

  /**
   * Has the recording mixed once it is in the store. One recording has one mix, however often it is ordered.
   *
   * @param again whether one that failed or was cancelled is tried again
   * @return the order's id, which is the recording's
   */
  public String add(MixOrder order, boolean again) {
    try {
      Path file = order.recording().toAbsolutePath();
      Path real = file.getParent().toRealPath().resolve(file.getFileName());
      FileIdentity identity = FileIdentity.of(real);
      String id = RecordingId.of(real, identity);
      orders.add(
          MixOrderRow.of(
              id, leases.node(), relative.apply(real).toString(), identity.text(), order.recorderUri(), order.created().toEpochMilli(),
              order.length().toMillis(), identity.size()),
          again);
      return id;
    } catch (IOException e) {
      throw new OurFailure("a mix of " + order.recording() + " cannot be ordered: " + e, e);
    }
  }

  /**
   * One sidecar at a time looks for all which mixes a worker is to make, and puts them into the queue. It passes where the queue cannot be
   * reached from here, and another one takes its turn.
   */
  public boolean isTurn() {
    return System.nanoTime() - waits >= 0 && leases.ask(TURN).isPresent();
  }

  private void pass(Duration wait) {
    waits = System.nanoTime() + wait.toNanos();
    leases.trusted(TURN).ifPresent(leases::release);
  }

  /** Orders whose recording is in the store by now become work. */
  public void look() {
    orders.look();
  }

  /**
   * Hands out what waits for a worker, also what a worker left that is gone, and what failed. What cannot be taken comes again.
   *
   * @param queue returns once the order is in the queue, or among the dead letters
   */
  public void handOut(Consumer<MixOrderRow> queue) {
    queue(orders.due(), queue);
    for (MixOrderRow failed : orders.untold()) {
      give(failed, queue);
      orders.told(failed);
    }
  }

  /** Orders whose message was lost, as far as this sidecar could begin them at once. */
  public void handOutLost(Consumer<MixOrderRow> queue) {
    int room = idle.getAsInt();
    if (room > 0) {
      queue(orders.lost(room), queue);
    }
  }

  private void queue(List<MixOrderRow> due, Consumer<MixOrderRow> queue) {
    for (int i = 0; i < due.size(); i++) {
      try {
        give(due.get(i), queue);
      } catch (RuntimeException e) {
        due.subList(i, due.size()).forEach(row -> orders.notQueued(row.id()));
        throw e;
      }
    }
  }

  private void give(MixOrderRow row, Consumer<MixOrderRow> queue) {
    try {
      queue.accept(row);
    } catch (RuntimeException e) {
      pass(OTHERS_TURN);
      throw e;
    }
  }

  /** Those that ended long ago. */
  public void forget() {
    List<MixOrderRow> never = orders.forget(remembered);
    if (!never.isEmpty()) {
      LOG.warn("{} mixes that failed or were cancelled more than {} days ago are forgotten, of which {}", never.size(),
          remembered.toDays(), never.stream().limit(MOST_SAID).map(row -> row.path() + " " + row.state().word()).toList());
    }
  }

  /** This sidecar ends, and another one takes its turn. */
  @Override
  public void close() {
    pass(Duration.ofDays(1));
  }
}
