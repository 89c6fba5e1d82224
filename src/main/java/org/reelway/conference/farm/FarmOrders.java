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
import org.reelway.state.MixOrderRow;
import org.reelway.state.MixOrders;

/** Orders mixes of the farm, and hands out those that wait for a worker. */
public final class FarmOrders {
  private final MixOrders orders;
  private final String node;
  private final Function<Path, Path> relative;
  private final IntSupplier idle;
  private final Duration remembered;

  /**
   * @param node of this sidecar
   * @param relative path of a recording in its recordings folder; throws {@link InputFailure} where it is in none
   * @param idle mixes that this sidecar could begin at once
   * @param remembered how long those that are done are known
   */
  public FarmOrders(MixOrders orders, String node, Function<Path, Path> relative, IntSupplier idle, Duration remembered) {
    this.orders = orders;
    this.node = node;
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
              id, node, relative.apply(real).toString(), identity.text(), order.recorderUri(), order.created().toEpochMilli(),
              order.length().toMillis(), identity.size()),
          again);
      return id;
    } catch (IOException e) {
      throw new OurFailure("a mix of " + order.recording() + " cannot be ordered: " + e, e);
    }
  }

  /** Orders whose recording is in the store by now become work; those that are done for long are forgotten. */
  public void look() {
    orders.look();
    orders.forgetDone(remembered);
  }

  /**
   * Hands out what waits for a worker, also what a worker left that is gone. One that cannot be taken comes again.
   *
   * @param queue returns once the order is in the queue
   */
  public void handOut(Consumer<MixOrderRow> queue) {
    List<MixOrderRow> due = orders.due(Math.max(0, idle.getAsInt()));
    for (int i = 0; i < due.size(); i++) {
      try {
        queue.accept(due.get(i));
      } catch (RuntimeException e) {
        due.subList(i, due.size()).forEach(row -> orders.notQueued(row.id()));
        throw e;
      }
    }
  }
}
