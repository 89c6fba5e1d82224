package org.reelway.stream.workflow.rtmp;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.reelway.stream.recorder.MediaRoom;

/** Messages in chunks, both ways, and what keeps a connection going. Reads are one thread's; writes may be anybody's. */
final class RtmpWire {
  private static final int VERSION = 3;
  private static final int HANDSHAKE = 1536;
  private static final int FIRST_CHUNK = 128;
  private static final int OUR_CHUNK = 4096;
  private static final int LARGEST_CHUNK = 1 << 24;
  private static final int MOST_CHUNK_STREAMS = 64;
  /** Commands; nobody is trusted with more who was not let in. */
  private static final int SMALL = RtmpMessage.LONGEST_COMMAND;
  /** A key picture of a large stream. */
  private static final int LARGE = 8 << 20;
  private static final int NO_TIME = 0xffffff;
  private static final int PING = 6;
  private static final int PONG = 7;
  private static final int COMMANDS = 3;

  private final DataInputStream in;
  private final OutputStream out;
  private final MediaRoom room;
  private final Map<Integer, Chunks> streams = new HashMap<>();
  private int chunkIn = FIRST_CHUNK;
  private int chunkOut = FIRST_CHUNK;
  private int most = SMALL;
  /** Bytes of messages that are on their way. */
  private int waiting;
  /** Bytes of messages that were handed on last. */
  private int given;
  /** What of them is taken of the room. */
  private long held;
  private long received;
  private long acknowledged;
  private long window = Long.MAX_VALUE;

  /** What is known of one chunk stream. */
  private static final class Chunks {
    private long millis;
    private long delta;
    private int length;
    private int type;
    private int stream;
    private boolean extended;
    private byte[] body;
    private int filled;
  }

  /** @param room for messages, from {@link #trust} on; {@link #close} gives back what they take of it */
  RtmpWire(InputStream in, OutputStream out, MediaRoom room) {
    this.room = room;
    this.in = new DataInputStream(new BufferedInputStream(in, 16 << 10));
    this.out = new BufferedOutputStream(out, 8 << 10);
  }

  /** As the one that was called. */
  void answerHandshake() throws IOException {
    requireVersion();
    byte[] theirs = in.readNBytes(HANDSHAKE);
    out.write(VERSION);
    out.write(ours());
    out.write(theirs);
    out.flush();
    in.skipNBytes(HANDSHAKE);
  }

  /** As the one that calls. */
  void handshake() throws IOException {
    out.write(VERSION);
    out.write(ours());
    out.flush();
    requireVersion();
    byte[] theirs = in.readNBytes(HANDSHAKE);
    in.skipNBytes(HANDSHAKE);
    out.write(theirs);
    out.flush();
  }

