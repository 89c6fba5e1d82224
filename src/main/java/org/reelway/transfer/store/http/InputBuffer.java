package org.reelway.transfer.store.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.transfer.store.http.TransportException.Kind;

/** What came from the peer and is not used yet. Its size is the limit on an answer's headers. */
final class InputBuffer {
  private static final int SIZE = 64 * 1024;
  /** One for each 10 s of an hour, as some send while they work, and some more. */
  private static final int MOST_INTERIM = 1000;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)( .*)?");

  private final Wire wire;
  private final SocketLink link;
  private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).limit(0);
  private AnswerLimit limit;
  private long total;
  private int interim;

  InputBuffer(Wire wire, SocketLink link) {
    this.wire = wire;
    this.link = link;
  }

  /** How long {@link #fill()} and {@link #read} wait from now on. */
  void limit(AnswerLimit longest) {
    limit = longest;
  }

  /** Bytes that ever came. */
  long total() {
    return total;
  }

  /** Reads what is there, without waiting; -1 at the end. */
  int fillNow() throws IOException {
    if (bytes.remaining() == SIZE) {
      throw new TransportException(Kind.GARBLED, "the answer's headers are larger than " + SIZE + " bytes");
    }
    bytes.compact();
    try {
      int count = wire.read(bytes);
      total += Math.max(0, count);
      return count;
    } catch (IOException e) {
      throw TransportException.of(e);
    } finally {
      bytes.flip();
    }
  }

  /** Waits for bytes, at most as long as the limit says; -1 at the end. */
  int fill() throws IOException {
    int count = fillWithin(limit.nextWaitMillis());
    if (count == 0) {
      throw limit.expired();
    }
    if (count > 0) {
      limit.came(count);
    }
    return count;
  }

  /** Waits for bytes; 0 after the time, -1 at the end. */
  int fillWithin(long millis) throws IOException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    int count = fillNow();
    while (count == 0) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0 || link.await(SelectionKey.OP_READ, left) == 0) {
        return 0;
      }
      count = fillNow();
    }
    return count;
  }

  /** The head of an answer, taken out, where it is there whole; else null. Interim ones are bounded. */
  HttpAnswer head() throws TransportException {
    HttpAnswer answer = next();
    interim = answer == null ? interim : answer.status() < 200 ? interim + 1 : 0;
    if (interim > MOST_INTERIM) {
      throw new TransportException(
          Kind.GARBLED, "more than " + MOST_INTERIM + " interim answers came, the last " + answer.status());
    }
    return answer;
  }

  private HttpAnswer next() throws TransportException {
    int end = headEnd();
    if (end < 0) {
      return null;
    }
    byte[] head = new byte[end - bytes.position()];
    bytes.get(head);
    String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r?\n");
    Matcher status = STATUS_LINE.matcher(lines[0]);
    if (!status.matches()) {
      throw new TransportException(Kind.GARBLED, "the answer is not HTTP/1.1: its first line is " + shown(lines[0]));
    }
    List<Header> headers = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0 || lines[i].indexOf('\r') >= 0 || lines[i].indexOf('\0') >= 0) {
        throw new TransportException(Kind.GARBLED, "the answer has a header without a name: " + shown(lines[i]));
      }
      headers.add(new Header(lines[i].substring(0, colon).strip(), lines[i].substring(colon + 1).strip()));
    }
    return new HttpAnswer(Integer.parseInt(status.group(1)), headers);
  }

  private int headEnd() throws TransportException {
    rejectForeign();
    for (int i = bytes.position() + 1; i < bytes.limit(); i++) {
      if (bytes.get(i) == '\n'
          && (bytes.get(i - 1) == '\n' || i >= 2 && bytes.get(i - 1) == '\r' && bytes.get(i - 2) == '\n')) {
        return i + 1;
      }
    }
    return -1;
  }

  /** A peer that speaks something else is told from one that is slow, by its first bytes. */
  private void rejectForeign() throws TransportException {
    String expected = "HTTP/1.";
    int have = Math.min(expected.length(), bytes.remaining());
    for (int i = 0; i < have; i++) {
      if (bytes.get(bytes.position() + i) != expected.charAt(i)) {
        byte[] start = new byte[Math.min(40, bytes.remaining())];
        bytes.get(bytes.position(), start);
        throw new TransportException(
            Kind.GARBLED, "the answer is not HTTP/1.1: it starts with " + shown(new String(start, 0, start.length,
                StandardCharsets.ISO_8859_1)));
      }
    }
  }

  private static String shown(String text) {
    String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
    return '"' + (clean.length() > 80 ? clean.substring(0, 80) + "…" : clean) + '"';
  }

  /** Waits for at least a byte; -1 at the end. */
  int read(byte[] to, int offset, int length) throws IOException {
    while (!bytes.hasRemaining()) {
      if (fill() < 0) {
        return -1;
      }
    }
    int count = Math.min(length, bytes.remaining());
    bytes.get(to, offset, count);
    return count;
  }

  boolean isEmpty() {
    return !bytes.hasRemaining();
  }
}
