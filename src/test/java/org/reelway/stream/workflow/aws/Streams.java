package org.reelway.stream.workflow.aws;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.reelway.stream.workflow.Reached;
import org.reelway.stream.workflow.Session;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreCredentials;
import software.amazon.awssdk.http.SdkHttpClient;

/** A stream of tests, the facts about it, and drivers as a start makes them. */
final class Streams {
  static final String ID = "0123456789abcdef0123456789abcdef";
  static final Path HOME = Path.of(".");

  private Streams() {}

  /** Those outlive a crash. */
  static final class Facts implements StreamFacts {
    final Map<String, String> all = new TreeMap<>();
    Runnable beforeEachWrite = () -> {};
    Consumer<String> beforeEachSet = name -> {};

    @Override
    public Optional<String> get(String name) {
      return Optional.ofNullable(all.get(name));
    }

    @Override
    public void set(String name, String value) {
      beforeEachWrite.run();
      beforeEachSet.accept(name);
      all.put(name, value);
    }

    @Override
    public void remove(String name) {
      beforeEachWrite.run();
      all.remove(name);
    }
  }

  static WantedStream stream(Wanted wanted, boolean isLive, int session) {
    return new WantedStream(
        ID, "concert", "in the hall", Duration.ofSeconds(300), Duration.ofSeconds(7200), Duration.ofSeconds(60), wanted, isLive,
        session == 0 ? Optional.empty()
            : Optional.of(
                new Session(
                    "s" + session, "s3://archive/2026/11/30/" + ID + "-" + session + "/", Instant.ofEpochSecond(session))));
  }

  static StoreConnection store() {
    return new StoreConnection(
        null, "us-west-2", false, Duration.ofSeconds(5), Duration.ofSeconds(5),
        StoreCredentials.fixed("AKIDEXAMPLE", "secret", null), null);
  }

  static AwsTerms terms(URI endpoint) {
    return terms(endpoint, Optional.of(AwsStandIn.DISTRIBUTION));
  }

  static AwsTerms terms(URI endpoint, Optional<String> distribution) {
    return new AwsTerms(
        "us-west-2", endpoint, "arn:aws:iam::123456789012:role/live", "7654321", distribution, "archive",
        new Templates(HOME.resolve("aws-live/channel.json"), HOME.resolve("aws-live/cloudfront-behavior.json")));
  }

  static AwsDriver driver(SdkHttpClient http) {
    AwsTerms terms = terms(URI.create("http://127.0.0.1:9"));
    return new AwsDriver(terms, new AwsClients(store(), terms.region(), terms.endpoint(), http));
  }

  /** As often as it takes. */
  static void until(AwsDriver driver, WantedStream stream, Facts facts) {
    for (int i = 0; i < 60; i++) {
      Reached reached = driver.reconcile(stream, facts);
      if (reached.isDone()) {
        return;
      }
    }
    throw new AssertionError("never done: " + driver.reconcile(stream, facts));
  }
}
