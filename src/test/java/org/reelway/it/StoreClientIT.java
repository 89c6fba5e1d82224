package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.HttpProxy;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestCa;
import org.reelway.testkit.TestStore;
import org.reelway.testkit.TlsFront;
import org.reelway.testkit.TokenService;

/** Routes of an operator speak to the store by {@code aws2-s3:} and nothing more: how it is reached is in the settings. */
class StoreClientIT {
  @TempDir Path folder;

  private void route(String yaml) throws IOException {
    Path routes = Files.createDirectories(folder.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.copy(file, routes.resolve(file.getFileName()));
      }
    }
    Files.writeString(routes.resolve("90-own.camel.yaml"), yaml);
  }

  @Test
  void anObjectOfARouteGoesByTheSettingsWayAndComesBack() throws Exception {
    route("""
        - route:
            id: own-put
            from:
              uri: platform-http:/own/put
              steps:
                - setHeader: {name: CamelAwsS3Key, expression: {constant: "own/größe 1+2.txt"}}
                - to: {uri: "aws2-s3:{{reelway.store.bucket}}"}
        - route:
            id: own-link
            from:
              uri: platform-http:/own/link
              steps:
                - setHeader: {name: CamelAwsS3Key, expression: {constant: "own/größe 1+2.txt"}}
                - to: {uri: "aws2-s3:{{reelway.store.bucket}}?operation=createDownloadLink"}
        - route:
            id: own-get
            from:
              uri: platform-http:/own/get
              steps:
                - setHeader: {name: CamelAwsS3Key, expression: {constant: "own/größe 1+2.txt"}}
                - to: {uri: "aws2-s3:{{reelway.store.bucket}}?operation=getObject"}
                - convertBodyTo: {type: String}
        - route:
            id: own-list
            from:
              uri: platform-http:/own/list
              steps:
                - setHeader: {name: CamelAwsS3Prefix, expression: {constant: "own/"}}
                - to: {uri: "aws2-s3:{{reelway.store.bucket}}?operation=listObjects"}
                - setBody: {expression: {simple: "${body[0].key()}"}}
        """);
    TestCa ca = TestCa.make(folder, "Studio-CA");
    try (TestStore store = TestStore.start(folder.resolve("store"));
        TokenService service = new TokenService();
        TlsFront front = TlsFront.before(store.endpoint(), ca.issue("ip:127.0.0.1"));
        HttpProxy proxy = HttpProxy.asking("studio", "let me pass");
        ChildReelway child =
            ChildReelway.sidecar(folder, front.endpoint())
                .set("reelway.routes.folder", folder.resolve("routes"))
                .set("reelway.store.proxy", "http://127.0.0.1:" + proxy.port())
                .set("reelway.store.proxy-username", "studio")
                .set("reelway.store.proxy-password", "let me pass")
                .set("reelway.store.ca-file", ca.certificate())
                .set("reelway.store.role-arn", "arn:aws:iam::123456789012:role/reelway")
                .set("reelway.store.sts-endpoint", service.endpoint())
                .startReady()) {
      assertThat(
              ChildReelway.command(folder, "check")
                  .set("reelway.routes.folder", folder.resolve("routes"))
                  .set("reelway.store.endpoint", store.endpoint())
                  .set("reelway.store.bucket", TestStore.BUCKET)
                  .set("reelway.store.access-key", TestStore.ACCESS_KEY)
                  .set("reelway.store.secret-key", TestStore.SECRET_KEY)
                  .finish()
                  .out())
          .contains("routes: 0 errors");
      assertThat(child.http().post("/own/put", "text/plain", "äöü").status()).isEqualTo(200);
      assertThat(store.bytes("own/größe 1+2.txt")).asString().isEqualTo("äöü");
      assertThat(child.http().get("/own/get").body()).isEqualTo("äöü");
      assertThat(child.http().get("/own/list").body()).isEqualTo("own/größe 1+2.txt");
      assertThat(URI.create(child.http().get("/own/link").body()))
          .hasAuthority("127.0.0.1:" + front.port())
          .hasPath("/recordings/own/größe 1+2.txt")
          .hasParameter("X-Amz-Signature");
      assertThat(proxy.seen()).contains("CONNECT 127.0.0.1:" + front.port() + " HTTP/1.1");
      assertThat(service.given()).as("recordings and routes have one client").isEqualTo(1);
    }
  }

  @Test
  void aLargeFileOfARouteIsStreamed() throws Exception {
    route("""
        - route:
            id: own-files
            from:
              uri: file:in
              parameters: {include: ".*\\\\.bin"}
              steps:
                - setHeader: {name: CamelAwsS3Key, expression: {simple: "own/${file:name}"}}
                - to: {uri: "aws2-s3:{{reelway.store.bucket}}"}
        """.replace("file:in", "file:" + folder.resolve("in")));
    Path file = new Recordings(folder.resolve("large")).random("large.bin", 64 * Recordings.MIB, 3);
    byte[] content = Files.readAllBytes(file);
    try (TestStore store = TestStore.start(folder.resolve("store"));
        ChildReelway child =
            ChildReelway.sidecar(folder, store.endpoint())
                .set("reelway.routes.folder", folder.resolve("routes"))
                .environment("REELWAY_JAVA_OPTS", "-Xmx56m")
                .startReady()) {
      Files.createDirectories(folder.resolve("in"));
      Files.move(file, folder.resolve("in/large.bin"));
      child.await("it is there", () -> store.keys().equals(List.of("own/large.bin")));
      assertThat(store.bytes("own/large.bin")).isEqualTo(content);
    }
  }
}
