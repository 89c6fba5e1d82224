package org.reelway.stream.workflow.rtmp;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.reelway.stream.recorder.MediaRoom;

/** One publisher's connection. Used by one thread, but for what is said otherwise. */
final class RtmpPublication {
  private static final int WINDOW = 2_500_000;
  private static final int DYNAMIC = 2;
  private static final int SILENCE_MILLIS = 20_000;
  private static final int STREAM = 1;

  private final Socket socket;
  private final RtmpDoor door;
  private final Consumer<Socket> refused;
  private final RtmpWire wire;
  private String app = "";
  private volatile RtmpMedia media;
  private boolean over;

  /** @param refused told where it may not publish */
  RtmpPublication(Socket socket, RtmpDoor door, MediaRoom room, Consumer<Socket> refused) throws IOException {
    this.socket = socket;
    this.door = door;
    this.refused = refused;
    socket.setTcpNoDelay(true);
    this.wire = new RtmpWire(socket.getInputStream(), socket.getOutputStream(), room);
  }

  void run() throws IOException {
    try {
      wire.answerHandshake();
      while (!over) {
        take(wire.read());
      }
    } finally {
      wire.close();
      if (media != null) {
        media.ended();
      }
    }
  }

  /** May be asked by any thread. */
  boolean isLetIn() {
    return media != null;
  }

  private void take(RtmpMessage message) throws IOException {
    if (message.isCommand()) {
      command(message);
    } else if (media != null) {
      message.tags(media::take);
      over = media.isClosed();
    }
  }

  private void command(RtmpMessage message) throws IOException {
    List<Object> values = message.values();
    String name = values.isEmpty() ? "" : String.valueOf(values.get(0));
    Object number = values.size() > 1 ? values.get(1) : 0;
    switch (name) {
      case "connect" -> connect(number, values.size() > 2 ? values.get(2) : null);
      case "createStream" -> wire.write(RtmpMessage.command(0, "_result", number, null, STREAM));
      case "publish" -> publish(values.size() > 3 ? String.valueOf(values.get(3)) : "");
      case "play" -> refuse("NetStream.Play.StreamNotFound", "streams are not played here");
      case "deleteStream", "closeStream", "FCUnpublish" -> over = media != null;
      default -> { }
    }
  }

  private void connect(Object number, Object about) throws IOException {
    app = about instanceof Map<?, ?> members ? plain(members.get("app")) : "";
    wire.write(RtmpMessage.number(RtmpMessage.WINDOW, WINDOW));
    wire.write(new RtmpMessage(
        RtmpMessage.PEER_BANDWIDTH, 0, 0, ByteBuffer.allocate(5).putInt(WINDOW).put((byte) DYNAMIC).array()));
    wire.enlargeChunks();
    Map<String, Object> status = status("status", "NetConnection.Connect.Success", "connected");
    status.put("objectEncoding", 0);
    wire.write(RtmpMessage.command(0, "_result", number, Map.of("fmsVer", "FMS/3,0,1,123", "capabilities", 31), status));
  }

  /** Without what follows a question mark, and slashes around. */
  private static String plain(Object text) {
    return String.valueOf(text).replaceFirst("\\?.*", "").replaceAll("^/+|/+$", "");
  }

  private void publish(String stream) throws IOException {
    Optional<RtmpMedia> opened = media == null ? door.open(app, plain(stream)) : Optional.empty();
    if (opened.isEmpty()) {
      refused.accept(socket);
      refuse("NetStream.Publish.BadName", "no stream is started that has this key, or somebody publishes it already");
      return;
    }
    media = opened.get();
    wire.trust();
    socket.setSoTimeout(SILENCE_MILLIS);
    wire.write(RtmpMessage.command(STREAM, "onStatus", 0, null, status("status", "NetStream.Publish.Start", "go on")));
  }

  private void refuse(String code, String why) throws IOException {
    wire.write(RtmpMessage.command(STREAM, "onStatus", 0, null, status("error", code, why)));
    over = true;
    // A socket closed with bytes unread loses what was said last.
    socket.shutdownOutput();
  }

  private static Map<String, Object> status(String level, String code, String description) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("level", level);
    status.put("code", code);
    status.put("description", description);
    return status;
  }
}
