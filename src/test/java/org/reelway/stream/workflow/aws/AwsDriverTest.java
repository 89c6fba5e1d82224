package org.reelway.stream.workflow.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.stream.workflow.Reached;
import org.reelway.stream.workflow.StreamDriver.RunningCost;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.stream.workflow.aws.AwsStandIn.Refused;
import org.reelway.stream.workflow.aws.Streams.Facts;

/** A stream's life at AWS, as a stand-in that keeps to the public API has it. */
class AwsDriverTest {
  private static final String ROOT_1 = "s3://archive/2026/11/30/" + Streams.ID + "-1/";
  private static final WantedStream NEW = Streams.stream(Wanted.STOPPED, false, 0);
  private static final WantedStream STARTED = Streams.stream(Wanted.STARTED, false, 1);
  private static final WantedStream STOPPED = Streams.stream(Wanted.STOPPED, false, 1);
  private static final WantedStream DELETED = Streams.stream(Wanted.DELETED, false, 1);

  private final AwsStandIn aws = new AwsStandIn();
  private final Facts facts = new Facts();
  /** Answered in place of the stand-in's word, for calls that begin so. */
  private String refusedCall = "none";
  private Refused refusal;
  private final AwsDriver driver = Streams.driver(StandInHttp.straight(aws, this::refused));

  private Optional<AwsStandIn.Answer> refused(String call) {
    return call.startsWith(refusedCall)
        ? Optional.of(AwsStandIn.refusal(refusal, call.contains("distribution")))
        : Optional.empty();
  }

  private void refuse(String call, int status, String code, String message) {
    refusedCall = call;
    refusal = new Refused(status, code, message);
  }

  private JsonNode channel() {
    List<String> all = aws.of("/prod/channels/");
    assertThat(all).hasSize(1);
    return aws.things.get(all.get(0));
  }

  @Test
  void aStreamLivesOverHttpAndNothingIsLeftOfIt() throws IOException {
    HttpServer server = StandInHttp.serve(aws);
    AwsTerms terms = Streams.terms(StandInHttp.at(server));
    try (AwsDriver real = new AwsDriver(terms, new AwsClients(Streams.store(), terms.region(), terms.endpoint()))) {
      Streams.until(real, NEW, facts);
      Streams.until(real, Streams.stream(Wanted.STARTED, true, 1), facts);

      assertThat(channel().path("state").asText()).isEqualTo("RUNNING");
      assertThat(aws.named("reelway-" + Streams.ID)).isEqualTo(2);

      Streams.until(real, STOPPED, facts);
      Streams.until(real, DELETED, facts);
    } finally {
      server.stop(0);
    }
    assertThat(aws.things).isEmpty();
    assertThat(aws.parameters).isEmpty();
    assertThat(aws.named("reelway-")).isZero();
    assertThat(facts.all).isEmpty();
  }

  @Test
  void creatingGivesTwoIngestsWithKeysOfTheirOwnAndBothViewersAddresses() {
    Streams.until(driver, NEW, facts);

    assertThat(facts.all.get(StreamFacts.RTMP1)).matches("rtmp://192\\.0\\.2\\.1:1935/app/rk[0-9a-f]{32}");
    assertThat(facts.all.get(StreamFacts.RTMP2)).matches("rtmp://192\\.0\\.2\\.2:1935/app/rk[0-9a-f]{32}");
    assertThat(facts.all.get(StreamFacts.RTMP1)).doesNotEndWith(facts.all.get(StreamFacts.RTMP2).replaceAll(".*/", ""));
    assertThat(facts.all.get(StreamFacts.VIEWER))
        .isEqualTo("https://abc.mediapackage.us-west-2.amazonaws.com/out/v1/" + Streams.ID + "/index.m3u8");
    assertThat(facts.all.get(StreamFacts.PUBLIC_VIEWER))
        .isEqualTo("https://d111.cloudfront.net/out/v1/" + Streams.ID + "/index.m3u8");
    assertThat(facts.all.get(StreamFacts.SSM_PATHS))
        .isEqualTo("/Medialive_api/user1" + Streams.ID + ",/Medialive_api/user2" + Streams.ID);
    assertThat(aws.parameters).containsEntry("/Medialive_api/user1" + Streams.ID, "password1" + Streams.ID);
    assertThat(facts.all.get(StreamFacts.LIVE_CHANNEL)).isEqualTo(channel().path("id").asText());
  }

