package org.reelway.stream.workflow.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reelway.stream.workflow.Session;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.stream.workflow.aws.StandInHttp.Crash;
import org.reelway.stream.workflow.aws.Streams.Facts;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;

/** Wherever the program ends between two calls or two facts, the next start goes on, makes nothing twice and leaves nothing. */
class CrashAnywhereTest {
  /** Where the program ends. */
  private enum Point {
    /** The call has not arrived. */
    BEFORE_CALL,
    /** It was carried out, and nobody knows. */
    AFTER_CALL,
    /** What is known is not on disk yet. */
    BEFORE_FACT
  }

  /** What was begun when the program ended, from a stream of which all was well. */
  enum Begun {
    CREATE(null, Streams.stream(Wanted.STOPPED, false, 0)),
    CREATE_AND_START_LIVE(null, Streams.stream(Wanted.STARTED, true, 1)),
    START(Streams.stream(Wanted.STOPPED, false, 0), Streams.stream(Wanted.STARTED, false, 1)),
    START_AGAIN(Streams.stream(Wanted.STOPPED, true, 1), Streams.stream(Wanted.STARTED, true, 2)),
    OTHER_SESSION(Streams.stream(Wanted.STARTED, false, 1), Streams.stream(Wanted.STARTED, false, 2)),
    STOP(Streams.stream(Wanted.STARTED, true, 1), Streams.stream(Wanted.STOPPED, true, 1)),
    LIVE_ON(Streams.stream(Wanted.STARTED, false, 1), Streams.stream(Wanted.STARTED, true, 1)),
    LIVE_OFF(Streams.stream(Wanted.STARTED, true, 1), Streams.stream(Wanted.STARTED, false, 1)),
    DELETE(Streams.stream(Wanted.STOPPED, true, 1), Streams.stream(Wanted.DELETED, true, 1)),
    DELETE_WHILE_RUNNING(Streams.stream(Wanted.STARTED, true, 1), Streams.stream(Wanted.DELETED, true, 1));

    private final WantedStream before;
    private final WantedStream then;

    Begun(WantedStream before, WantedStream then) {
      this.before = before;
      this.then = then;
    }
  }

  /** Clients take long to make: these speak to the world that is tried. */
  private static World current;

  private static final AwsTerms TERMS = Streams.terms(URI.create("http://127.0.0.1:9"));
  private static final AwsClients CLIENTS =
      new AwsClients(
          Streams.store(), TERMS.region(), TERMS.endpoint(), new SdkHttpClient() {
            @Override
            public ExecutableHttpRequest prepareRequest(
                HttpExecuteRequest request) {
              return current.http.prepareRequest(request);
            }

            @Override
            public void close() {}
          });

  /** A world of its own, in which the program ends at one point. */
  private static final class World implements StandInHttp.Around {
    final AwsStandIn aws = new AwsStandIn();
    final Facts facts = new Facts();
    private Point point;
    private int left = -1;

    private final SdkHttpClient http = StandInHttp.straight(aws, this);

    World() {
      // By their tags alone things are found again.
      aws.honoursRequestIds = false;
      facts.beforeEachWrite = () -> count(Point.BEFORE_FACT);
    }

    @Override
    public Optional<AwsStandIn.Answer> before(String call) {
      count(Point.BEFORE_CALL);
      return Optional.empty();
    }

    @Override
    public void after() {
      count(Point.AFTER_CALL);
    }

    /** One that knows nothing. */
    AwsDriver start() {
      current = this;
      return new AwsDriver(TERMS, CLIENTS);
    }

    private void count(Point here) {
      if (here == point && left-- == 0) {
        throw new Crash();
      }
    }

