package org.reelway.stream.workflow.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.reelway.stream.workflow.StreamDriver.RunningCost;
import org.reelway.stream.workflow.WantedStream.Wanted;
import software.amazon.awssdk.services.mediapackage.MediaPackageClient;
import software.amazon.awssdk.services.medialive.MediaLiveClient;
import software.amazon.awssdk.services.medialive.model.ChannelState;
import software.amazon.awssdk.services.medialive.model.ChannelSummary;
import software.amazon.awssdk.services.medialive.model.InputState;

/** What is billed in the region and carries a stream's tag, whether anybody knows the stream or not. */
final class Inventory {
  /** Of a listing. */
  static final int PAGE = 100;

  /** Billed by what is encoded. */
  private static final Set<ChannelState> RUNS =
      Set.of(ChannelState.STARTING, ChannelState.RUNNING, ChannelState.RECOVERING, ChannelState.STOPPING);

  private final MediaLiveClient live;
  private final MediaPackageClient packages;

  Inventory(AwsClients clients) {
    this.live = clients.live;
    this.packages = clients.packages;
  }

  /** @param wanted of a stream by its id; empty where it is not known */
  List<RunningCost> costs(Function<String, Optional<Wanted>> wanted) {
    List<RunningCost> costs = new ArrayList<>();
    for (ChannelSummary channel : live.listChannelsPaginator(all -> all.maxResults(PAGE)).channels()) {
      boolean runs = RUNS.contains(channel.state());
      if (channel.state() != ChannelState.DELETED) {
        add(costs, channel.tags(), "MediaLive channel " + channel.id() + ", " + channel.stateAsString(),
            stream -> runs ? wanted.apply(stream).filter(Wanted.STARTED::equals).isPresent() : isKept(wanted.apply(stream)));
      }
    }
    live.listInputsPaginator(all -> all.maxResults(PAGE)).inputs().stream()
        .filter(input -> input.state() != InputState.DELETED)
        .forEach(input -> add(costs, input.tags(), "MediaLive input " + input.id() + ", " + input.stateAsString(),
            stream -> isKept(wanted.apply(stream))));
    packages.listChannelsPaginator(all -> all.maxResults(PAGE)).channels()
        .forEach(channel -> add(costs, channel.tags(), "MediaPackage channel " + channel.id(),
            stream -> isKept(wanted.apply(stream))));
    return List.copyOf(costs);
  }

  private static boolean isKept(Optional<Wanted> wanted) {
    return wanted.filter(now -> now != Wanted.DELETED).isPresent();
  }

  private static void add(List<RunningCost> costs, Map<String, String> tags, String what, Function<String, Boolean> isWanted) {
    Tag.in(tags).ifPresent(stream -> costs.add(new RunningCost(stream, what, isWanted.apply(stream))));
  }
}
