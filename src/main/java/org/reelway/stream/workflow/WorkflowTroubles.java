package org.reelway.stream.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.reelway.stream.workflow.StreamDriver.RunningCost;

/** What people have to look at: what lasts longer than moments. */
final class WorkflowTroubles {
  private static final Duration MOMENTS = Duration.ofSeconds(30);
  /** Of a stream whose session is open. */
  private static final Duration WHILE_ON = Duration.ofMinutes(2);
  /** Clouds take minutes to make, start or stop something. */
  private static final Duration UNDER_WAY = Duration.ofMinutes(15);

  /** Their own trouble says so where that lasts too long. */
  private static final Set<StreamState> UNDER_WAY_STATES =
      Set.of(StreamState.CREATING, StreamState.STARTING, StreamState.STOPPING, StreamState.DELETING);

  private final Instant now;

  WorkflowTroubles(Instant now) {
    this.now = now;
  }

  List<String> of(
      Collection<KnownStream> streams, Optional<Trouble> notices, List<RunningCost> leftRunning, List<String> unreadable) {
    List<String> all = new ArrayList<>();
    streams.forEach(stream -> stream.trouble().filter(trouble -> lasts(trouble, stream.state())).ifPresent(trouble -> all.add(
        "the stream " + stream.id() + " (" + stream.row().name() + ") is " + stream.state().word() + ": "
            + trouble.message())));
    notices.filter(trouble -> isOlder(trouble, MOMENTS))
        .ifPresent(trouble -> all.add("what happened to streams is not told: " + trouble.message()));
    Set<String> changing = streams.stream()
        .filter(stream -> UNDER_WAY_STATES.contains(stream.state())).map(KnownStream::id).collect(Collectors.toSet());
    leftRunning.stream().filter(cost -> !changing.contains(cost.stream()))
        .forEach(cost -> all.add(cost.what() + " runs, and nobody wants it; GET /streams?cost=true lists all"));
    unreadable.forEach(what -> all.add("the " + what + " cannot be read from the state; the log of the start says why"));
    return all;
  }

  private boolean lasts(Trouble trouble, StreamState state) {
    if (trouble.isFailure()) {
      return trouble.isFinal() || isOlder(trouble, MOMENTS);
    }
    return isOlder(trouble, state == StreamState.STARTED ? WHILE_ON : UNDER_WAY);
  }

  private boolean isOlder(Trouble trouble, Duration age) {
    return trouble.since().plus(age).isBefore(now);
  }
}
