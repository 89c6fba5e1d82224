package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.Finished;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** What {@code reelway init nginx-rtmp} writes and prints makes a real nginx and a sidecar carry a stream's recording. */
class InitIT {
  @TempDir Path folder;

  @Test
  void aRecordingOfNginxIsSentByNothingButWhatInitGave() throws Exception {
    NginxRtmp.assumeInstalled();
    Path recordings = Files.createDirectory(folder.resolve("recordings"));
    Path live = Files.createDirectory(folder.resolve("live"));
    try (TestStore store = TestStore.start(folder.resolve("store"))) {
      Finished init = ChildReelway.command(folder, "init", "nginx-rtmp")
          .set("reelway.recordings.folder", recordings)
          .set("reelway.live.folder", live)
          .set("reelway.http.port", FreePort.any())
          .set("reelway.management.port", FreePort.any())
          .set("reelway.store.endpoint", store.endpoint())
          .set("reelway.store.bucket", TestStore.BUCKET)
          .finish();
      assertThat(init.code()).as(init.err()).isZero();

      int rtmp = FreePort.any();
      Path config = nginxConfig(init.out(), rtmp);
      Process nginx = nginx(config);
      try (ChildReelway child = ChildReelway.command(folder, "run")
          .set("reelway.store.access-key", TestStore.ACCESS_KEY).set("reelway.store.secret-key", TestStore.SECRET_KEY).startReady()) {
        child.await("nginx listens", () -> FreePort.isTaken(rtmp));
        try (RtmpPublisher publisher = RtmpPublisher.publish(folder, "rtmp://127.0.0.1:" + rtmp + "/live/cam", "-t", "5")) {
          child.await("it was published", () -> !publisher.isAlive());
        }

        child.await("recording and playlist are in the store", () -> store.keys().stream().anyMatch(key -> key.matches("cam-\\d+\\.flv"))
            && store.keys().stream().anyMatch(key -> key.endsWith("cam/index.m3u8")));
      } finally {
        nginx.destroy();
        nginx.waitFor();
      }
    }
  }

  /** The indented lines as they are, on free ports and in a folder of the test's own. */
  private Path nginxConfig(String told, int rtmp) throws IOException {
    String lines = told.lines().filter(line -> line.startsWith("    ")).map(line -> line.substring(4)).collect(Collectors.joining("\n"));
    String user = "root".equals(System.getProperty("user.name")) ? "user root;\n" : "";
    Files.createDirectories(folder.resolve("nginx/logs"));
    return Files.writeString(folder.resolve("nginx/nginx.conf"), user + """
        load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
        daemon off; master_process off; pid nginx.pid; error_log logs/error.log;
        events {}
        """ + lines.replace("listen 1935;", "listen 127.0.0.1:" + rtmp + ";").replace(":8080;", ":" + FreePort.any() + ";")
        .replace("http {\n", "http { access_log off; client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d;"
            + " scgi_temp_path e;\n") + "\n");
  }

  private Process nginx(Path config) throws IOException, InterruptedException {
    String program = Files.isExecutable(Path.of("/usr/sbin/nginx")) ? "/usr/sbin/nginx" : "/usr/bin/nginx";
    List<String> command = List.of(program, "-p", config.getParent().toString(), "-c", config.toString());
    Path said = folder.resolve("nginx/said");
    Process test = new ProcessBuilder(Stream.concat(command.stream(), Stream.of("-t")).toList())
        .redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(test.waitFor()).as(Files.readString(said)).isZero();
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
  }
}
