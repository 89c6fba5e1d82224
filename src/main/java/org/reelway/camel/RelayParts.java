package org.reelway.camel;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Header;
import org.reelway.failure.NotFound;
import org.reelway.media.process.Orphans;
import org.reelway.settings.DestinationUri;
import org.reelway.settings.GroupMember;
import org.reelway.settings.RoutingSettings;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.state.InstanceId;
import org.reelway.stream.relay.Authorities;
import org.reelway.stream.relay.Destinations;
import org.reelway.stream.relay.EmsRelays;
import org.reelway.stream.relay.FanOut;
import org.reelway.stream.relay.Group;
import org.reelway.stream.relay.LoopGuard;
import org.reelway.stream.relay.Relays;
import org.reelway.stream.server.StreamRegistry;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.TaskStatus;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.http.HostNames;

/** Relays and what routes do with them, as settings, metrics, health, JMX and {@code GET /relays} see them. */
public final class RelayParts implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  /** By then media servers were asked which streams are on, too. */
  private static final Duration TIDY_AFTER = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration HEALTHY_AFTER = Duration.ofSeconds(30);

  private final Optional<Supervisor> relays;
  private final Optional<EmsRelays> ems;
  private final FanOutSteps steps;
  private final Clock clock;
  private volatile Instant streamsKnown = Instant.MAX;

  /** For a trial build of routes. */
  RelayParts() {
    this.relays = Optional.empty();
    this.ems = Optional.empty();
    this.steps = new FanOutSteps(null, null, null, null);
    this.clock = null;
  }

  private RelayParts(Supervisor relays, EmsRelays ems, FanOutSteps steps, Clock clock) {
    this.relays = Optional.of(relays);
    this.ems = Optional.of(ems);
    this.steps = steps;
    this.clock = clock;
  }

  /** @param state folder of our own */
  static RelayParts make(Settings settings, Path state, StreamRegistry registry, MeterRegistry metrics, Clock clock) {
    List<DestinationUri> destinations = given(settings, RoutingSettings.DESTINATIONS);
    List<GroupMember> members = given(settings, RoutingSettings.MEMBERS);
    String instance = InstanceId.of(state);
    Group group = Group.of(members, settings);
    Orphans orphans = new Orphans(instance);
    Limits limits = limits(settings);
    Supervisor supervisor = new Supervisor("relays", orphans, limits, clock);
    supervisor.whenChanged(new RelayViews(supervisor)::show);
    RelayMetrics.register(
        supervisor,
        Stream.of(destinations, members).flatMap(List::stream).map(Object::toString).distinct().toList(),
        metrics);
    Relays relays =
        new Relays(
            supervisor, () -> RepairParts.programs(state).ffmpeg(), state.resolve("relays"), orphans,
            limits.stallAfter(), Authorities.of(settings.get(RoutingSettings.CA_FILE), state.resolve("relays")));
    String self = group.self() == null ? instance : group.self();
    String source = settings.get(RoutingSettings.SOURCE);
    EmsRelays ems = new EmsRelays(instance, group.pushing(), group.pulling());
    Destinations named = destinations(settings);
    FanOutSteps steps =
        new FanOutSteps(
            registry, named, new LoopGuard(named, self, new HostNames()), new FanOut(named, relays, ems, source, self));
    return new RelayParts(supervisor, ems, steps, clock);
  }

  /** Where the settings let streams be sent. */
  public static Destinations destinations(Settings settings) {
    return new Destinations(
        given(settings, RoutingSettings.DESTINATIONS), Group.of(given(settings, RoutingSettings.MEMBERS), settings));
  }

  private static <T> List<T> given(Settings settings, Setting<List<T>> setting) {
    return settings.isSet(setting) ? settings.get(setting) : List.of();
  }

  private static Limits limits(Settings settings) {
    Duration longest = settings.get(RoutingSettings.RETRY_MAX);
    Duration first = longest.compareTo(FIRST_PAUSE) < 0 ? longest : FIRST_PAUSE;
    return new Limits(
        settings.get(RoutingSettings.MOST), settings.get(RoutingSettings.STALL_AFTER), GRACE,
        new Backoff(first, longest), HEALTHY_AFTER);
  }

  /** What routes do with streams. */
  FanOutSteps steps() {
    return steps;
  }

  void begin() {
    relays.ifPresent(Supervisor::begin);
  }

  /** The streams that are on were told: what nobody wants by now, nobody will want. */
  void streamsAreKnown() {
    streamsKnown = clock.instant().plus(TIDY_AFTER);
  }

  /** Has servers end what they do for us and nobody wants any more. Not yet while streams are being learnt of. */
  public void tidy() {
    if (ems.isEmpty() || clock.instant().isBefore(streamsKnown)) {
      return;
    }
    ems.ifPresent(each -> each.tidy(() -> statuses().stream().map(TaskStatus::id).toList()));
  }

  public record RelayList(List<Relay> relays) {}

  /** See {@link TaskStatus}. */
  public record Relay(
      String id, String stream, String destination, String by, String state, Instant since, int runs, long frames,
      long bytes, Instant nextTry, String trouble) {
    static Relay of(TaskStatus now) {
      return new Relay(
          now.id(), now.stream(), now.target(), now.by(), now.state(), now.since(), now.runs(), now.frames(),
          now.bytes(), now.nextTry(), now.trouble());
    }
  }

  public record Restarting(String id, boolean restarting) {}

  /** {@code GET /relays}. */
  public RelayList list() {
    return new RelayList(statuses().stream().map(Relay::of).toList());
  }

  /** {@code POST /relays/{id}/restart}. */
  public Restarting restart(@Header("id") String id) {
    if (relays.isEmpty() || !relays.get().restart(id)) {
      throw new NotFound("no relay has the id " + id + "; GET /relays lists them");
    }
    return new Restarting(id, true);
  }

  List<TaskStatus> statuses() {
    return relays.map(Supervisor::statuses).orElse(List.of());
  }

  TasksHealth health() {
    return new TasksHealth("relays", this::statuses, clock);
  }

  @Override
  public void close() {
    relays.ifPresent(Supervisor::close);
    ems.ifPresent(EmsRelays::close);
  }
}