  @Test
  void aChannelIsWhatTheShippedTemplateSays() {
    Streams.until(driver, NEW, facts);

    JsonNode channel = channel();
    assertThat(channel.path("channelClass").asText()).isEqualTo("STANDARD");
    assertThat(channel.path("roleArn").asText()).isEqualTo("arn:aws:iam::123456789012:role/live");
    assertThat(channel.path("tags").path("reelway-stream").asText()).isEqualTo(Streams.ID);
    assertThat(channel.path("destinations").path(0).path("settings").path(1).toString()).isEqualTo(
        "{\"passwordParam\":\"/Medialive_api/user2" + Streams.ID + "\",\"url\":\"https://ingest2.example/in/v2/" + Streams.ID
            + "/channel\",\"username\":\"user2" + Streams.ID + "\"}");
    assertThat(channel.path("encoderSettings").path("videoDescriptions").findValuesAsText("bitrate"))
        .containsExactly("800000", "2200000", "4700000", "8000000", "7000000");
    JsonNode archive = channel.path("encoderSettings").path("outputGroups").path(1);
    assertThat(archive.path("outputGroupSettings").path("archiveGroupSettings").path("rolloverInterval").asInt()).isEqualTo(300);
    assertThat(archive.findValue("archiveOutputSettings").path("nameModifier").asText()).isEqualTo("$dt$");
    JsonNode endpoint = aws.things.get("/origin_endpoints/" + Streams.ID);
    assertThat(endpoint.path("hlsPackage").path("playlistType").asText()).isEqualTo("EVENT");
    assertThat(endpoint.path("startoverWindowSeconds").asInt()).isEqualTo(7200);
  }

  @Test
  void aSessionWritesItsArchiveBelowItsOwnRootAndTheNextOneBelowAnother() {
    Streams.until(driver, STARTED, facts);
    assertThat(channel().path("destinations").path(1).findValuesAsText("url")).containsExactly(ROOT_1 + "_1", ROOT_1 + "_2");
    assertThat(channel().path("destinations").path(0).findValuesAsText("url")).allMatch(url -> url.startsWith("https://ingest"));

    Streams.until(driver, STOPPED, facts);
    assertThat(channel().path("state").asText()).isEqualTo("IDLE");
    Streams.until(driver, Streams.stream(Wanted.STARTED, false, 2), facts);
    assertThat(channel().path("destinations").path(1).findValuesAsText("url"))
        .allMatch(url -> url.startsWith("s3://archive/2026/11/30/" + Streams.ID + "-2/_"));
    assertThat(channel().path("state").asText()).isEqualTo("RUNNING");
  }

  @Test
  void aSegmentLengthThatWasChangedCountsFromTheNextStart() {
    Streams.until(driver, STARTED, facts);
    Streams.until(driver, STOPPED, facts);
    WantedStream longer =
        new WantedStream(
            STARTED.id(), "n", "d", Duration.ofMinutes(10), STARTED.startoverWindow(), STARTED.keyRotation(),
            Wanted.STARTED, false, STARTED.session());

    Streams.until(driver, longer, facts);

    assertThat(channel().findValue("archiveGroupSettings").path("rolloverInterval").asInt()).isEqualTo(600);
    assertThat(channel().path("encoderSettings").path("videoDescriptions")).hasSize(5);
  }

  @Test
  void aStartSetsTheStartOverWindowAndLeavesAllElseOfTheEndpoint() {
    Streams.until(driver, NEW, facts);
    aws.things.get("/origin_endpoints/" + Streams.ID).put("timeDelaySeconds", 7);
    WantedStream shorter =
        new WantedStream(
            STARTED.id(), "n", "d", STARTED.segmentLength(), Duration.ofMinutes(5), STARTED.keyRotation(),
            Wanted.STARTED, false, STARTED.session());

    Streams.until(driver, shorter, facts);

    JsonNode endpoint = aws.things.get("/origin_endpoints/" + Streams.ID);
    assertThat(endpoint.path("startoverWindowSeconds").asInt()).isEqualTo(300);
    assertThat(endpoint.path("timeDelaySeconds").asInt()).isEqualTo(7);
    assertThat(endpoint.path("hlsPackage").path("playlistWindowSeconds").asInt()).isEqualTo(60);
    assertThat(endpoint.path("hlsPackage").has("encryption")).isFalse();
  }

