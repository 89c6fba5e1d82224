package org.reelway.stream.workflow.aws;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.Origin;

/**
 * A stream on the public live address: an origin and a cache behavior in one CloudFront distribution, which all streams
 * share. Each change is read, made and written under the distribution's ETag; who was overtaken begins anew.
 */
final class PublicAddress {
  /** Id of the distribution that it may be in by now. */
  private static final String BEGUN = "cloudfront_begun";
  /** Id of the distribution whose address viewers are told. */
  private static final String TOLD = "cloudfront_told";
  private static final int TRIES = 5;

  private final CloudFrontClient front;
  private final Templates templates;
  private final Optional<String> distribution;

  PublicAddress(AwsClients clients, Templates templates, Optional<String> distribution) {
    this.front = clients.front;
    this.templates = templates;
    this.distribution = distribution;
  }

  /** On the address, or off it, as it is wanted; and where viewers find it, live or not. */
  void bring(WantedStream stream, StreamFacts facts) {
    if (!stream.isLive() || !facts.get(BEGUN).equals(distribution)) {
      off(stream, facts);
    }
    tell(facts);
    if (stream.isLive() && facts.get(StreamFacts.IS_PUBLIC).isEmpty()) {
      on(stream, facts);
    }
  }

  private void tell(StreamFacts facts) {
    if (!facts.get(TOLD).equals(distribution)) {
      forget(facts);
    }
    if (distribution.isPresent() && facts.get(StreamFacts.PUBLIC_VIEWER).isEmpty()) {
      String host = host(required(distribution.get()).distribution());
      facts.set(TOLD, distribution.get());
      facts.set(StreamFacts.PUBLIC_VIEWER, "https://" + host + viewer(facts).getRawPath());
    }
  }

  private static URI viewer(StreamFacts facts) {
    return URI.create(facts.get(StreamFacts.VIEWER).orElseThrow());
  }

  /** A name of the user's own, where the distribution has one. */
  private static String host(Distribution distribution) {
    DistributionConfig config = distribution.distributionConfig();
    return (config.aliases() == null ? List.<String>of() : config.aliases().items()).stream()
        .filter(name -> !name.startsWith("*")).findFirst().orElse(distribution.domainName());
  }

  private void on(WantedStream stream, StreamFacts facts) {
    String id = distribution.orElseThrow(() -> new InputFailure(
        "the stream cannot be put on the live address: reelway.workflow.aws.cloudfront-distribution is not set; name a"
            + " CloudFront distribution (docs/workflow.md), or take it off (DELETE /streams/" + stream.id() + "/live)"));
    Origin origin = templates.origin(origin(stream), viewer(facts).getHost());
    CacheBehavior behavior = templates.behavior(origin(stream), viewer(facts).getRawPath().replaceFirst("[^/]*$", "*"));
    facts.set(BEGUN, id);
    change(id, required(id), config -> isIn(config, origin, behavior) ? config : with(without(stream, config), origin, behavior));
    facts.set(StreamFacts.IS_PUBLIC, "true");
  }

  void off(WantedStream stream, StreamFacts facts) {
    Optional<String> begun = facts.get(BEGUN);
    if (begun.isPresent()) {
      read(begun.get()).ifPresent(there -> change(begun.get(), there, config -> without(stream, config)));
      facts.remove(StreamFacts.IS_PUBLIC);
      facts.remove(BEGUN);
    }
  }

  void forget(StreamFacts facts) {
    facts.remove(StreamFacts.PUBLIC_VIEWER);
    facts.remove(TOLD);
  }

  private static String origin(WantedStream stream) {
    return "reelway-" + stream.id();
  }

  /** CloudFront adds members of its own to what was written. */
  private static boolean isIn(DistributionConfig config, Origin origin, CacheBehavior behavior) {
    return config.origins().items().stream().filter(one -> one.id().equals(origin.id())).map(Origin::domainName).toList()
            .equals(List.of(origin.domainName()))
        && behaviors(config).stream().filter(one -> one.targetOriginId().equals(origin.id())).map(CacheBehavior::pathPattern)
            .toList().equals(List.of(behavior.pathPattern()));
  }

  private static List<CacheBehavior> behaviors(DistributionConfig config) {
    return config.cacheBehaviors() == null ? List.of() : config.cacheBehaviors().items();
  }

  /** Its path is the narrowest there is, and the first one that matches counts. */
  private static DistributionConfig with(DistributionConfig config, Origin origin, CacheBehavior behavior) {
    return having(
        config, Stream.concat(config.origins().items().stream(), Stream.of(origin)).toList(),
        Stream.concat(Stream.of(behavior), behaviors(config).stream()).toList());
  }

  private static DistributionConfig without(WantedStream stream, DistributionConfig config) {
    List<Origin> origins = config.origins().items().stream().filter(one -> !one.id().equals(origin(stream))).toList();
    List<CacheBehavior> behaviors =
        behaviors(config).stream().filter(one -> !one.targetOriginId().equals(origin(stream))).toList();
    return origins.size() == config.origins().items().size() && behaviors.size() == behaviors(config).size()
        ? config
        : having(config, origins, behaviors);
  }

  private static DistributionConfig having(DistributionConfig config, List<Origin> origins, List<CacheBehavior> behaviors) {
    return config.copy(
        copy -> copy.origins(all -> all.quantity(origins.size()).items(origins))
            .cacheBehaviors(all -> all.quantity(behaviors.size()).items(behaviors)));
  }

  private Optional<GetDistributionResponse> read(String id) {
    return Found.of(() -> front.getDistribution(get -> get.id(id)));
  }

  private GetDistributionResponse required(String id) {
    return read(id).orElseThrow(() -> new InputFailure(
        "there is no CloudFront distribution " + id + "; correct reelway.workflow.aws.cloudfront-distribution"));
  }

  /** One after the other: those of this program do not overtake each other. */
  private synchronized void change(String id, GetDistributionResponse first, UnaryOperator<DistributionConfig> change) {
    GetDistributionResponse now = first;
    for (int left = TRIES; ; left--) {
      DistributionConfig before = now.distribution().distributionConfig();
      DistributionConfig after = change.apply(before);
      if (after.equals(before)) {
        return;
      }
      try {
        String version = now.eTag();
        front.updateDistribution(update -> update.id(id).ifMatch(version).distributionConfig(after));
        return;
      } catch (AwsRefusal refusal) {
        if (!refusal.isStale() || left == 1) {
          throw refusal;
        }
        now = required(id);
      }
    }
  }
}
