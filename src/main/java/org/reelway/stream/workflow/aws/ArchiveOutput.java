package org.reelway.stream.workflow.aws;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.medialive.model.ArchiveGroupSettings;
import software.amazon.awssdk.services.medialive.model.DescribeChannelResponse;
import software.amazon.awssdk.services.medialive.model.OutputDestination;
import software.amazon.awssdk.services.medialive.model.OutputDestinationSettings;
import software.amazon.awssdk.services.medialive.model.OutputGroup;
import software.amazon.awssdk.services.medialive.model.UpdateChannelRequest;

/** Where a channel's archive groups write to, one place for each pipeline: the root and {@code _1}, the root and {@code _2}. */
final class ArchiveOutput {
  private final DescribeChannelResponse channel;
  private final Set<String> destinations;

  ArchiveOutput(DescribeChannelResponse channel) {
    this.channel = channel;
    this.destinations =
        groups().map(group -> group.destination().destinationRefId()).collect(Collectors.toUnmodifiableSet());
  }

  private Stream<ArchiveGroupSettings> groups() {
    return channel.encoderSettings().outputGroups().stream()
        .map(group -> group.outputGroupSettings().archiveGroupSettings()).filter(Objects::nonNull);
  }

  boolean isAt(String root) {
    return at(root).equals(channel.destinations());
  }

  private List<OutputDestination> at(String root) {
    return channel.destinations().stream()
        .map(one -> destinations.contains(one.id()) ? one.copy(copy -> copy.settings(pipelines(one, root))) : one).toList();
  }

  private static List<OutputDestinationSettings> pipelines(OutputDestination destination, String root) {
    List<OutputDestinationSettings> moved = new ArrayList<>();
    for (OutputDestinationSettings each : destination.settings()) {
      String url = root + "_" + (moved.size() + 1);
      moved.add(each.copy(copy -> copy.url(url)));
    }
    return moved;
  }

  /** @return the update that brings it there; empty where it is there already */
  Optional<UpdateChannelRequest> moved(String root, Duration segmentLength) {
    int seconds = (int) segmentLength.toSeconds();
    boolean isAsLong = groups().allMatch(group -> Objects.equals(group.rolloverInterval(), seconds));
    if (isAt(root) && isAsLong) {
      return Optional.empty();
    }
    List<OutputGroup> groups =
        channel.encoderSettings().outputGroups().stream().map(group -> lasting(group, seconds)).toList();
    return Optional.of(
        UpdateChannelRequest.builder().channelId(channel.id()).destinations(at(root))
            .encoderSettings(channel.encoderSettings().copy(all -> all.outputGroups(groups))).build());
  }

  private static OutputGroup lasting(OutputGroup group, int seconds) {
    ArchiveGroupSettings archive = group.outputGroupSettings().archiveGroupSettings();
    return archive == null ? group : group.copy(copy -> copy.outputGroupSettings(
        group.outputGroupSettings().copy(settings -> settings.archiveGroupSettings(
            archive.copy(changed -> changed.rolloverInterval(seconds))))));
  }
}
