package org.reelway.stream.workflow.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.stream.workflow.aws.Streams.Facts;
import org.reelway.testkit.Moto;
import org.reelway.transfer.store.Trust;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.medialive.model.ChannelState;

/** Against moto_server, AWS's interface written by others; skipped, and says so, where it is not installed. */
class AwsDriverMotoIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  /** moto knows no ingests of MediaPackage, and no addresses of inputs: all else is its own. */
  private static final class Completing implements SdkHttpClient {
    private final SdkHttpClient http;

    Completing(SdkHttpClient http) {
      this.http = http;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      String path = request.httpRequest().encodedPath();
      ExecutableHttpRequest call = http.prepareRequest(request);
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() throws IOException {
          HttpExecuteResponse answer = call.call();
          boolean isOne = path.matches("/channels(/.*)?|/prod/inputs/.*") && answer.httpResponse().isSuccessful();
          return isOne ? completed(answer) : answer;
        }

        @Override
        public void abort() {
          call.abort();
        }
      };
    }

    private static HttpExecuteResponse completed(HttpExecuteResponse answer) throws IOException {
      JsonNode body = JSON.readTree(answer.responseBody().orElseThrow().readAllBytes());
      if (body instanceof ObjectNode one && one.has("id") && !one.has("securityGroups")) {
        ArrayNode ingests = one.putObject("hlsIngest").putArray("ingestEndpoints");
        ingests.addObject().put("url", "https://one.example").put("username", "one").put("password", "p1");
        ingests.addObject().put("url", "https://two.example").put("username", "two").put("password", "p2");
      }
      for (JsonNode to : body.path("destinations")) {
        ((ObjectNode) to).put("url", "rtmp://192.0.2.1/app/key");
      }
      return HttpExecuteResponse.builder().response(answer.httpResponse())
          .responseBody(AbortableInputStream.create(new ByteArrayInputStream(JSON.writeValueAsBytes(body)))).build();
    }

    @Override
    public void close() {
      http.close();
    }
  }

  @Test
  void aStreamLivesAtMotoAndNothingIsLeftOfIt() throws Exception {
    try (Moto moto = Moto.start(folder)) {
      livesAt(moto.endpoint());
    }
  }

  private static void livesAt(URI moto) {
    Facts facts = new Facts();
    SdkHttpClient http = new Completing(new AwsHttp(Trust.platform("none")));
    try (AwsClients clients = new AwsClients(Streams.store(), "us-west-2", moto, http)) {
      String distribution = clients.front.createDistribution(create -> create.distributionConfig(config())).distribution().id();
      AwsDriver driver = new AwsDriver(Streams.terms(moto, Optional.of(distribution)), clients);

      Streams.until(driver, Streams.stream(Wanted.STOPPED, false, 0), facts);
      assertThat(facts.all.get(StreamFacts.RTMP1)).isEqualTo("rtmp://192.0.2.1/app/key");
      assertThat(clients.parameters.getParameter(get -> get.name("/Medialive_api/one").withDecryption(true)).parameter().value())
          .isEqualTo("p1");

      Streams.until(driver, Streams.stream(Wanted.STARTED, true, 1), facts);
      String channel = facts.all.get(StreamFacts.LIVE_CHANNEL);
      assertThat(clients.live.describeChannel(ask -> ask.channelId(channel)).state()).isEqualTo(ChannelState.RUNNING);
      assertThat(driver.costs(id -> Optional.of(Wanted.STARTED))).hasSize(3).allMatch(cost -> cost.stream().equals(Streams.ID) && cost.isWanted());
      assertThat(clients.front.getDistribution(get -> get.id(distribution)).distribution().distributionConfig().origins().items())
          .hasSize(2);

      Streams.until(driver, Streams.stream(Wanted.DELETED, false, 1), facts);
      assertThat(driver.costs(id -> Optional.of(Wanted.STARTED))).isEmpty();
      assertThat(clients.front.getDistribution(get -> get.id(distribution)).distribution().distributionConfig().origins().items())
          .hasSize(1);
      assertThat(facts.all).isEmpty();
    }
  }

  private static DistributionConfig config() {
    return DistributionConfig.builder().callerReference("r").comment("").enabled(true)
        .origins(all -> all.quantity(1).items(
            one -> one.id("site").domainName("site.example.com")
                .customOriginConfig(at -> at.httpPort(80).httpsPort(443).originProtocolPolicy("https-only"))))
        .defaultCacheBehavior(all -> all.targetOriginId("site").viewerProtocolPolicy("allow-all")).build();
  }
}
