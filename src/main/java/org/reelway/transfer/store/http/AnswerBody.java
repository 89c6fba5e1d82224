package org.reelway.transfer.store.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.reelway.transfer.store.http.TransportException.Kind;

/** The body of an answer, up to the end that its framing gives (RFC 9112, section 6.3). */
abstract class AnswerBody extends InputStream {
  final InputBuffer input;

  AnswerBody(InputBuffer input) {
    this.input = input;
  }

  /** Whether all of it was read and the connection can carry the next request. */
  abstract boolean isComplete();

  static AnswerBody of(String method, HttpAnswer answer, InputBuffer input) throws TransportException {
    if (method.equals("HEAD") || answer.status() == 204 || answer.status() == 304) {
      return new Fixed(input, 0);
    }
    String encoding = answer.header("Transfer-Encoding");
    if (encoding != null) {
      if (!encoding.equalsIgnoreCase("chunked")) {
        throw new TransportException(Kind.GARBLED, "the answer has the unknown Transfer-Encoding " + encoding);
      }
      return new Chunked(input);
    }
    List<String> lengths =
        answer.headers().stream()
            .filter(header -> header.name().equalsIgnoreCase("Content-Length"))
            .map(Header::value)
            .distinct()
            .toList();
    if (lengths.isEmpty()) {
      return new UntilClose(input);
    }
    if (lengths.size() > 1 || !lengths.get(0).matches("\\d{1,18}")) {
      throw new TransportException(Kind.GARBLED, "the answer has the Content-Length " + String.join(", ", lengths));
    }
    return new Fixed(input, Long.parseLong(lengths.get(0)));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  final int readOrFail(byte[] to, int offset, int length) throws IOException {
    int count = input.read(to, offset, length);
    if (count < 0) {
      throw new TransportException(Kind.RESET, "the connection ended in the middle of the answer");
    }
    return count;
  }

  private static final class Fixed extends AnswerBody {
    private long left;

    Fixed(InputBuffer input, long length) {
      super(input);
      left = length;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = readOrFail(to, offset, (int) Math.min(left, length));
      left -= count;
      return count;
    }

    @Override
    boolean isComplete() {
      return left == 0;
    }
  }

  private static final class UntilClose extends AnswerBody {
    UntilClose(InputBuffer input) {
      super(input);
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      return input.read(to, offset, length);
    }

    @Override
    boolean isComplete() {
      return false;
    }
  }

  private static final class Chunked extends AnswerBody {
    private static final int LONGEST_LINE = 4096;
    private long left;
    private boolean first = true;
    private boolean ended;

    Chunked(InputBuffer input) {
      super(input);
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (left == 0 && !ended) {
        nextChunk();
      }
      if (ended) {
        return -1;
      }
      int count = readOrFail(to, offset, (int) Math.min(left, length));
      left -= count;
      return count;
    }

    private void nextChunk() throws IOException {
      if (!first && !line().isEmpty()) {
        throw new TransportException(Kind.GARBLED, "the answer has a chunk that is longer than it says");
      }
      first = false;
      String size = line().split(";", 2)[0].strip();
      if (!size.matches("[0-9a-fA-F]{1,15}")) {
        throw new TransportException(Kind.GARBLED, "the answer has a chunk without a size");
      }
      left = Long.parseLong(size, 16);
      if (left == 0) {
        while (!line().isEmpty()) {
          // Trailers say nothing that is used.
        }
        ended = true;
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      byte[] one = new byte[1];
      while (line.length() < LONGEST_LINE) {
        readOrFail(one, 0, 1);
        if (one[0] == '\n') {
          return line.toString().stripTrailing();
        }
        line.append((char) (one[0] & 0xff));
      }
      throw new TransportException(Kind.GARBLED, "the answer has a chunk line of more than " + LONGEST_LINE + " bytes");
    }

    @Override
    boolean isComplete() {
      return ended;
    }
  }
}
