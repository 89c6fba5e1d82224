package org.reelway.conference.farm;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.conference.mixer.MixJob;
import org.reelway.conference.mixer.MixOrder;
import org.reelway.conference.mixer.Mixes;
import org.reelway.state.MixOrderRow;
import org.reelway.state.MixOrders;

/** The mixes of the fleet, and those that this sidecar alone has: of the command, or of before there was a farm. */
public final class FarmMixes implements Mixes {
  private static final int MOST_SHOWN = 1000;
  /** Metrics, health and dashboard ask one after the other. */
  private static final Duration SEEN_FOR = Duration.ofSeconds(2);

  private final Mixes own;
  private final FarmOrders farm;
  private final MixOrders orders;
  private final Supplier<List<MixJob>> here;
  private final Seen<List<MixOrderRow>> open;
  private final Seen<Map<MixOrderRow.State, Long>> counts;

  /**
   * @param own of this sidecar alone
   * @param here what this sidecar makes of the fleet's
   */
  public FarmMixes(Mixes own, FarmOrders farm, MixOrders orders, Supplier<List<MixJob>> here) {
    this.own = own;
    this.farm = farm;
    this.orders = orders;
    this.here = here;
    this.open = new Seen<>(() -> orders.open(MOST_SHOWN));
    this.counts = new Seen<>(orders::counts);
  }

  private static final class Seen<T> {
    private final Supplier<T> asked;
    private T seen;
    private long at;

    Seen(Supplier<T> asked) {
      this.asked = asked;
    }

    synchronized T get() {
      if (seen == null || System.nanoTime() - at >= SEEN_FOR.toNanos()) {
        seen = asked.get();
        at = System.nanoTime();
      }
      return seen;
    }

    synchronized void forget() {
      seen = null;
    }
  }

  @Override
  public String add(MixOrder order) {
    return farm.add(order, true);
  }

  @Override
  public void addOnce(MixOrder order) {
    farm.add(order, false);
  }

  @Override
  public boolean cancel(String id) {
    return asked(own.cancel(id) || orders.cancel(id));
  }

  @Override
  public boolean retry(String id) {
    return asked(own.retry(id) || orders.retry(id));
  }

  @Override
  public boolean drop(String id) {
    return asked(own.drop(id) || orders.drop(id));
  }

  private boolean asked(boolean known) {
    open.forget();
    counts.forget();
    return known;
  }

  @Override
  public List<MixJob> all() {
    Map<String, MixJob> made = here.get().stream().collect(Collectors.toMap(MixJob::id, Function.identity()));
    return Stream.concat(own.all().stream(), open.get().stream().map(row -> job(row, made.get(row.id()))))
        .sorted(Comparator.comparing(MixJob::created)).toList();
  }

  @Override
  public Map<MixJob.State, Long> counts() {
    Map<MixJob.State, Long> all = new EnumMap<>(MixJob.State.class);
    all.putAll(own.counts());
    counts.get().forEach((state, number) -> all.merge(state(state), number, Long::sum));
    long noRoom = Math.min(
        all.getOrDefault(MixJob.State.MIXING, 0L), here.get().stream().filter(job -> job.state() == MixJob.State.NO_ROOM).count());
    all.merge(MixJob.State.NO_ROOM, noRoom, Long::sum);
    all.merge(MixJob.State.MIXING, -noRoom, Long::sum);
    all.values().removeIf(number -> number == 0);
    return all;
  }

  @Override
  public List<MixJob> here() {
    return Stream.concat(own.here().stream(), here.get().stream()).toList();
  }

  private static MixJob.State state(MixOrderRow.State state) {
    return switch (state) {
      case WAITING, ORDERED -> MixJob.State.WAITING;
      case MIXING, MIXED -> MixJob.State.MIXING;
      case FAILED -> MixJob.State.FAILED;
      case CANCELLED -> MixJob.State.CANCELLED;
    };
  }

  /** @param made by this sidecar, which knows how far it is; null where another one makes it, or nobody */
  private static MixJob job(MixOrderRow row, MixJob made) {
    boolean hasNoRoom = made != null && made.state() == MixJob.State.NO_ROOM && row.state() == MixOrderRow.State.MIXING;
    MixJob.State state = hasNoRoom ? MixJob.State.NO_ROOM : state(row.state());
    Path path = Path.of(row.path());
    return new MixJob(
        row.id(), path, row.recorderUri(), Instant.ofEpochMilli(row.created()), Duration.ofMillis(row.length()), state,
        made == null ? row.trouble() : made.trouble(), row.tries(), made == null ? null : made.progress(), path, row.identity(),
        row.worker());
  }

  @Override
  public List<Path> unreadable() {
    return own.unreadable();
  }
}
