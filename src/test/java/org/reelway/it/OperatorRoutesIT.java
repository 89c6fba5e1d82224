package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.BrokerService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.media.ffmpeg.RecordedTestStream;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.Recipe;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;

/** What an operator does by YAML alone: the very files of docs/examples, put where they say, checked and run. */
class OperatorRoutesIT {
  @TempDir Path folder;
  private TestStore store;
  private SlowWire wire;
  private Recordings recordings;
  private Path routes;
  private HttpServer chat;
  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private volatile int refusals;

  @BeforeEach
  void start() throws IOException {
    store = TestStore.start(folder.resolve("store"));
    wire = SlowWire.to(store.endpoint(), Long.MAX_VALUE / 4);
    recordings = new Recordings(folder.resolve("recordings"));
    routes = Recipe.shippedRoutes(folder.resolve("routes"));
    chat = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    chat.createContext("/told", call -> {
      boolean refused = asked.incrementAndGet() <= refusals;
      told.add(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
          + call.getRequestHeaders().keySet().stream().filter(name -> name.matches("(?i)recording.*|object.*")).toList());
      call.sendResponseHeaders(refused ? 503 : 204, -1);
      call.close();
    });
    chat.start();
  }

  @AfterEach
  void stop() {
    chat.stop(0);
    wire.close();
    store.close();
  }

  private String chatUrl() {
    return "chat.url=http://127.0.0.1:" + chat.getAddress().getPort() + "/told\n";
  }

  private ChildReelway.CommandLine checked(String settings, List<String> recipes) throws IOException {
    for (String recipe : recipes) {
      Recipe.add(recipe, routes);
    }
    Files.writeString(folder.resolve("application.properties"), settings);
    var check = ChildReelway.command(folder, "check")
        .set("reelway.store.endpoint", store.endpoint())
        .set("reelway.store.bucket", TestStore.BUCKET)
        .set("reelway.store.access-key", TestStore.ACCESS_KEY)
        .set("reelway.store.secret-key", TestStore.SECRET_KEY)
        .set("reelway.routes.folder", routes)
        .environment("REELWAY_LIB", Files.createDirectories(folder.resolve("jars")).toString())
        .environment("OTHER_ACCESS_KEY", TestStore.ACCESS_KEY)
        .environment("OTHER_SECRET_KEY", TestStore.SECRET_KEY)
        .finish();
    assertThat(check.out()).contains("routes are valid");
    assertThat(check.code()).isZero();
    return ChildReelway.sidecar(folder, wire.endpoint())
        .set("reelway.routes.folder", routes)
        .set("reelway.recordings.tidy", "delete")
        .environment("REELWAY_LIB", folder.resolve("jars").toString())
        .environment("OTHER_ACCESS_KEY", TestStore.ACCESS_KEY)
        .environment("OTHER_SECRET_KEY", TestStore.SECRET_KEY)
        .environment("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required");
  }

  @Test
  void aStepAfterTheUploadThatFailsIsRepeatedAndTheTransferIsNot() throws IOException {
    refusals = 2;
    Path file = recordings.random("show \"1\".mp4", 11 * Recordings.MIB, 3);
    long size = Files.size(file);
    byte[] content = Recordings.bytes(file);
    try (ChildReelway child = checked(chatUrl(), List.of("webhook.steps.yaml")).startReady()) {
      Recordings.mark(file);

      child.await("the chat refused", () -> asked.get() >= 1);
      assertThat(asked.get() > refusals || Files.exists(file) && Recordings.isMarked(file)).isTrue();
      child.await("the marker is gone", () -> !Recordings.isMarked(file));

      assertThat(told).hasSize(refusals + 1)
          .containsOnly("{\"text\": \"show \\\"1\\\".mp4 is in recordings as show \\\"1\\\".mp4\"}[]");
      assertThat(file).doesNotExist();
      assertThat(store.bytes("show \"1\".mp4")).isEqualTo(content);
      assertThat(wire.passed()).isBetween(size, size + 256 * 1024);
    }
  }

