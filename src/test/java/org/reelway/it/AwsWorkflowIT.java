package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.stream.workflow.aws.AwsStandInServer;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.CommandLine;

/** The API {@code /streams} with the AWS driver, its libraries added by the launcher, killed on the way. */
class AwsWorkflowIT {
  private static final URI NO_STORE = URI.create("http://127.0.0.1:9");

  @TempDir private Path folder;

  private CommandLine sidecar(URI aws) {
    return ChildReelway.sidecar(folder, NO_STORE)
        .set("reelway.workflow.driver", "aws")
        .set("reelway.workflow.aws.region", "us-west-2")
        .set("reelway.workflow.aws.endpoint", aws)
        .set("reelway.workflow.aws.role-arn", "arn:aws:iam::123456789012:role/live")
        .set("reelway.workflow.aws.input-security-group", "7654321")
        .set("reelway.workflow.aws.cloudfront-distribution", AwsStandInServer.DISTRIBUTION);
  }

  private static JsonNode stream(ChildReelway reelway, String id) {
    return reelway.http().get("/streams/" + id).json();
  }

  private static void awaitState(ChildReelway reelway, String id, String state) {
    reelway.await("the stream is " + state, () -> stream(reelway, id).path("state").asText().equals(state));
  }

  @Test
  void aStreamLivesAcrossKillsAndNothingIsLeftOfItAtAws() throws IOException {
    try (AwsStandInServer aws = new AwsStandInServer()) {
      CommandLine sidecar = sidecar(aws.uri());
      String id;
      String key;
      try (ChildReelway reelway = sidecar.startReady()) {
        JsonNode made =
            reelway.http().post("/streams", "application/json", "{\"name\":\"concert\",\"description\":\"in the hall\"}").json();
        id = made.path("id").asText();
        assertThat(made.path("rtmp1").asText()).matches("rtmp://192\\.0\\.2\\.1:1935/app/rk[0-9a-f]{32}");
        assertThat(made.path("ssm_paths")).hasSize(2);
        key = made.path("rtmp1").asText().replaceAll(".*/", "");
        reelway.kill();
      }
      try (ChildReelway reelway = sidecar.startReady()) {
        assertThat(reelway.http().get("/streams?cost=true").json().findValuesAsText("wanted")).isNotEmpty().containsOnly("true");
        awaitState(reelway, id, "stopped");
        reelway.http().post("/streams/" + id + "/start", "application/json", "{}");
        reelway.http().post("/streams/" + id + "/live", "application/json", "");
        reelway.kill();
      }
      try (ChildReelway reelway = sidecar.startReady()) {
        awaitState(reelway, id, "started");
        JsonNode started = stream(reelway, id);
        assertThat(started.path("cloudfront_associated").asBoolean()).isTrue();
        assertThat(started.path("viewer_endpoint_cloudfront").asText()).startsWith("https://d111.cloudfront.net/out/v1/");
        assertThat(aws.archives()).allMatch(url -> url.startsWith(started.path("archives_path").path(
            started.path("current_session_id").asText()).asText()));
        JsonNode costs = reelway.http().get("/streams?cost=true").json();
        assertThat(costs.findValuesAsText("what")).anyMatch(what -> what.matches("MediaLive channel \\d+, RUNNING"));

        reelway.http().post("/streams/" + id + "/stop", "application/json", "");
        awaitState(reelway, id, "stopped");
        assertThat(reelway.http().delete("/streams/" + id).status()).isLessThan(300);
        reelway.kill();
        assertThat(reelway.err()).doesNotContain(key).doesNotContain("password1");
      }
      try (ChildReelway reelway = sidecar.startReady()) {
        reelway.await("the stream is gone", () -> reelway.http().get("/streams/" + id).status() == 404);
        assertThat(reelway.http().get("/streams?cost=true").json()).isEmpty();
      }
      assertThat(aws.left()).isEmpty();
    }
  }
}