  @Test
  void anEndpointThatHasAKeyServerGetsTheIntervalOfKeysAndKeepsTheServer() {
    Streams.until(driver, NEW, facts);
    ((ObjectNode) aws.things.get("/origin_endpoints/" + Streams.ID).path("hlsPackage")).putObject("encryption")
        .put("keyRotationIntervalSeconds", 9).putObject("spekeKeyProvider").put("resourceId", "keys").put("url", "https://keys.example");

    Streams.until(driver, STARTED, facts);

    JsonNode keys = aws.things.get("/origin_endpoints/" + Streams.ID).path("hlsPackage").path("encryption");
    assertThat(keys.path("keyRotationIntervalSeconds").asInt()).isEqualTo(60);
    assertThat(keys.path("spekeKeyProvider").path("url").asText()).isEqualTo("https://keys.example");
  }

  @Test
  void aStreamThatIsDoneCostsOneQuestion() {
    Streams.until(driver, Streams.stream(Wanted.STARTED, true, 1), facts);
    int before = aws.calls.size();

    assertThat(driver.reconcile(Streams.stream(Wanted.STARTED, true, 1), facts).isDone()).isTrue();

    assertThat(aws.calls.subList(before, aws.calls.size())).containsExactly("GET /prod/channels/" + channel().path("id").asText());
  }

  @Test
  void goingLiveTwiceAddsOneOriginAndOneBehaviorAndOthersStay() {
    Streams.until(driver, Streams.stream(Wanted.STOPPED, true, 0), facts);
    facts.all.remove(StreamFacts.IS_PUBLIC);
    Streams.until(driver, Streams.stream(Wanted.STOPPED, true, 0), facts);

    assertThat(aws.named("<Id>reelway-" + Streams.ID + "</Id>")).isEqualTo(1);
    assertThat(aws.named("<PathPattern>/out/v1/" + Streams.ID + "/*</PathPattern>")).isEqualTo(1);
    assertThat(aws.named("<Id>site</Id>")).isEqualTo(1);
    assertThat(facts.all).containsEntry(StreamFacts.IS_PUBLIC, "true");

    Streams.until(driver, NEW, facts);
    assertThat(aws.named("reelway-")).isZero();
    assertThat(aws.named("<Id>site</Id>")).isEqualTo(1);
    assertThat(facts.all).doesNotContainKey(StreamFacts.IS_PUBLIC);
  }

  @Test
  void anotherDistributionOfTheSettingsIsGoneTo() {
    WantedStream live = Streams.stream(Wanted.STOPPED, true, 0);
    Streams.until(driver, live, facts);
    String address = facts.all.get(StreamFacts.PUBLIC_VIEWER);
    AwsDriver none = withoutDistribution();
    Streams.until(none, live, facts);
    assertThat(aws.named("reelway-")).isZero();
    assertThat(facts.all).doesNotContainKeys(StreamFacts.IS_PUBLIC, StreamFacts.PUBLIC_VIEWER);

    Streams.until(driver, live, facts);
    assertThat(aws.named("<Id>reelway-" + Streams.ID + "</Id>")).isEqualTo(1);
    assertThat(facts.all).containsEntry(StreamFacts.IS_PUBLIC, "true").containsEntry(StreamFacts.PUBLIC_VIEWER, address);
  }

  private AwsDriver withoutDistribution() {
    AwsTerms terms = Streams.terms(URI.create("http://127.0.0.1:9"), Optional.empty());
    return new AwsDriver(
        terms,
        new AwsClients(Streams.store(), terms.region(), terms.endpoint(), StandInHttp.straight(aws, this::refused)));
  }

  @Test
  void whoIsOvertakenAtTheDistributionBeginsAnew() {
    aws.overtaken = 3;
    Streams.until(driver, Streams.stream(Wanted.STOPPED, true, 0), facts);
    assertThat(aws.named("<Id>reelway-" + Streams.ID + "</Id>")).isEqualTo(1);

    aws.overtaken = 100;
    assertThat(driver.reconcile(NEW, facts).waitsFor()).contains("CloudFront UpdateDistribution answers 412");
  }

  @Test
  void aChannelThatSomebodyDeletedIsMadeAnew() {
    Streams.until(driver, STARTED, facts);
    aws.things.remove(aws.of("/prod/channels/").get(0));
    assertThatThrownBy(() -> driver.reconcile(STARTED, facts)).isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("is no more");

    Streams.until(driver, STARTED, facts);

    assertThat(channel().path("state").asText()).isEqualTo("RUNNING");
    assertThat(aws.of("/prod/inputs/")).hasSize(1);
  }

