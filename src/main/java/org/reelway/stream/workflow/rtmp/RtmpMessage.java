package org.reelway.stream.workflow.rtmp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.reelway.stream.recorder.FlvTag;

/**
 * One message.
 *
 * @param stream number within the connection
 * @param millis as its sender counts
 */
record RtmpMessage(int type, int stream, long millis, byte[] body) {
  static final int CHUNK_SIZE = 1;
  static final int ABORT = 2;
  static final int ACKNOWLEDGED = 3;
  static final int EVENT = 4;
  static final int WINDOW = 5;
  static final int PEER_BANDWIDTH = 6;
  static final int AUDIO = 8;
  static final int VIDEO = 9;
  static final int COMMAND_3 = 17;
  static final int DATA = 18;
  static final int COMMAND = 20;
  static final int AGGREGATE = 22;
  static final int STREAM_ENDED = 1;
  static final int LONGEST_COMMAND = 16 << 10;
  private static final int TAG_HEADER = 11;
  private static final int BACK_POINTER = 4;

  static RtmpMessage command(int stream, Object... values) {
    return new RtmpMessage(COMMAND, stream, 0, Amf.write(values));
  }

  static RtmpMessage number(int type, int value) {
    return new RtmpMessage(type, 0, 0, ByteBuffer.allocate(4).putInt(value).array());
  }

  boolean isCommand() {
    return type == COMMAND || type == COMMAND_3;
  }

  /** Of a command: its name, its number, its object, what else it has. */
  List<Object> values() throws IOException {
    if (body.length > LONGEST_COMMAND) {
      throw new IOException("a command of " + body.length + " bytes; " + LONGEST_COMMAND + " are taken at most");
    }
    return Amf.read(body, type == COMMAND_3 && body.length > 0 ? 1 : 0);
  }

  /** Whether the server says that the stream it plays is over. */
  boolean isEnd() {
    return type == EVENT && body.length >= 2 && ByteBuffer.wrap(body).getShort() == STREAM_ENDED;
  }

  boolean isMedia() {
    return type == AUDIO || type == VIDEO || type == AGGREGATE;
  }

  /** Hands on the media that it carries, if it is such a message: one after the other, for they may be very many. */
  void tags(Consumer<FlvTag> taken) {
    if (type == AUDIO || type == VIDEO) {
      taken.accept(FlvTag.of(type, millis, body));
    } else if (type == AGGREGATE) {
      aggregated(taken);
    }
  }

  private void aggregated(Consumer<FlvTag> taken) {
    boolean isFirst = true;
    ByteBuffer in = ByteBuffer.wrap(body);
    long shift = 0;
    while (in.remaining() >= TAG_HEADER) {
      int first = in.getInt();
      int low = in.getInt();
      in.position(in.position() + 3);
      int size = first & 0xffffff;
      long time = (low & 0xffL) << 24 | low >>> 8;
      if (in.remaining() < size) {
        break;
      }
      byte[] media = new byte[size];
      in.get(media);
      in.position(in.position() + Math.min(BACK_POINTER, in.remaining()));
      shift = isFirst ? millis - time : shift;
      isFirst = false;
      taken.accept(FlvTag.of(first >>> 24, time + shift, media));
    }
  }
}
