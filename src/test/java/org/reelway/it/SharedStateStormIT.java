package org.reelway.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.Fleet;
import org.reelway.testkit.Fleet.Node;
import org.reelway.testkit.Recordings;

/**
 * Sidecars of one fleet, their database and their broker are killed, paused and cut off at random while recordings, mixes and callbacks
 * are on their way. {@code -Dreelway.seed=N} draws the same kinds of faults, at moments of
 * their own; {@code -Dreelway.kills=20} makes it long.
 */
@Tag("campaign")
class SharedStateStormIT {
  /** How long a fault lasts: most are over before anybody takes over, some are not. */
  private static final Duration SHORT = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofSeconds(45);

  @TempDir Path folder;
  private final List<Trouble> troubles = new ArrayList<>();
  private Random random;
  private Fleet fleet;
  private List<Node> studios;
  private List<Node> others;
  private int made;

  /** What is wrong now. @param until as {@link System#nanoTime} has it */
  private record Trouble(String what, Object whose, long until, Ending end) {
    boolean isOver() {
      return System.nanoTime() - until > 0;
    }
  }

  private interface Ending {
    void run() throws Exception;
  }

  @Test
  void nothingIsLostAndNothingIsDoubled() throws Exception {
    long seed = Long.getLong("reelway.seed", System.nanoTime());
    int rounds = 3 * Integer.getInteger("reelway.kills", 1);
    System.out.println("a fleet in trouble: -Dreelway.seed=" + seed + ", rounds " + rounds);
    random = new Random(seed);
    try (Fleet whole = new Fleet(folder)) {
      fleet = whole;
      Path shared = fleet.folder("shared");
      studios = List.of(fleet.node("studio-1", "ingest", shared), fleet.node("studio-2", "ingest", shared));
      others = List.of(fleet.node("desk-1", "mixer,callbacks,api"), fleet.node("desk-2", "mixer,callbacks,api"));
      for (List<Node> pair : List.of(studios, others)) {
        pair.forEach(Node::start);
        pair.forEach(Node::ready);
      }
      for (int round = 0; round < rounds; round++) {
        work();
        // One lasts longer than any lease.
        trouble(round % 3 == 0 ? LONG : SHORT);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(4000)));
        fleet.checkNothingIsLost();
        endThoseThatAreOver();
      }
      while (!troubles.isEmpty()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        endThoseThatAreOver();
      }
      fleet.awaitAllDone();
      // One that was killed last may have been done without, and not be there yet.
      nodes().forEach(Node::ready);
      nodes().forEach(
          node -> fleet.await(node.name + " is well", () -> node.management().get("/observe/health").status() == 200));
      fleet.check();
    }
  }

  private Stream<Node> nodes() {
    return Stream.of(studios, others).flatMap(List::stream);
  }

  private void work() throws Exception {
    List<Node> free = studios.stream().filter(node -> !isInTrouble(node)).toList();
    if (!free.isEmpty() && !isInTrouble(fleet.database)) {
      free.get(random.nextInt(free.size())).recordConference("rooms/" + made++ + ".mp4");
    }
    for (int i = 0; i < 3; i++) {
      studios.get(0).record("cam-" + made++ + ".mp4", i == 0 ? Recordings.PART + random.nextInt(Recordings.PART) : random.nextInt(50_000));
    }
  }

  private boolean isInTrouble(Object whose) {
    return troubles.stream().anyMatch(each -> each.whose == whose);
  }

  private void trouble(Duration most) throws Exception {
    List<Object> whole = new ArrayList<>(nodes().toList());
    whole.addAll(List.of(fleet.database, fleet.broker));
    whole.removeIf(this::isInTrouble);
    Collections.shuffle(whole, random);
    if (whole.get(0) == fleet.database) {
      fleet.database.goAway();
      begin("the database is away", fleet.database, most, fleet.database::comeBack);
    } else if (whole.get(0) == fleet.broker) {
      fleet.broker.goAway();
      begin("the broker is away", fleet.broker, most, fleet.broker::comeBack);
    } else {
      trouble((Node) whole.get(0), most);
    }
  }

  private void trouble(Node node, Duration most) {
    switch (random.nextInt(4)) {
      case 0 -> {
        node.kill();
        begin(node.name + " is killed", node, most, node::start);
      }
      case 1 -> {
        node.child().pause();
        begin(node.name + " is paused", node, most, node.child()::goOn);
      }
      case 2 -> {
        node.cut();
        begin(node.name + " is cut off", node, most, node::mend);
      }
      default -> {
        node.silence();
        begin(node.name + " hears nothing", node, most, node::mend);
      }
    }
  }

  private void begin(String what, Object whose, Duration most, Ending end) {
    System.out.println(what + " for " + most.toSeconds() + " s; left: " + fleet.left());
    troubles.add(new Trouble(what, whose, System.nanoTime() + most.toNanos(), end));
  }

  private void endThoseThatAreOver() throws Exception {
    for (Trouble each : troubles.stream().filter(Trouble::isOver).toList()) {
      System.out.println("no more: " + each.what);
      each.end.run();
      troubles.remove(each);
    }
  }
}
