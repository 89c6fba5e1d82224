package org.reelway.stream.workflow.rtmp;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.reelway.failure.DaemonThreads;
import org.reelway.stream.recorder.MediaRoom;

/** Plays one stream of a media server, and goes on doing so until it is closed: it connects again after every end. */
public final class RtmpPlayer implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  /** nginx-rtmp keeps players of a stream that nobody publishes, and pings them once a minute. */
  private static final int SILENCE_MILLIS = 130_000;
  /** Of a stream that was on: whether its publisher has gone, or the server, a new connection tells. */
  private static final int GONE_MILLIS = 10_000;
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LONGEST_PAUSE_MILLIS = 4_000;
  private static final int BUFFER_EVENT = 3;
  private static final int BUFFER_MILLIS = 1_000;
  private static final int ANY_LIVE = -1_000;

  private final URI server;
  private final String key;
  private final MediaRoom room;
  private final RtmpMedia media;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile Socket socket;
  private volatile boolean closed;
  private volatile String trouble = "";
  private boolean played;

  private RtmpPlayer(URI server, String key, MediaRoom room, RtmpMedia media) {
    this.server = server;
    this.key = key;
    this.room = room;
    this.media = media;
    this.thread = DaemonThreads.of("rtmp-player", this::run);
  }

  /** @param server {@code rtmp[s]://host[:port]/app} @param room for messages that are on their way */
  public static RtmpPlayer play(URI server, String key, MediaRoom room, RtmpMedia media) {
    RtmpPlayer player = new RtmpPlayer(server, key, room, media);
    player.thread.start();
    return player;
  }

  private void run() {
    long pause = FIRST_PAUSE_MILLIS;
    while (!closed) {
      played = false;
      try {
        connect();
      } catch (IOException | RuntimeException e) {
        trouble = closed || played ? "" : server.getHost() + ": " + (e instanceof EOFException ? "it closed the connection" : e.getMessage());
      } finally {
        media.ended();
        end();
      }
      pause = played ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
      pause(pause);
    }
  }

  private void pause(long millis) {
    try {
      if (!closed && wake.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private void connect() throws IOException {
    boolean tls = "rtmps".equals(server.getScheme());
    int port = server.getPort() >= 0 ? server.getPort() : tls ? 443 : 1935;
    Socket plain = new Socket();
    socket = plain;
    plain.connect(new InetSocketAddress(server.getHost(), port), CONNECT_MILLIS);
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(CONNECT_MILLIS);
    Socket used = tls ? secured(plain, port) : plain;
    socket = used;
    RtmpWire wire = new RtmpWire(used.getInputStream(), used.getOutputStream(), room);
    try {
      wire.handshake();
      wire.trust();
      open(wire);
      used.setSoTimeout(SILENCE_MILLIS);
      trouble = "";
      while (!closed) {
        take(wire.read());
      }
    } finally {
      wire.close();
    }
  }

  private Socket secured(Socket plain, int port) throws IOException {
    SSLSocket secured =
        (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, server.getHost(), port, true);
    var parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private void open(RtmpWire wire) throws IOException {
    String app = server.getPath().replaceAll("^/+|/+$", "");
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("app", app);
    about.put("flashVer", "LNX 9,0,124,2");
    about.put("tcUrl", server.getScheme() + "://" + server.getRawAuthority() + "/" + app);
    about.put("fpad", false);
    about.put("capabilities", 15);
    about.put("audioCodecs", 4071);
    about.put("videoCodecs", 252);
    about.put("videoFunction", 1);
    wire.enlargeChunks();
    wire.write(RtmpMessage.command(0, "connect", 1, about));
    result(wire, 1);
    wire.write(RtmpMessage.command(0, "createStream", 2, null));
    List<Object> created = result(wire, 2);
    int stream = created.size() > 3 && created.get(3) instanceof Number number ? number.intValue() : 1;
    wire.write(RtmpMessage.command(stream, "play", 3, null, key, ANY_LIVE));
    wire.write(new RtmpMessage(
        RtmpMessage.EVENT, 0, 0,
        ByteBuffer.allocate(10).putShort((short) BUFFER_EVENT).putInt(stream).putInt(BUFFER_MILLIS).array()));
  }

  private static List<Object> result(RtmpWire wire, int number) throws IOException {
    while (true) {
      RtmpMessage message = wire.read();
      if (message.isCommand()) {
        List<Object> values = message.values();
        boolean ofIt = values.size() > 1 && values.get(1) instanceof Number is && is.intValue() == number;
        if (ofIt && "_result".equals(values.get(0))) {
          return values;
        }
        if (ofIt && "_error".equals(values.get(0))) {
          throw new IOException("it refused " + (number == 1 ? "the application" : "the stream") + code(values));
        }
      }
    }
  }

  private static String code(List<Object> values) {
    return values.size() > 3 && values.get(3) instanceof Map<?, ?> status && status.get("code") != null
        ? " (" + String.valueOf(status.get("code")).replaceAll("[^A-Za-z.]", "") + ")"
        : "";
  }

  private void take(RtmpMessage message) throws IOException {
    if (message.isEnd()) {
      media.ended();
    } else if (message.isCommand()) {
      List<Object> values = message.values();
      String code = "onStatus".equals(values.get(0)) ? code(values) : "";
      if (code.contains("UnpublishNotify") || code.contains("Play.Stop") || code.contains("Play.Complete")) {
        media.ended();
      } else if (code.contains("NotFound") || code.contains("Failed") || code.contains("Rejected")) {
        throw new IOException("it does not play the stream" + code);
      }
    } else {
      if (!played && message.isMedia()) {
        played = true;
        socket.setSoTimeout(GONE_MILLIS);
      }
      message.tags(media::take);
    }
  }

  /** The stream may have begun: it is asked for at once, where it waits to be. */
  public void wake() {
    wake.release();
  }

  /** Why it does not play, for people; without the key. Empty where it does, or waits for the publisher. */
  public String trouble() {
    return trouble;
  }

  private void end() {
    Socket now = socket;
    if (now != null) {
      try {
        now.close();
      } catch (IOException e) {
        // It is gone anyway.
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    wake.release();
    end();
  }
}