  @Test
  void listingsThatAreBehindMakeNothingTwice() {
    aws.listsAreBehind = true;
    for (String lost : List.of(StreamFacts.LIVE_INPUT, StreamFacts.LIVE_CHANNEL)) {
      facts.beforeEachSet = name -> {
        if (name.equals(lost)) {
          throw new StandInHttp.Crash();
        }
      };
      assertThatThrownBy(() -> driver.reconcile(NEW, facts)).isInstanceOf(StandInHttp.Crash.class);
    }
    facts.beforeEachSet = name -> {};
    Streams.until(driver, NEW, facts);

    channel();
    assertThat(aws.of("/prod/inputs/")).hasSize(1);
  }

  @Test
  void whatIsOnALaterPageOfAListingIsFound() {
    aws.page = 2;
    aws.honoursRequestIds = false;
    for (int i = 0; i < 5; i++) {
      aws.call("POST", "/prod/inputs", Map.of(), "{\"requestId\":\"" + i + "\",\"tags\":{\"reelway-stream\":\"other" + i + "\"}}");
    }
    Streams.until(driver, NEW, facts);
    facts.all.remove(StreamFacts.LIVE_INPUT);
    facts.all.remove(StreamFacts.LIVE_CHANNEL);

    Streams.until(driver, NEW, facts);

    assertThat(aws.of("/prod/inputs/")).hasSize(6);
    channel();
    assertThat(costs(Wanted.STOPPED)).hasSize(8);
  }

