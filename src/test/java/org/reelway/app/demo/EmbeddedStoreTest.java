package org.reelway.app.demo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.OurFailure;

class EmbeddedStoreTest {
  @TempDir
  Path folder;

  @Test
  void aTakenPortIsNamedAndNotTheFolder() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      assertThatThrownBy(() -> EmbeddedStore.start(folder, port, "try", "only-for-trying"))
          .isInstanceOf(OurFailure.class)
          .hasMessageContaining("another program listens on 127.0.0.1:" + port)
          .hasMessageContaining("--port")
          .hasMessageNotContaining("folder");
    }
  }
}