  @Test
  void allRecipesWorkTogether() throws Exception {
    List.of("archive", "vip", "copies").forEach(store::createBucket);
    Path rehearsal = recordings.random("rehearsal-1.mp4", 1000, 1);
    Path vip = recordings.random("vip-1.mp4", 1000, 2);
    Path show = folder.resolve("recordings/show.mp4");
    new RecordedTestStream(LiveEncoder.PROGRAMS).record(show, Duration.ofSeconds(2), 200_000, share -> {});
    long size = Files.size(show);
    Path second = new Recordings(folder.resolve("second")).random("sub/b.mp4", 6 * Recordings.MIB, 2);
    Path elsewhere = new Recordings(folder.resolve("elsewhere")).random("sub/${sysenv.HOME}.mp4", 6 * Recordings.MIB, 3);
    jarsOf("camel-jms", "spring-", "activemq-", "hawtbuf", "jakarta.jms");
    BrokerService broker = broker();
    try (TestStore other = TestStore.start(folder.resolve("other-store"));
        ChildReelway child =
        checked(
                chatUrl() + """
                    archive.folder=%s
                    archive.bucket=archive
                    vip.bucket=vip
                    copy.bucket=copies
                    csv.folder=%s
                    report.folder=%s
                    report.cron=0/2 * * * * ?
                    queue.broker=%s
                    other.folder=%s
                    other.endpoint=%s
                    other.bucket=%s
                    """.formatted(folder.resolve("second"), folder.resolve("lists"), folder.resolve("reports"), address(broker),
                        folder.resolve("elsewhere"), other.endpoint(), TestStore.BUCKET),
                List.of(
                    "25-second-folder.camel.yaml", "27-other-store.camel.yaml", "70-jms-notice.camel.yaml", "75-daily-report.camel.yaml", "filter.steps.yaml", "vip.steps.yaml",
                    "webhook.steps.yaml", "thumbnail.steps.yaml", "second-copy.steps.yaml", "csv.steps.yaml",
                    "drop-stream.steps.yaml"))
            .startReady()) {
      List<Path> all = List.of(rehearsal, vip, show, second, elsewhere);
      all.forEach(Recordings::mark);
      for (String stream : List.of("test-1", "cam 1")) {
        assertThat(child.http().post("/hooks/srs", "application/json",
            "{\"action\":\"on_publish\",\"client_id\":\"c\",\"app\":\"live\",\"stream\":\"" + stream + "\"}").status())
            .isEqualTo(200);
      }
      child.await("all are decided", () -> all.stream().noneMatch(Recordings::isMarked));

      child.awaitLog(rehearsal + " is not sent: rehearsals are not sent");
      assertThat(rehearsal).exists();
      child.await("the story says so", () -> {
        String skipped = child.http().get("/recordings?state=skipped").body();
        return skipped.contains("\"rehearsal-1.mp4\"") && skipped.contains("\"sub/${sysenv.HOME}.mp4\"");
      });
      assertThat(other.keys()).containsExactly("sub/${sysenv.HOME}.mp4");
      assertThat(other.bytes("sub/${sysenv.HOME}.mp4")).isEqualTo(Files.readAllBytes(elsewhere));
      assertThat(store.keys("archive")).containsExactly("archive/sub/b.mp4");
      assertThat(store.keys("vip")).anyMatch(key -> key.matches("\\d{4}/\\d\\d/\\d\\d/vip-1\\.mp4"));
      assertThat(store.keys()).containsExactlyInAnyOrder("show.mp4", "show.mp4.jpg");
      assertThat(store.bytes("show.mp4.jpg")).startsWith(0xff, 0xd8, 0xff);
      assertThat(store.keys("copies")).contains("show.mp4", "archive/sub/b.mp4");
      assertThat(store.bytes("copies", "show.mp4")).isEqualTo(store.bytes("show.mp4"));
      assertThat(told).anyMatch(text -> text.startsWith("{\"text\": \"show.mp4 is in recordings as show.mp4\"}"));
      assertThat(lines(folder.resolve("lists"))).anyMatch(line -> line.endsWith(",\"show.mp4\",recordings,\"show.mp4\""))
          .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,.*"));
      child.await("the report has all three", () -> {
        List<String> report = Files.isDirectory(folder.resolve("reports")) ? lines(folder.resolve("reports")) : List.of();
        return report.size() == 4 && report.get(0).equals("verified,path,bytes,bucket,key")
            && report.stream().anyMatch(line -> line.matches("2\\S+Z,\"show.mp4\"," + size + ",recordings,\"show.mp4\""));
      });
      assertThat(received(broker)).isEqualTo("cam 1 started");
      assertThat(child.http().get("/streams/registry").body()).contains("cam 1").doesNotContain("test-1");
    } finally {
      broker.stop();
    }
  }

  private static List<String> lines(Path lists) throws IOException {
    try (Stream<Path> files = Files.list(lists)) {
      return Files.readAllLines(files.findFirst().orElseThrow());
    }
  }

  private void jarsOf(String... names) throws IOException {
    Files.createDirectories(folder.resolve("jars"));
    for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(each);
      if (Arrays.stream(names).anyMatch(name -> jar.getFileName().toString().startsWith(name))) {
        Files.copy(jar, folder.resolve("jars").resolve(jar.getFileName()));
      }
    }
  }

  private static BrokerService broker() throws Exception {
    BrokerService broker = new BrokerService();
    broker.setPersistent(false);
    broker.setUseJmx(false);
    broker.addConnector("tcp://127.0.0.1:0");
    broker.start();
    broker.waitUntilStarted();
    return broker;
  }

  private static URI address(BrokerService broker) throws Exception {
    return broker.getTransportConnectors().get(0).getConnectUri();
  }

  private static String received(BrokerService broker) throws Exception {
    try (var connection = new ActiveMQConnectionFactory(address(broker).toString()).createConnection();
        var session = connection.createSession();
        var queue = session.createConsumer(session.createQueue("streams"))) {
      connection.start();
      return queue.receive(30_000).getBody(String.class);
    }
  }
}