  @Test
  void statesThatPassSlowlyAreAskedForAndNeverWaitedFor() {
    aws.looks = 7;
    long begun = System.nanoTime();
    Reached first = driver.reconcile(STARTED, facts);

    assertThat(first.isDone()).isFalse();
    assertThat(first.waitsFor()).matches("MediaLive channel \\d+ \\(CREATING\\)");
    Streams.until(driver, STARTED, facts);
    Streams.until(driver, DELETED, facts);
    assertThat(aws.things).isEmpty();
    assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(20).toNanos());
  }

  @Test
  void whoAsksTooOftenIsToldToComeAgain() {
    refuse("POST /prod/channels", 429, "TooManyRequestsException", "slow down");
    assertThatThrownBy(() -> driver.reconcile(NEW, facts)).isInstanceOf(DestinationFailure.class)
        .hasMessage("MediaLive CreateChannel answers 429 TooManyRequestsException (slow down); it is asked again, later each time");

    refusedCall = "none";
    Streams.until(driver, NEW, facts);
    assertThat(aws.of("/prod/inputs/")).hasSize(1);
    channel();
  }

  @Test
  void aRightThatIsMissingIsNamed() {
    refuse("POST /prod/channels", 403, "ForbiddenException", "not allowed");
    assertThatThrownBy(() -> driver.reconcile(NEW, facts)).isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("allow the credentials of reelway.store.* medialive:CreateChannel and iam:PassRole for"
            + " reelway.workflow.aws.role-arn (docs/workflow.md has the whole policy)");

    refuse("POST /AmazonSSM", 400, "AccessDeniedException", "not authorized to perform: ssm:PutParameter");
    assertThatThrownBy(() -> driver.reconcile(NEW, facts)).isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("allow the credentials of reelway.store.* ssm:PutParameter");
  }

  @Test
  void aQuotaThatIsReachedSaysWhereToAskForMore() {
    refuse("POST /prod/channels", 403, "LimitExceededException", "Channel limit exceeded");
    assertThatThrownBy(() -> driver.reconcile(NEW, facts)).isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("AWS Service Quotas");

    refuse("PUT /2020-05-31/distribution", 400, "TooManyCacheBehaviors", "too many");
    Streams.until(driver, NEW, facts);
    Reached reached = driver.reconcile(Streams.stream(Wanted.STOPPED, true, 0), facts);
    assertThat(reached.isDone()).isTrue();
    assertThat(reached.waitsFor()).contains("TooManyCacheBehaviors").contains("Quotas");
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "Resource limit exceeded", "You have exceeded your quota of channels", "The limit was reached",
      "you have reached the maximum number of inputs"})
  void quotasAreKnownByTheirWords(String words) {
    refuse("POST /channels", 422, "UnprocessableEntityException", words);
    assertThatThrownBy(() -> driver.reconcile(NEW, facts)).isInstanceOf(DestinationFailure.class).hasMessageContaining("Quotas");
  }

  @Test
  void whatTheTemplateHasWrongIsToldAsAwsNamesIt() {
    refuse("POST /prod/channels", 422, "UnprocessableEntityException", "bitrate is too high");
    assertThatThrownBy(() -> driver.reconcile(NEW, facts)).isInstanceOf(InputFailure.class)
        .hasMessageContaining("MediaLive CreateChannel answers 422 UnprocessableEntityException (bitrate is too high")
        .hasMessageContaining("template");
  }

  @Test
  void noMessageHoldsAKeyOrAPassword() {
    aws.bodies.clear();
    refusedCall = "POST /prod/inputs";
    refusal = new Refused(400, "BadRequestException", "app/rk0123456789abcdef0123456789abcdef is no good");
    assertThatThrownBy(() -> driver.reconcile(NEW, facts)).hasMessageContaining("app/*** is no good");
    refusedCall = "POST /AmazonSSM";
    refusal = new Refused(400, "ValidationException", "Value 'password1' at 'value' failed to satisfy constraint");
    assertThatThrownBy(() -> driver.reconcile(NEW, facts)).hasMessageNotContaining("password1");
  }

  @Test
  void anotherOnesPackageChannelOfThatNameIsNotTouched() {
    aws.call("POST", "/channels", Map.of(), "{\"id\":\"" + Streams.ID + "\"}");
    assertThatThrownBy(() -> driver.reconcile(NEW, facts)).isInstanceOf(InputFailure.class)
        .hasMessageContaining("without the tag reelway-stream=" + Streams.ID);

    Streams.until(driver, DELETED, facts);
    assertThat(aws.things).containsOnlyKeys("/channels/" + Streams.ID);
  }

  @Test
  void aDistributionThatRefusesHoldsUpNoDeleteOfWhatCostsMoney() {
    Streams.until(driver, Streams.stream(Wanted.STARTED, true, 1), facts);
    refuse("PUT /2020-05-31/distribution", 403, "AccessDenied", "no");

    assertThatThrownBy(() -> Streams.until(driver, DELETED, facts)).isInstanceOf(DestinationFailure.class)
        .hasMessageContaining("cloudfront:UpdateDistribution");
    assertThat(aws.things).isEmpty();

    refusedCall = "none";
    Streams.until(driver, DELETED, facts);
    assertThat(aws.named("reelway-")).isZero();
    assertThat(facts.all).isEmpty();
  }

  @Test
  void withoutADistributionThereIsNoPublicAddress() {
    AwsDriver none = withoutDistribution();
    Streams.until(none, NEW, facts);
    assertThat(facts.all).doesNotContainKey(StreamFacts.PUBLIC_VIEWER);

    WantedStream live = Streams.stream(Wanted.STARTED, true, 1);
    Streams.until(none, live, facts);
    assertThat(channel().path("state").asText()).isEqualTo("RUNNING");
    assertThat(none.reconcile(live, facts).waitsFor()).contains("reelway.workflow.aws.cloudfront-distribution is not set");
    Streams.until(none, DELETED, facts);
    assertThat(aws.things).isEmpty();
  }

  private List<RunningCost> costs(Wanted wanted) {
    return driver.costs(id -> id.equals(Streams.ID) ? Optional.of(wanted) : Optional.empty());
  }

  @Test
  void whatIsBilledIsListedAlsoOfStreamsThatNobodyKnows() {
    Streams.until(driver, STARTED, facts);
    aws.call("POST", "/channels", Map.of(), "{\"id\":\"old\",\"tags\":{\"reelway-stream\":\"gone\"}}");
    aws.call("POST", "/channels", Map.of(), "{\"id\":\"another\",\"tags\":{}}");
    String id = channel().path("id").asText();

    assertThat(costs(Wanted.STARTED)).containsExactly(
        new RunningCost(Streams.ID, "MediaLive channel " + id + ", RUNNING", true),
        new RunningCost(Streams.ID, "MediaLive input " + facts.all.get(StreamFacts.LIVE_INPUT) + ", ATTACHED", true),
        new RunningCost(Streams.ID, "MediaPackage channel " + Streams.ID, true),
        new RunningCost("gone", "MediaPackage channel old", false));

    driver.reconcile(STOPPED, facts);
    assertThat(costs(Wanted.STOPPED).get(0)).isEqualTo(new RunningCost(Streams.ID, "MediaLive channel " + id + ", STOPPING", false));
  }
}