  private void requireVersion() throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException("it speaks no RTMP (its first byte is " + version + ", not " + VERSION + ")");
    }
  }

  /** Time and version are 0: the plain handshake, without digests. */
  private static byte[] ours() {
    byte[] bytes = new byte[HANDSHAKE];
    new SecureRandom().nextBytes(bytes);
    ByteBuffer.wrap(bytes).putLong(0, 0);
    return bytes;
  }

  /** From now on it may send media. */
  void trust() throws IOException {
    most = LARGE;
    hold();
  }

  /** What was handed on is done with; what is on its way has its room, however slowly it comes. */
  private void hold() throws IOException {
    long wanted = most == LARGE ? waiting + given : 0;
    if (wanted < held) {
      room.release(held - wanted);
    } else if (!room.take(wanted - held)) {
      throw new IOException("all connections together send larger messages than there is memory for");
    }
    held = wanted;
  }

  /** No message is read any more. */
  void close() {
    room.release(held);
    held = 0;
  }

  /** The next message that is not only about the connection. */
  RtmpMessage read() throws IOException {
    while (true) {
      given = 0;
      hold();
      RtmpMessage message = chunk();
      acknowledge();
      if (message != null && !isOfConnection(message)) {
        return message;
      }
    }
  }

  private RtmpMessage chunk() throws IOException {
    int first = in.readUnsignedByte();
    int form = first >> 6;
    int id = first & 63;
    if (id == 0) {
      id = 64 + in.readUnsignedByte();
    } else if (id == 1) {
      id = 64 + in.readUnsignedByte() + (in.readUnsignedByte() << 8);
    }
    Chunks chunks = streams.computeIfAbsent(id, any -> new Chunks());
    if (streams.size() > MOST_CHUNK_STREAMS) {
      throw new IOException("it uses more than " + MOST_CHUNK_STREAMS + " chunk streams");
    }
    long time = header(form, chunks);
    if (chunks.body == null) {
      begin(form, time, chunks);
    }
    int part = Math.min(chunkIn, chunks.length - chunks.filled);
    in.readFully(chunks.body, chunks.filled, part);
    chunks.filled += part;
    received += 12 + part;
    if (chunks.filled < chunks.length) {
      return null;
    }
    byte[] body = chunks.body;
    chunks.body = null;
    waiting -= chunks.length;
    given += chunks.length;
    return new RtmpMessage(chunks.type, chunks.stream, chunks.millis, body);
  }

  private long header(int form, Chunks chunks) throws IOException {
    long time = chunks.delta;
    if (form < 3) {
      time = number24();
      if (form < 2) {
        int length = number24();
        if (chunks.body != null && length != chunks.length) {
          throw new IOException("a message began before the one before it ended");
        }
        chunks.length = length;
        chunks.type = in.readUnsignedByte();
      }
      if (form == 0) {
        chunks.stream = Integer.reverseBytes(in.readInt());
      }
      chunks.extended = time == NO_TIME;
    }
    if (chunks.extended) {
      time = in.readInt() & 0xffffffffL;
    }
    return time;
  }

  private void begin(int form, long time, Chunks chunks) throws IOException {
    waiting += chunks.length;
    if (waiting > most) {
      throw new IOException("it sends a message of " + chunks.length + " bytes; " + most + " are taken at most");
    }
    hold();
    if (form < 3) {
      chunks.delta = time;
    }
    chunks.millis = form == 0 ? time : chunks.millis + chunks.delta & 0xffffffffL;
    chunks.body = new byte[chunks.length];
    chunks.filled = 0;
  }

  private int number24() throws IOException {
    return in.readUnsignedByte() << 16 | in.readUnsignedShort();
  }

  private boolean isOfConnection(RtmpMessage message) throws IOException {
    ByteBuffer body = ByteBuffer.wrap(message.body());
    switch (message.type()) {
      case RtmpMessage.CHUNK_SIZE -> {
        chunkIn = body.remaining() < 4 ? chunkIn : Math.max(1, Math.min(LARGEST_CHUNK, body.getInt() & 0x7fffffff));
        return true;
      }
      case RtmpMessage.WINDOW -> {
        window = body.remaining() < 4 ? window : Math.max(1 << 16, body.getInt() & 0xffffffffL);
        return true;
      }
      case RtmpMessage.EVENT -> {
        if (body.remaining() >= 6 && body.getShort() == PING) {
          write(new RtmpMessage(
              RtmpMessage.EVENT, 0, 0, ByteBuffer.allocate(6).putShort((short) PONG).putInt(body.getInt()).array()));
        }
        return !message.isEnd();
      }
      case RtmpMessage.ABORT, RtmpMessage.ACKNOWLEDGED, RtmpMessage.PEER_BANDWIDTH -> {
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  private void acknowledge() throws IOException {
    if (received - acknowledged >= window) {
      acknowledged = received;
      write(RtmpMessage.number(RtmpMessage.ACKNOWLEDGED, (int) received));
    }
  }

  /** From now on our chunks are larger, which saves both sides work. */
  void enlargeChunks() throws IOException {
    write(RtmpMessage.number(RtmpMessage.CHUNK_SIZE, OUR_CHUNK));
    chunkOut = OUR_CHUNK;
  }

  /** @param message whose time is below four and a half hours, as that of commands is */
  synchronized void write(RtmpMessage message) throws IOException {
    byte[] body = message.body();
    int id = message.type() < RtmpMessage.AUDIO ? 2 : COMMANDS;
    ByteBuffer header = ByteBuffer.allocate(12);
    header.putInt(id << 24 | (int) message.millis());
    header.putInt(body.length << 8 | message.type());
    header.putInt(Integer.reverseBytes(message.stream()));
    out.write(header.array());
    for (int at = 0; at < body.length; at += chunkOut) {
      if (at > 0) {
        out.write(0xc0 | id);
      }
      out.write(body, at, Math.min(chunkOut, body.length - at));
    }
    out.flush();
  }
}
