package org.reelway.stream.server.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.Failure;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.ServerAway;
import org.reelway.stream.server.StreamFacts;

/** Each server's answers, over HTTP. */
class ServerApisTest {
  private final Map<String, String> answers = new TreeMap<>();
  private HttpServer server;
  private URI base;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body = answers.get(exchange.getRequestURI().getPath());
          byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
          }
        });
    server.start();
    base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private ServerApi api(ServerApi.Kind kind) {
    return new ServerApi(kind, "s1", base);
  }

  @Test
  void srsTellsPublishersOfEachVirtualHost() {
    answers.put("/api/v1/streams", ServerRequests.text("srs/api-streams.json"));
    answers.put("/api/v1/vhosts", ServerRequests.text("srs/api-vhosts.json"));

    List<StreamFacts> live = new SrsApi(api(ServerApi.Kind.SRS)).live();

    assertThat(live).extracting(StreamFacts::app).containsExactly("live", "video.test.com/live");
    assertThat(live).extracting(StreamFacts::name).containsExactly("1", "1");
    assertThat(live).extracting(StreamFacts::session).containsExactly("0454644q", "c9");
  }

  @Test
  void aStreamThatCanHaveNoSuchNameIsLeftOutAndHidesNoOther() {
    String nul = "a\\u0000b";
    answers.put("/api/v1/vhosts", "{\"code\": 0, \"vhosts\": []}");
    answers.put("/api/v1/streams", "{\"code\": 0, \"streams\": [" + srs(nul, "live") + "," + srs("x", nul) + "," + srs("good", "live") + "]}");
    answers.put("/v3/paths/list", "{\"pageCount\": 1, \"items\": [{\"name\": \"" + nul + "\", \"ready\": true}, {\"name\": \""
        + "n".repeat(1001) + "\", \"ready\": true}, {\"name\": \"good\", \"ready\": true}]}");

    assertThat(new SrsApi(api(ServerApi.Kind.SRS)).live()).extracting(StreamFacts::name).containsExactly("good");
    assertThat(new MediaMtxApi(api(ServerApi.Kind.MEDIAMTX)).live()).extracting(StreamFacts::name).containsExactly("good");
  }

  private static String srs(String name, String app) {
    return "{\"id\": \"1\", \"name\": \"" + name + "\", \"app\": \"" + app + "\", \"publish\": {\"active\": true, \"cid\": \"c\"}}";
  }

  @Test
  void mediaMtxTellsPathsThatAreReady() {
    answers.put("/v3/paths/list", ServerRequests.text("mediamtx/paths-list.json"));

    StreamFacts live = new MediaMtxApi(api(ServerApi.Kind.MEDIAMTX)).live().get(0);

    assertThat(live.name()).isEqualTo("live/cam 1");
    assertThat(live.session()).isEqualTo("8d5a5f2e-0e52-4d4a-9c0b-6f6b6d3f5c11");
    assertThat(live.details()).containsEntry("since", "2026-11-21T17:59:00.500Z")
        .containsEntry("videoCodec", "H264").containsEntry("audioCodec", "MPEG-4 Audio");
  }

  @Test
  void emsTellsTheSameAsItsEvents() {
    answers.put("/listStreams", ServerRequests.text("ems/api-listStreams.json"));

    StreamFacts live = new EmsApi(api(ServerApi.Kind.EMS)).live().get(0);

    assertThat(live.name()).isEqualTo("forwardthese cam 1");
    assertThat(live.direction()).isEqualTo("in");
    assertThat(live.session()).isEqualTo("12");
  }

  @Test
  void aServerThatAnswersWrongIsNotTakenForOneWithoutStreams() {
    answers.put("/listStreams", "{\"status\":\"FAIL\",\"description\":\"no\",\"data\":null}");

    assertThatThrownBy(() -> new EmsApi(api(ServerApi.Kind.EMS)).live())
        .isInstanceOf(DestinationFailure.class).hasMessageContaining("FAIL: no");
    assertThatThrownBy(() -> new MediaMtxApi(api(ServerApi.Kind.MEDIAMTX)).live())
        .isInstanceOf(DestinationFailure.class).hasMessageContaining("status 404");
    answers.put("/v3/paths/list", "{\"error\":\"no\"");
    assertThatThrownBy(() -> new MediaMtxApi(api(ServerApi.Kind.MEDIAMTX)).live()).isInstanceOf(Failure.class);
  }

  @Test
  void whereNothingListensTheServerIsAway() {
    server.stop(0);

    assertThatThrownBy(() -> new MediaMtxApi(api(ServerApi.Kind.MEDIAMTX)).live())
        .isInstanceOf(ServerAway.class).hasMessageContaining("nothing listens at " + base);
  }
}
