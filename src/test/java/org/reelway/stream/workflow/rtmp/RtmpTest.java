package org.reelway.stream.workflow.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.reelway.failure.DestinationFailure;
import org.reelway.stream.recorder.FlvTag;
import org.reelway.stream.recorder.MediaRoom;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;

/** Real publishers at our door, and a real media server that is played. */
@Execution(ExecutionMode.CONCURRENT)
class RtmpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MOST = 10;

  @TempDir Path folder;
  private final Taken taken = new Taken();

  /** What came. */
  private static final class Taken implements RtmpMedia {
    private final List<FlvTag> tags = new CopyOnWriteArrayList<>();
    private final AtomicInteger ends = new AtomicInteger();
    private volatile boolean isClosed;

    @Override
    public void take(FlvTag tag) {
      tags.add(tag);
    }

    @Override
    public boolean isClosed() {
      return isClosed;
    }

    @Override
    public void ended() {
      ends.incrementAndGet();
    }

    long pictures() {
      return tags.stream().filter(tag -> tag.kind() == FlvTag.Kind.VIDEO && tag.isMedia()).count();
    }
  }

  private RtmpServer listen() {
    return RtmpServer.listen(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "reelway.workflow.listen", MOST, new MediaRoom(32 << 20),
        (app, key) -> app.equals("live") && key.equals("right") ? Optional.of(taken) : Optional.empty());
  }

  @Test
  void aPublisherWithTheKeyIsTakenToItsLastPicture() {
    try (RtmpServer server = listen();
        RtmpPublisher publisher = RtmpPublisher.publish(folder, "rtmp://127.0.0.1:" + server.port() + "/live/right", "-t", "2")) {
      await().atMost(PATIENCE).until(() -> taken.ends.get() == 1);
      assertThat(taken.pictures()).isEqualTo(50);
      assertThat(taken.tags).anyMatch(FlvTag::isSetup);
    }
  }

  @Test
  void aPublisherWithAnotherKeyOrApplicationIsRefusedAtOnceAndTheNextOneIsTaken() {
    try (RtmpServer server = listen()) {
      String address = "rtmp://127.0.0.1:" + server.port();
      for (String wrong : List.of("/live/wrong", "/other/right")) {
        try (RtmpPublisher publisher = RtmpPublisher.publish(folder, address + wrong)) {
          await(wrong).atMost(PATIENCE).until(() -> !publisher.isAlive());
        }
      }
      assertThat(taken.tags).isEmpty();
      try (RtmpPublisher publisher = RtmpPublisher.publish(folder, address + "/live/right?token=1")) {
        await().atMost(PATIENCE).until(() -> taken.pictures() > 20);
      }
    }
  }

  @Test
  void aPublisherIsSentAwayOnceNothingIsTakenAnyMore() {
    try (RtmpServer server = listen();
        RtmpPublisher publisher = RtmpPublisher.publish(folder, "rtmp://127.0.0.1:" + server.port() + "/live/right")) {
      await().atMost(PATIENCE).until(() -> taken.pictures() > 5);
      assertThat(publisher.isAlive()).isTrue();
      taken.isClosed = true;
      await("it notices").atMost(PATIENCE).until(() -> !publisher.isAlive());
      assertThat(taken.ends).hasValue(1);
    }
  }

  @Test
  void whatIsNoRtmpIsLetGo() throws Exception {
    try (RtmpServer server = listen();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes());
      socket.setSoTimeout(5_000);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  /** The handshake, as far as the server waits for it. */
  private static byte[] handshake() {
    byte[] bytes = new byte[1 + 2 * 1536];
    bytes[0] = 3;
    return bytes;
  }

  @Test
  void whoDripsOrTakesNoAnswerHoldsNoPlace() throws Exception {
    byte[] body = Amf.write("createStream", 1, null);
    byte[] command = ByteBuffer.allocate(12 + body.length)
        .put(new byte[] {3, 0, 0, 0, 0, 0, (byte) body.length, RtmpMessage.COMMAND, 0, 0, 0, 0}).put(body).array();
    try (RtmpServer server = listen(); Socket dripping = new Socket(); Socket deaf = new Socket()) {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
      deaf.setReceiveBufferSize(1024);
      dripping.connect(address);
      deaf.connect(address);
      deaf.getOutputStream().write(handshake());
      CompletableFuture<Void> dripper = untilClosed(dripping, new byte[] {3}, 200);
      CompletableFuture<Void> talker = untilClosed(deaf, command, 0);
      await("they are sent away").atMost(PATIENCE).until(() -> dripper.isDone() && talker.isDone());
    }
  }

  /** Sends it again and again; done when the other side has closed. */
  private static CompletableFuture<Void> untilClosed(Socket socket, byte[] bytes, long pauseMillis) {
    return CompletableFuture.runAsync(() -> {
      try {
        while (true) {
          socket.getOutputStream().write(bytes);
          Thread.sleep(pauseMillis);
        }
      } catch (IOException | InterruptedException closed) {
        // That is it.
      }
    }, task -> new Thread(task).start());
  }

  @Test
  void whoHoldsAllPlacesKeepsNobodyOutWhoHasTheKey() throws Exception {
    List<Socket> held = new ArrayList<>();
    try (RtmpServer server = listen()) {
      for (int i = 0; i < 2 * MOST; i++) {
        held.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
      }
      try (Socket let = announcing(server, 1000)) {
        assertThat(isClosed(let)).isFalse();
      }
    } finally {
      for (Socket each : held) {
        each.close();
      }
    }
  }

  /** A publisher who was let in, and has announced a message and sent the first bytes of it. */
  private static Socket announcing(RtmpServer server, int bytes) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(1_000);
    RtmpWire wire = new RtmpWire(socket.getInputStream(), socket.getOutputStream(), new MediaRoom(1 << 20));
    wire.handshake();
    wire.write(RtmpMessage.command(0, "connect", 1, Map.of("app", "live")));
    wire.write(RtmpMessage.command(1, "publish", 3, null, "right", "live"));
    while (!wire.read().values().toString().contains("Publish.Start")) {
      continue;
    }
    socket.getOutputStream().write(
        ByteBuffer.allocate(12 + 100).putInt(6 << 24).putInt(bytes << 8 | RtmpMessage.VIDEO).putInt(1 << 24).array());
    return socket;
  }

  @Test
  void messagesOfAllPublishersTogetherTakeNoMoreThanTheirRoom() throws Exception {
    try (RtmpServer server = listen()) {
      List<Socket> let = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        let.add(announcing(server, 7 << 20));
      }
      await("who announces what there is no room for is sent away").atMost(PATIENCE).until(() -> isClosed(let.get(4)));
      for (Socket each : let) {
        each.close();
      }
      await("the room is given back").atMost(PATIENCE).until(() -> {
        try (Socket again = announcing(server, 7 << 20)) {
          return !isClosed(again);
        }
      });
    }
  }

  private static boolean isClosed(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void aServerThatClosesTheConnectionIsToldOfInWords() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RtmpPlayer player =
            RtmpPlayer.play(URI.create("rtmp://127.0.0.1:" + server.getLocalPort() + "/live"), "cam", MediaRoom.ofProcess(), taken)) {
      server.accept().close();
      await().atMost(PATIENCE).until(() -> !player.trouble().isEmpty());
      assertThat(player.trouble()).doesNotContain("null").contains("closed");
    }
  }

  @Test
  void aPortInUseIsSaidWithItsSetting() {
    try (RtmpServer server = listen()) {
      assertThatThrownBy(() -> RtmpServer.listen(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), "reelway.workflow.listen", 1, new MediaRoom(0), (app, key) -> null))
          .isInstanceOf(DestinationFailure.class)
          .hasMessageContaining("reelway.workflow.listen: no publisher can be taken at").hasMessageContaining("free port");
    }
  }

  @Test
  void aStreamOfNginxIsPlayedAlsoWhenItAndItsServerComeBack() {
    try (NginxRtmp nginx = NginxRtmp.start(folder.resolve("nginx"));
        RtmpPlayer player = RtmpPlayer.play(URI.create("rtmp://" + nginx.address() + "/live"), "cam", new MediaRoom(32 << 20), taken)) {
      try (RtmpPublisher publisher = RtmpPublisher.publish(folder, nginx, "cam")) {
        await().atMost(PATIENCE).until(() -> taken.pictures() > 20);
      }
      long pictures = taken.pictures();
      try (RtmpPublisher publisher = RtmpPublisher.publish(folder, nginx, "cam")) {
        await().atMost(PATIENCE).until(() -> taken.pictures() > pictures + 20);
      }
      nginx.kill();
      await().atMost(PATIENCE).until(() -> !player.trouble().isEmpty());
      nginx.startAgain();
      long later = taken.pictures();
      try (RtmpPublisher publisher = RtmpPublisher.publish(folder, nginx, "cam")) {
        await().atMost(PATIENCE).until(() -> taken.pictures() > later + 20);
      }
      assertThat(player.trouble()).isEmpty();
    }
  }
}
