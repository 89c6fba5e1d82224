package org.reelway.camel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.BindToRegistry;
import org.reelway.camel.api.RelaysApi;
import org.reelway.camel.jmx.MBeans;
import org.reelway.camel.jmx.RelayBean;
import org.reelway.media.process.Orphans;
import org.reelway.settings.DestinationUri;
import org.reelway.settings.GroupMember;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.RoutingSettings;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;
import org.reelway.stream.relay.Authorities;
import org.reelway.stream.relay.Destinations;
import org.reelway.stream.relay.EmsRelays;
import org.reelway.stream.relay.FanOut;
import org.reelway.stream.relay.Group;
import org.reelway.stream.relay.LoopGuard;
import org.reelway.stream.relay.Relays;
import org.reelway.stream.supervise.Limits;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.Totals;
import org.reelway.transfer.http.HostNames;

/** Relays of streams to destinations and to the other members of a group. */
public final class RelayFeature extends Feature {
  private static final Duration GRACE = Duration.ofSeconds(2);
  /** By then media servers were asked which streams are on, too. */
  private static final Duration TIDY_AFTER = Duration.ofSeconds(5);

  @BindToRegistry("relays")
  final RelaysApi api;

  @BindToRegistry("fanOut")
  final FanOutSteps steps;

  @BindToRegistry("reelwayRelaysHealth")
  final TasksHealth health;

  private final Supervisor supervisor;
  private final EmsRelays ems;
  private Set<String> shown = Set.of();

  RelayFeature(StateFeature state, EventFeature events, FleetFeature fleet) {
    Settings settings = state.settings;
    List<DestinationUri> destinations = given(settings, RoutingSettings.DESTINATIONS);
    List<GroupMember> members = given(settings, RoutingSettings.MEMBERS);
    Group group = Group.of(members, settings);
    Orphans orphans = new Orphans(state.instance());
    Limits limits = Supervision.limits(settings, RoutingSettings.MOST, GRACE);
    this.supervisor = new Supervisor("relays", orphans, limits, state.clock);
    supervisor.whenChanged(ids -> show(state.beans, ids));
    Relays relays =
        new Relays(
            supervisor, () -> state.ffmpeg().ffmpeg(), state.folder.resolve("relays"), orphans, limits.stallAfter(),
            Authorities.of(settings.get(RoutingSettings.CA_FILE), state.folder.resolve("relays")));
    this.ems = new EmsRelays(state.instance(), group.pushing(), group.pulling());
    String self = group.self() == null ? state.instance() : group.self();
    Destinations named = destinations(settings);
    this.steps =
        new FanOutSteps(
            events.registry, named,
            new LoopGuard(named, self, new HostNames()),
            new FanOut(named, relays, ems, settings.get(RoutingSettings.SOURCE), self));
    this.api =
        new RelaysApi(
            supervisor, ems, () -> state.clock.instant().minus(TIDY_AFTER).isAfter(events.runningTold()), fleet.others);
    this.health = new TasksHealth("relays", supervisor::statuses, state.clock);
    Stream.of(destinations, members).flatMap(List::stream).map(Object::toString).distinct()
        .forEach(destination -> measure(destination, state.metrics));
  }

  private synchronized void show(MBeans beans, List<String> ids) {
    Set<String> gone = new HashSet<>(shown);
    ids.forEach(gone::remove);
    gone.forEach(id -> beans.hide("type=Relay,name=" + id));
    ids.stream().filter(id -> !shown.contains(id))
        .forEach(id -> beans.show("type=Relay,name=" + id, new RelayBean(supervisor, id)));
    shown = Set.copyOf(ids);
  }

  /** Where the settings let streams be sent. */
  public static Destinations destinations(Settings settings) {
    return new Destinations(
        given(settings, RoutingSettings.DESTINATIONS), Group.of(given(settings, RoutingSettings.MEMBERS), settings));
  }

  private static <T> List<T> given(Settings settings, Setting<List<T>> setting) {
    return settings.isSet(setting) ? settings.get(setting) : List.of();
  }

  /** @param destination as configured, without its secrets */
  private void measure(String destination, MeterRegistry metrics) {
    Supervision.gauges(
        metrics, "reelway.relays", "Relays by destination and state", Tags.of("destination", destination), supervisor,
        (all, state) -> all.count(destination, state));
    FunctionCounter.builder("reelway.relay.bytes", supervisor, all -> totals(all, destination).bytes())
        .tag("destination", destination)
        .description("Bytes that went to a destination")
        .register(metrics);
    FunctionCounter.builder("reelway.relay.restarts", supervisor, all -> totals(all, destination).restarts())
        .tag("destination", destination)
        .description("Runs of relays that had to be begun anew")
        .register(metrics);
  }

  private static Totals totals(Supervisor relays, String destination) {
    return relays.totals().getOrDefault(destination, new Totals());
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }

  @Override
  void begin() {
    supervisor.begin();
  }

  @Override
  void endStreams() {
    supervisor.close();
    ems.close();
  }
}
