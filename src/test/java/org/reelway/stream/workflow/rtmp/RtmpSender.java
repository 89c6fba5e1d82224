package org.reelway.stream.workflow.rtmp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.reelway.failure.DaemonThreads;
import org.reelway.stream.recorder.FlvTag;
import org.reelway.stream.recorder.MediaRoom;

/** A publisher whose pictures go out at known moments: a film, again and again, at its own pace. */
public final class RtmpSender implements AutoCloseable {
  private final Socket socket;
  private final RtmpWire wire;
  private final List<FlvTag> film = new ArrayList<>();
  private final LongConsumer keyPicture;
  private volatile boolean closed;

  private RtmpSender(URI address, Path film, LongConsumer keyPicture) throws IOException {
    this.keyPicture = keyPicture;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(film))) {
      in.skipNBytes(13);
      for (FlvTag tag = FlvTag.read(in); tag != null; tag = FlvTag.read(in)) {
        this.film.add(tag);
      }
    }
    this.socket = new Socket(address.getHost(), address.getPort());
    socket.setTcpNoDelay(true);
    this.wire = new RtmpWire(socket.getInputStream(), socket.getOutputStream(), new MediaRoom(1 << 20));
    String[] path = address.getPath().substring(1).split("/");
    wire.handshake();
    wire.enlargeChunks();
    wire.write(RtmpMessage.command(0, "connect", 1, Map.of("app", path[0])));
    wire.write(RtmpMessage.command(0, "createStream", 2, null));
    wire.write(RtmpMessage.command(1, "publish", 3, null, path[1], "live"));
    wire.read();
    wire.read();
    if (!wire.read().values().toString().contains("Publish.Start")) {
      throw new IOException("the publisher was refused");
    }
  }

  /** @param keyPicture takes {@link System#nanoTime} of each key picture, when its last byte was sent */
  public static RtmpSender publish(URI address, Path film, LongConsumer keyPicture) throws IOException {
    RtmpSender sender = new RtmpSender(address, film, keyPicture);
    DaemonThreads.of("rtmp-sender", sender::run).start();
    return sender;
  }

  private void run() {
    long begun = System.nanoTime();
    long length = film.get(film.size() - 1).millis() / 1000 * 1000 + 1000;
    try {
      for (long round = 0; !closed; round++) {
        for (FlvTag tag : film) {
          if (closed || tag.kind() == FlvTag.Kind.OTHER || round > 0 && tag.isSetup()) {
            continue;
          }
          long millis = round * length + tag.millis();
          for (long left = wait(begun, millis); left > 0; left = wait(begun, millis)) {
            LockSupport.parkNanos(left);
          }
          wire.write(new RtmpMessage(tag.kind() == FlvTag.Kind.VIDEO ? RtmpMessage.VIDEO : RtmpMessage.AUDIO, 1, millis, tag.body()));
          if (tag.kind() == FlvTag.Kind.VIDEO && tag.isMedia() && tag.isKey()) {
            keyPicture.accept(System.nanoTime());
          }
        }
      }
    } catch (IOException gone) {
      closed = true;
    }
  }

  private static long wait(long begun, long millis) {
    return begun + millis * 1_000_000 - System.nanoTime();
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    socket.close();
  }
}
