package org.reelway.stream.workflow.aws;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reelway.failure.DestinationFailure;
import org.reelway.stream.workflow.Reached;
import org.reelway.stream.workflow.Session;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.stream.workflow.aws.Templates.ChannelValues;
import org.reelway.stream.workflow.aws.Templates.PackageTarget;
import software.amazon.awssdk.services.medialive.MediaLiveClient;
import software.amazon.awssdk.services.medialive.model.ChannelState;
import software.amazon.awssdk.services.medialive.model.ChannelSummary;
import software.amazon.awssdk.services.medialive.model.CreateChannelRequest;
import software.amazon.awssdk.services.medialive.model.DescribeChannelResponse;

/**
 * A stream's MediaLive channel: made from the template, started and stopped, deleted. It changes its state in its own time,
 * which is asked for, never waited for.
 */
final class LiveChannel {
  /** Which of its channels, in a row: an id of a request makes one channel only. */
  private static final String COUNT = "live_channel_count";
  private static final Duration SOON = Duration.ofSeconds(3);
  private static final Duration LATER = Duration.ofSeconds(10);
  private static final Set<ChannelState> STOPPED =
      Set.of(ChannelState.IDLE, ChannelState.UPDATE_FAILED, ChannelState.CREATE_FAILED);
  private static final Set<ChannelState> RUNNING = Set.of(ChannelState.RUNNING, ChannelState.RECOVERING);

  private final MediaLiveClient live;
  private final Templates templates;
  private final String role;

  LiveChannel(AwsClients clients, Templates templates, String role) {
    this.live = clients.live;
    this.templates = templates;
    this.role = role;
  }

  boolean isKnown(StreamFacts facts) {
    return facts.get(StreamFacts.LIVE_CHANNEL).isPresent();
  }

  /** @param bucket of archives, for a channel that was never started */
  void make(WantedStream stream, StreamFacts facts, List<PackageTarget> targets, String bucket) {
    String id = find(stream).filter(one -> one.state() != ChannelState.DELETING).map(ChannelSummary::id)
        .orElseGet(() -> create(stream, facts, targets, bucket));
    facts.set(StreamFacts.LIVE_CHANNEL, id);
  }

  private Optional<ChannelSummary> find(WantedStream stream) {
    return live.listChannelsPaginator(all -> all.maxResults(Inventory.PAGE)).channels().stream()
        .filter(one -> Tag.is(stream.id(), one.tags()))
        .filter(one -> one.state() != ChannelState.DELETED)
        .findFirst();
  }

  private String create(WantedStream stream, StreamFacts facts, List<PackageTarget> targets, String bucket) {
    String archive = stream.session().map(Session::archive).orElse("s3://" + bucket + "/" + stream.id() + "/");
    CreateChannelRequest.Builder create =
        templates.channel(
            new ChannelValues(
                stream.id(), Ingest.name(stream), role, facts.get(StreamFacts.LIVE_INPUT).orElseThrow(), targets, archive,
                stream.segmentLength().toSeconds()));
    Map<String, String> tags = new HashMap<>(create.build().tags());
    tags.putAll(Tag.of(stream.id()));
    create.tags(tags).requestId(stream.id() + "-" + facts.get(COUNT).orElse("0"));
    return live.createChannel(create.build()).channel().id();
  }

  /** As the session wants it: running, or not. */
  Reached bring(WantedStream stream, StreamFacts facts) {
    String id = facts.get(StreamFacts.LIVE_CHANNEL).orElseThrow();
    Optional<DescribeChannelResponse> there = Found.of(() -> live.describeChannel(ask -> ask.channelId(id)));
    ChannelState state = there.map(DescribeChannelResponse::state).orElse(ChannelState.DELETED);
    if (state == ChannelState.DELETED || state == ChannelState.CREATE_FAILED) {
      return lost(id, state, facts);
    }
    boolean isWanted = stream.wanted() == Wanted.STARTED;
    ArchiveOutput archive = new ArchiveOutput(there.orElseThrow());
    try {
      if (RUNNING.contains(state) && isWanted && archive.isAt(root(stream))) {
        return Reached.done();
      } else if (RUNNING.contains(state)) {
        live.stopChannel(stop -> stop.channelId(id));
        return Reached.waiting(LATER, told(id, ChannelState.STOPPING));
      } else if (STOPPED.contains(state) && isWanted) {
        archive.moved(root(stream), stream.segmentLength()).ifPresent(live::updateChannel);
        live.startChannel(start -> start.channelId(id));
        return Reached.waiting(LATER, told(id, ChannelState.STARTING));
      }
    } catch (AwsRefusal refusal) {
      if (!refusal.isConflict()) {
        throw refusal;
      }
      return Reached.waiting(SOON, told(id, state) + ", which takes no orders now");
    }
    Duration again = state == ChannelState.CREATING ? SOON : LATER;
    return STOPPED.contains(state) ? Reached.done() : Reached.waiting(again, told(id, state));
  }

  private static String root(WantedStream stream) {
    return stream.session().orElseThrow().archive();
  }

  private static String told(String id, ChannelState state) {
    return "MediaLive channel " + id + " (" + state + ")";
  }

  /** Deleted by somebody else, or never made whole: another is made. */
  private Reached lost(String id, ChannelState state, StreamFacts facts) {
    if (state == ChannelState.CREATE_FAILED) {
      live.deleteChannel(delete -> delete.channelId(id));
    }
    facts.set(COUNT, Integer.toString(Integer.parseInt(facts.get(COUNT).orElse("0")) + 1));
    facts.remove(StreamFacts.LIVE_CHANNEL);
    throw new DestinationFailure(
        told(id, state) + " is no more, or was never made whole; another is made. The AWS console tells why, in the"
            + " channel's alerts");
  }

  /** @return what it waits for; empty where it is gone */
  Optional<Reached> delete(WantedStream stream, StreamFacts facts) {
    Optional<String> id = facts.get(StreamFacts.LIVE_CHANNEL).or(() -> find(stream).map(ChannelSummary::id));
    ChannelState state =
        id.flatMap(one -> Found.of(() -> live.describeChannel(ask -> ask.channelId(one)))).map(DescribeChannelResponse::state)
            .orElse(ChannelState.DELETED);
    try {
      if (RUNNING.contains(state)) {
        live.stopChannel(stop -> stop.channelId(id.orElseThrow()));
      } else if (STOPPED.contains(state)) {
        live.deleteChannel(delete -> delete.channelId(id.orElseThrow()));
      }
    } catch (AwsRefusal refusal) {
      if (!refusal.isConflict() && !refusal.isNotFound()) {
        throw refusal;
      }
    }
    if (state != ChannelState.DELETED) {
      return Optional.of(
          Reached.waiting(STOPPED.contains(state) ? SOON : LATER, told(id.orElseThrow(), state) + " to be deleted"));
    }
    facts.remove(StreamFacts.LIVE_CHANNEL);
    facts.remove(COUNT);
    return Optional.empty();
  }
}
