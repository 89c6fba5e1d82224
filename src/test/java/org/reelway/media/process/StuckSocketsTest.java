package org.reelway.media.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class StuckSocketsTest {

  @Test
  void aConnectionWhoseOtherEndReadsNothingIsStuckUntilItReads() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "this system does not show its connections");
    long self = ProcessHandle.current().pid();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket out = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
        Socket in = server.accept()) {
      assertThat(StuckSockets.now().has(self)).isFalse();
      Thread writer = new Thread(() -> writeMuch(out));
      writer.start();

      Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> StuckSockets.now().has(self));
      Thread reader = new Thread(() -> readAll(in));
      reader.start();

      Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> !StuckSockets.now().has(self));
      writer.join();
    }
  }

  private static void writeMuch(Socket socket) {
    try {
      socket.getOutputStream().write(new byte[32 << 20]);
      socket.shutdownOutput();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void readAll(Socket socket) {
    try {
      socket.getInputStream().skip(Long.MAX_VALUE);
    } catch (java.io.IOException closed) {
      // The test is over.
    }
  }

  @Test
  void onlyConnectionsThatHaveSomethingToSendCount() {
    String table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
    String quiet = "   0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 111 1";

    assertThat(StuckSockets.of(List.of(table, quiet, "nonsense", "")).has(ProcessHandle.current().pid())).isFalse();
  }
}
