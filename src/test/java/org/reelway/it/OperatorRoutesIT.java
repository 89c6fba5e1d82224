package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;

/** What an operator does by YAML alone: the very files of docs/examples, checked and run. */
class OperatorRoutesIT {
  private static final Path EXAMPLES = Path.of("docs/examples");

  @TempDir Path folder;
  private TestStore store;
  private SlowWire wire;
  private Recordings recordings;

  @BeforeEach
  void start() throws IOException {
    store = TestStore.start(folder.resolve("store"));
    wire = SlowWire.to(store.endpoint(), Long.MAX_VALUE / 4);
    recordings = new Recordings(folder.resolve("recordings"));
    Files.createDirectories(folder.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.copy(file, folder.resolve("routes").resolve(file.getFileName()));
      }
    }
  }

  @AfterEach
  void stop() {
    wire.close();
    store.close();
  }

  /** The shipped routes with one file of the examples put beside them, or over the one of the same name. */
  private ChildReelway startWith(String example, String settings) throws IOException {
    Files.copy(
        EXAMPLES.resolve(example), folder.resolve("routes").resolve(example), StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(folder.resolve("application.properties"), settings);
    var check = ChildReelway.command(folder, "check")
        .set("reelway.store.endpoint", store.endpoint())
        .set("reelway.store.bucket", TestStore.BUCKET)
        .set("reelway.store.access-key", TestStore.ACCESS_KEY)
        .set("reelway.store.secret-key", TestStore.SECRET_KEY)
        .set("reelway.routes.folder", folder.resolve("routes"))
        .finish();
    assertThat(check.out()).contains("routes are valid");
    assertThat(check.code()).isZero();
    return ChildReelway.sidecar(folder, wire.endpoint())
        .set("reelway.routes.folder", folder.resolve("routes"))
        .set("reelway.recordings.tidy", "delete")
        .startReady();
  }

  @Test
  void aSecondFolderGoesToAnotherBucket() throws IOException {
    store.createBucket("archive");
    Path first = recordings.random("a.mp4", 1000, 1);
    Path second = new Recordings(folder.resolve("second")).random("sub/b.mp4", 6 * Recordings.MIB, 2);
    byte[] content = Recordings.bytes(second);
    try (ChildReelway child = startWith("25-second-folder.camel.yaml", """
        archive.folder=%s
        archive.bucket=archive
        """.formatted(folder.resolve("second")))) {
      Recordings.mark(first);
      Recordings.mark(second);

      child.await("both are sent", () -> !Recordings.isMarked(first) && !Recordings.isMarked(second));

      assertThat(store.keys()).containsExactly("a.mp4");
      assertThat(store.keys("archive")).containsExactly("archive/sub/b.mp4");
      assertThat(store.bytes("archive", "archive/sub/b.mp4")).isEqualTo(content);
    }
  }

  @Test
  void aFilterKeepsSomeRecordingsHere() throws IOException {
    Path rehearsal = recordings.random("rehearsal-1.mp4", 1000, 1);
    Path show = recordings.random("show-1.mp4", 1000, 2);
    try (ChildReelway child = startWith("20-recordings-transfer.camel.yaml", "")) {
      Recordings.mark(rehearsal);
      Recordings.mark(show);

      child.await("both are decided", () -> !Recordings.isMarked(rehearsal) && !Recordings.isMarked(show));

      child.awaitLog(rehearsal + " is not sent: rehearsals are not sent");
      assertThat(rehearsal).exists();
      assertThat(show).doesNotExist();
      assertThat(store.keys()).containsExactly("show-1.mp4");
      child.await("the story says so", () -> child.http().get("/recordings?state=skipped").json()
          .at("/recordings/0/path").asText().equals("rehearsal-1.mp4"));
    }
  }

  @Test
  void aStepAfterTheUploadThatFailsIsRepeatedAndTheTransferIsNot() throws IOException {
    int refusals = 2;
    AtomicInteger asked = new AtomicInteger();
    List<String> told = new CopyOnWriteArrayList<>();
    HttpServer catalogue = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    catalogue.createContext("/told", call -> {
      boolean refused = asked.incrementAndGet() <= refusals;
      told.add(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      call.sendResponseHeaders(refused ? 503 : 204, -1);
      call.close();
    });
    catalogue.start();
    Path file = recordings.random("show.mp4", 11 * Recordings.MIB, 3);
    long size = Files.size(file);
    byte[] content = Recordings.bytes(file);
    try (ChildReelway child = startWith("30-recordings-verified.camel.yaml",
        "catalogue.url=http://127.0.0.1:" + catalogue.getAddress().getPort() + "/told\n")) {
      Recordings.mark(file);

      child.await("the catalogue refused", () -> asked.get() >= 1);
      assertThat(asked.get() > refusals || Files.exists(file) && Recordings.isMarked(file)).isTrue();
      child.await("the marker is gone", () -> !Recordings.isMarked(file));

      assertThat(told).hasSize(refusals + 1).containsOnly("recordings/show.mp4");
      assertThat(file).doesNotExist();
      assertThat(store.bytes("show.mp4")).isEqualTo(content);
      assertThat(wire.passed()).isBetween(size, size + 256 * 1024);
    } finally {
      catalogue.stop(0);
    }
  }
}
