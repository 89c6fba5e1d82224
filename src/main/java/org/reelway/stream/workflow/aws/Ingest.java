package org.reelway.stream.workflow.aws;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.reelway.stream.workflow.Reached;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream;
import software.amazon.awssdk.services.medialive.MediaLiveClient;
import software.amazon.awssdk.services.medialive.model.DescribeInputResponse;
import software.amazon.awssdk.services.medialive.model.Input;
import software.amazon.awssdk.services.medialive.model.InputDestination;
import software.amazon.awssdk.services.medialive.model.InputState;
import software.amazon.awssdk.services.medialive.model.InputType;

/** A stream's MediaLive input: two RTMP addresses, each with a secret key of its own. */
final class Ingest {
  private static final Duration SOON = Duration.ofSeconds(3);
  /** The two keys, with a comma between; known before the input is, for it is asked for with the same keys each time. */
  private static final String KEYS = "ingest_keys";

  private final MediaLiveClient live;
  private final String securityGroup;

  Ingest(AwsClients clients, String securityGroup) {
    this.live = clients.live;
    this.securityGroup = securityGroup;
  }

  static String name(WantedStream stream) {
    return "reelway-" + stream.id();
  }

  /** @return what it waits for; empty where the input is there, and its addresses are known */
  Optional<Reached> make(WantedStream stream, StreamFacts facts) {
    if (facts.get(StreamFacts.LIVE_INPUT).filter(id -> state(id) != InputState.DELETED).isEmpty()) {
      facts.set(
          StreamFacts.LIVE_INPUT,
          find(stream).filter(one -> one.state() != InputState.DELETING).orElseGet(() -> create(stream, facts)).id());
    }
    String id = facts.get(StreamFacts.LIVE_INPUT).orElseThrow();
    List<InputDestination> to = live.describeInput(ask -> ask.inputId(id)).destinations();
    if (to.size() < 2 || to.stream().anyMatch(one -> one.url() == null || one.url().isEmpty())) {
      return Optional.of(Reached.waiting(SOON, "MediaLive input " + id + " to have its addresses"));
    }
    facts.set(StreamFacts.RTMP1, to.get(0).url());
    facts.set(StreamFacts.RTMP2, to.get(1).url());
    facts.remove(KEYS);
    return Optional.empty();
  }

  private InputState state(String id) {
    return Found.of(() -> live.describeInput(ask -> ask.inputId(id))).map(DescribeInputResponse::state)
        .orElse(InputState.DELETED);
  }

  private Optional<Input> find(WantedStream stream) {
    return live.listInputsPaginator(all -> all.maxResults(Inventory.PAGE)).inputs().stream()
        .filter(one -> Tag.is(stream.id(), one.tags()))
        .filter(one -> one.state() != InputState.DELETED)
        .findFirst();
  }

  private Input create(WantedStream stream, StreamFacts facts) {
    if (facts.get(KEYS).isEmpty()) {
      facts.set(KEYS, Secrets.next() + "," + Secrets.next());
    }
    String both = facts.get(KEYS).orElseThrow();
    String[] keys = both.split(",");
    return live.createInput(
        create -> create.name(name(stream)).type(InputType.RTMP_PUSH)
            .requestId(stream.id() + "-" + Integer.toHexString(both.hashCode()))
            .destinations(to -> to.streamName("app/" + keys[0]), to -> to.streamName("app/" + keys[1]))
            .inputSecurityGroups(securityGroup).tags(Tag.of(stream.id()))).input();
  }

  /** Once no channel has it any more. @return what it waits for; empty where it is gone */
  Optional<Reached> delete(WantedStream stream, StreamFacts facts) {
    Optional<String> id = facts.get(StreamFacts.LIVE_INPUT).or(() -> find(stream).map(Input::id));
    InputState state = id.map(this::state).orElse(InputState.DELETED);
    if (state == InputState.DETACHED) {
      Found.of(() -> live.deleteInput(delete -> delete.inputId(id.orElseThrow())));
    }
    if (state != InputState.DELETED) {
      return Optional.of(Reached.waiting(SOON, "MediaLive input " + id.orElseThrow() + " (" + state + ") to be deleted"));
    }
    List.of(StreamFacts.LIVE_INPUT, StreamFacts.RTMP1, StreamFacts.RTMP2, KEYS).forEach(facts::remove);
    return Optional.empty();
  }
}
