package org.reelway.camel.api;

import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.camel.Header;
import org.reelway.failure.NotFound;
import org.reelway.stream.relay.EmsRelays;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.TaskStatus;

/** {@code GET /relays}, {@code POST /relays/{id}/restart}, and their housekeeping. */
public final class RelaysApi {
  private final Supervisor relays;
  private final EmsRelays ems;
  private final BooleanSupplier streamsAreKnown;
  private final OtherNodes others;

  /** @param streamsAreKnown whether the streams that are on at the start were told */
  public RelaysApi(Supervisor relays, EmsRelays ems, BooleanSupplier streamsAreKnown, OtherNodes others) {
    this.others = others;
    this.relays = relays;
    this.ems = ems;
    this.streamsAreKnown = streamsAreKnown;
  }

  public record RelayList(List<Relay> relays) {}

  /** See {@link TaskStatus}. @param node whose ffmpeg or media server it is */
  public record Relay(
      String node, String id, String stream, String destination, String by, String state, Instant since, int runs, long frames,
      long bytes, Instant nextTry, String trouble) {
    static Relay of(String node, TaskStatus now) {
      return new Relay(
          node, now.id(), now.stream(), now.target(), now.by(), now.state(), now.since(), now.runs(), now.frames(),
          now.bytes(), now.nextTry(), now.trouble());
    }
  }

  public record Restarting(String id, boolean restarting) {}

  public RelayList list() {
    return new RelayList(relays.statuses().stream().map(now -> Relay.of(others.own(), now)).toList());
  }

  public Restarting restart(@Header("id") String id) {
    if (!relays.restart(id)) {
      throw new NotFound("no relay here has the id " + id + "; GET /relays lists them" + others.orThere());
    }
    return new Restarting(id, true);
  }

  /** Has servers end what they do for us and nobody wants any more: what nobody wants once all streams are known. */
  public void tidy() {
    if (streamsAreKnown.getAsBoolean()) {
      ems.tidy(() -> relays.statuses().stream().map(TaskStatus::id).toList());
    }
  }
}