    /** @return whether the program ended on the way */
    boolean endsAt(Point where, int number, WantedStream then) {
      AwsDriver driver = start();
      point = where;
      left = number;
      try {
        Streams.until(driver, then, facts);
        return false;
      } catch (Crash crash) {
        return true;
      } finally {
        point = null;
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theNextStartFinishesWhatWasBegun(Begun begun) {
    assertThat(tried(begun, begun.then)).isGreaterThan(2);
  }

  @ParameterizedTest
  @EnumSource
  void theNextStartUndoesWhatWasBegunWhereTheStreamIsDeletedMeanwhile(Begun begun) {
    assertThat(tried(begun, Streams.stream(Wanted.DELETED, false, 1))).isGreaterThan(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"LIVE_ON", "LIVE_OFF", "CREATE_AND_START_LIVE", "STOP", "START_AGAIN"})
  void theNextStartTakesItOffTheAddressWhereThatIsWantedMeanwhile(Begun begun) {
    assertThat(tried(begun, Streams.stream(Wanted.STOPPED, false, 1))).isGreaterThan(2);
  }

  /** @return how many ends were tried */
  private static int tried(Begun begun, WantedStream wanted) {
    int ends = 0;
    for (Point point : Point.values()) {
      for (int i = 0; ; i++) {
        World world = new World();
        if (begun.before != null) {
          Streams.until(world.start(), begun.before, world.facts);
        }
        if (!world.endsAt(point, i, begun.then)) {
          break;
        }
        ends++;
        Streams.until(world.start(), wanted, world.facts);
        assertThat(left(world)).as("%s, %s %d", begun, point, i).isEqualTo(expected(wanted, world.facts));
      }
    }
    return ends;
  }

  private static List<String> left(World world) {
    List<String> left = new ArrayList<>();
    world.aws.things.forEach((path, thing) -> {
      String state = thing.path("state").asText();
      left.add(
          path.replaceAll("[0-9]{4}$", "*") + " " + state
              + (state.equals("RUNNING") ? thing.path("destinations").path(1).findValuesAsText("url") : ""));
    });
    world.aws.parameters.keySet().forEach(left::add);
    left.add("origins " + world.aws.named("<Id>reelway-") + ", behaviors " + world.aws.named("<TargetOriginId>reelway-"));
    left.add("facts " + new TreeSet<>(world.facts.all.keySet()));
    left.sort(null);
    return left;
  }

  private static List<String> expected(WantedStream wanted, Facts facts) {
    List<String> all = new ArrayList<>();
    String id = Streams.ID;
    TreeSet<String> known = new TreeSet<>();
    if (wanted.wanted() != Wanted.DELETED) {
      all.add("/channels/" + id + " ");
      all.add("/origin_endpoints/" + id + " ");
      all.add("/prod/inputs/* ATTACHED");
      all.add("/prod/channels/* " + (wanted.wanted() == Wanted.STARTED ? "RUNNING" + archive(wanted) : "IDLE"));
      all.add("/Medialive_api/user1" + id);
      all.add("/Medialive_api/user2" + id);
      known.addAll(
          List.of(
              StreamFacts.RTMP1, StreamFacts.RTMP2, StreamFacts.VIEWER, StreamFacts.PUBLIC_VIEWER, StreamFacts.LIVE_CHANNEL,
              StreamFacts.LIVE_INPUT, StreamFacts.PACKAGE_CHANNEL, StreamFacts.PACKAGE_ENDPOINT, StreamFacts.SSM_PATHS,
              "cloudfront_told"));
      if (wanted.isLive()) {
        known.addAll(List.of(StreamFacts.IS_PUBLIC, "cloudfront_begun"));
      }
      if (facts.all.containsKey("startover_window_set")) {
        known.add("startover_window_set");
      }
    }
    int there = wanted.isLive() && wanted.wanted() != Wanted.DELETED ? 1 : 0;
    all.add("origins " + there + ", behaviors " + there);
    all.add("facts " + known);
    all.sort(null);
    return all;
  }

  private static List<String> archive(WantedStream wanted) {
    String root = wanted.session().map(Session::archive).orElseThrow();
    return List.of(root + "_1", root + "_2");
  }
}
