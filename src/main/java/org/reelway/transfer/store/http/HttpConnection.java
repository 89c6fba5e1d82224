package org.reelway.transfer.store.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.transfer.bandwidth.Bandwidth;
import org.reelway.transfer.bandwidth.Priority;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Body.FileSlice;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.StoreProxy;
import org.reelway.transfer.store.http.TransportException.Kind;

/** One connection to a peer, for one request at a time. */
final class HttpConnection implements Closeable {
  /** Bodies above this ask first, so that a refusal does not cost them. */
  private static final long EXPECT_ABOVE = 1 << 20;
  /** Bounds the time in one system call, so that an interrupt is seen soon. */
  private static final long SEND_CHUNK = 4 << 20;
  private static final int STREAM_CHUNK = 64 << 10;
  /** The most that a system keeps of what it took (Linux: the last value of tcp_wmem). */
  private static final long SYSTEM_BUFFER = 4 << 20;
  /** A store may send white space for minutes while it puts parts together; this many idle timeouts are enough. */
  private static final int WHOLE_ANSWER = 10;

  private final Peer peer;
  private final HttpSettings settings;
  private final SocketLink link;
  private final Wire wire;
  private final InputBuffer input;
  private final StoreProxy via;
  private final Bandwidth bandwidth;
  private Pace pace;
  private Priority priority;
  /** Null until the head of an answer to the request is there. */
  private AnswerBody answerBody;
  private boolean mayStay;
  private boolean ignoresExpect;
  private long idleSince;

  /** @param via the proxy that is told each request's whole address; null where there is none, or a tunnel */
  HttpConnection(Peer peer, HttpSettings settings, SocketLink link, Wire wire, StoreProxy via) {
    this.peer = peer;
    this.settings = settings;
    this.link = link;
    this.wire = wire;
    this.via = via;
    this.bandwidth = settings.transport().bandwidth();
    this.input = new InputBuffer(wire, link);
  }

  Peer peer() {
    return peer;
  }

  /** Bytes of answers that ever came; a request that failed while it did not grow may not have been seen. */
  long received() {
    return input.total();
  }

  /** Whether another request can follow: this one's answer was read to its end. */
  boolean isReusable() {
    return mayStay && answerBody.isComplete() && input.isEmpty();
  }

  void markIdle() {
    idleSince = System.nanoTime();
  }

  /** Whether the connection still waits for a request: the peer has neither ended it nor said anything. */
  boolean isFresh(long longestIdleNanos) {
    try {
      return System.nanoTime() - idleSince < longestIdleNanos && input.isEmpty() && input.fillNow() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the peer let a request wait that asked to be told to go on. */
  boolean ignoresExpect() {
    return ignoresExpect;
  }

  /**
   * Sends the request and waits for the head of its answer; its body is then read from {@link #answerBody()}.
   *
   * @param mayAsk whether a large body may wait for the peer's word before it goes out
   */
  HttpAnswer exchange(HttpRequest request, boolean mayAsk, Sent sent) throws IOException {
    mayStay = false;
    pace = newPace();
    priority = request.priority();
    HttpAnswer early = sendOrFail(request, mayAsk, sent);
    input.limit(limit(request));
    HttpAnswer answer = early == null ? awaitAnswer() : early;
    if (via != null && answer.status() == 407) {
      throw ProxyTunnel.refusal(via, 407, request.method() + " " + request.peer());
    }
    if (early != null && early.status() < 300) {
      throw new TransportException(Kind.RESET, "the answer " + early.status() + " came before the body was sent");
    }
    answerBody = AnswerBody.of(request.method(), answer, input);
    mayStay = early == null && !"close".equalsIgnoreCase(answer.header("Connection"));
    return answer;
  }

  InputStream answerBody() {
    return answerBody;
  }

  private Pace newPace() {
    return new Pace(settings.idle(), settings.transport().minRate());
  }

  /** What the system took of the body may take long to be there: as long as what was sent before it took. */
  private AnswerLimit limit(HttpRequest request) {
    long length = request.body() == null ? 0 : request.body().length();
    Duration behind =
        length <= SYSTEM_BUFFER
            ? pace.allWaited()
            : Duration.ofNanos((long) ((double) pace.allWaited().toNanos() * SYSTEM_BUFFER / length));
    Duration silence = settings.idle().plus(behind);
    return request.largeAnswer()
        ? AnswerLimit.moving(silence, newPace())
        : AnswerLimit.whole(silence, settings.idle().multipliedBy(WHOLE_ANSWER).plus(behind));
  }

  private HttpAnswer sendOrFail(HttpRequest request, boolean mayAsk, Sent sent) throws IOException {
    try {
      return send(request, mayAsk, sent);
    } catch (IOException e) {
      throw TransportException.of(e);
    }
  }

  /** @return an answer that came before the body was sent; else null */
  private HttpAnswer send(HttpRequest request, boolean mayAsk, Sent sent) throws IOException {
    Body body = request.body();
    boolean ask = mayAsk && body != null && body.length() > EXPECT_ABOVE;
    HttpAnswer early = write(head(request, ask));
    if (early == null && ask) {
      early = awaitContinue();
    }
    if (early != null || body == null) {
      return early;
    }
    if (body instanceof FileSlice slice) {
      return write(slice, sent);
    }
    return body instanceof Body.Bytes small ? write(small, sent) : write((Body.Stream) body, sent);
  }

  private ByteBuffer head(HttpRequest request, boolean ask) {
    StringBuilder head = new StringBuilder(1024);
    head.append(request.method()).append(' ');
    if (via != null) {
      head.append("http://").append(request.peer().authority());
    }
    head.append(request.target()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(request.peer().authority()).append("\r\n");
    for (Header header : request.headers()) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    if (via != null && via.authorization() != null) {
      head.append("Proxy-Authorization: ").append(via.authorization()).append("\r\n");
    }
    if (request.body() != null) {
      head.append("Content-Length: ").append(request.body().length()).append("\r\n");
    }
    if (ask) {
      head.append("Expect: 100-continue\r\n");
    }
    return ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private HttpAnswer awaitContinue() throws IOException {
    long deadline = System.nanoTime() + settings.interim().toNanos();
    while (true) {
      HttpAnswer answer = input.head();
      if (answer != null) {
        if (answer.status() == 100) {
          return null;
        }
        if (answer.status() >= 200) {
          return answer;
        }
        continue;
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      int count = left <= 0 ? 0 : input.fillWithin(left);
      if (count < 0) {
        throw ended();
      }
      if (count == 0) {
        ignoresExpect = true;
        return null;
      }
    }
  }

  private HttpAnswer awaitAnswer() throws IOException {
    while (true) {
      HttpAnswer answer = finalHead();
      if (answer != null) {
        return answer;
      }
      if (input.fill() < 0) {
        throw ended();
      }
    }
  }

  /** The final answer's head where it is there; interim ones are passed over. */
  private HttpAnswer finalHead() throws TransportException {
    HttpAnswer answer = input.head();
    while (answer != null && answer.status() < 200) {
      answer = input.head();
    }
    return answer;
  }

  private static TransportException ended() {
    return new TransportException(Kind.RESET, "the connection was closed without an answer");
  }

  private HttpAnswer write(Body.Bytes body, Sent sent) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(body.bytes());
    HttpAnswer early = null;
    while (early == null && bytes.hasRemaining()) {
      int granted = (int) granted(bytes.remaining());
      early = write(bytes.slice(bytes.position(), granted));
      bytes.position(bytes.position() + granted);
    }
    if (early == null) {
      sent.bytes(body.length());
    }
    return early;
  }

  private HttpAnswer write(Body.Stream body, Sent sent) throws IOException {
    byte[] piece = new byte[STREAM_CHUNK];
    HttpAnswer early = null;
    try (InputStream from = body.from().get()) {
      for (long left = body.length(); early == null && left > 0; ) {
        int count = from.readNBytes(piece, 0, (int) granted(Math.min(piece.length, left)));
        if (count == 0) {
          throw new InputFailure("the body ended " + left + " bytes before the length that was given for it");
        }
        early = write(ByteBuffer.wrap(piece, 0, count));
        left -= count;
        sent.bytes(count);
      }
    }
    return early;
  }

  private HttpAnswer write(ByteBuffer bytes) throws IOException {
    try {
      while (true) {
        int before = bytes.remaining();
        wire.write(bytes);
        pace.moved(before - bytes.remaining());
        if (!bytes.hasRemaining()) {
          return drain();
        }
        HttpAnswer early = awaitRoom();
        if (early != null) {
          return early;
        }
      }
    } catch (TransportException e) {
      throw e;
    } catch (IOException e) {
      return lastWords(e);
    }
  }

  private HttpAnswer write(FileSlice slice, Sent sent) throws IOException {
    long done = 0;
    long granted = 0;
    try {
      while (done < slice.length()) {
        link.checkInterrupt();
        if (granted == 0) {
          granted = granted(Math.min(SEND_CHUNK, slice.length() - done));
        }
        long count = wire.write(slice.channel(), slice.offset() + done, granted);
        done += count;
        granted -= count;
        pace.moved(count);
        if (count > 0) {
          sent.bytes(count);
          continue;
        }
        checkLength(slice, done);
        HttpAnswer early = awaitRoom();
        if (early != null) {
          return early;
        }
      }
      return drain();
    } catch (TransportException e) {
      throw e;
    } catch (IOException e) {
      checkReadable(slice, done, e);
      return lastWords(e);
    } finally {
      bandwidth.giveBack(granted);
    }
  }

  /** Waits until our own limit lets bytes go out. */
  private long granted(long wanted) throws TransportException {
    try {
      return bandwidth.acquire(wanted, priority);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransportException(Kind.INTERRUPTED, "the thread was interrupted", e);
    }
  }

  private HttpAnswer drain() throws IOException {
    while (!wire.flush()) {
      HttpAnswer early = awaitRoom();
      if (early != null) {
        return early;
      }
    }
    return null;
  }

  /** Waits until the peer takes bytes again; returns its answer where it gives one instead. */
  private HttpAnswer awaitRoom() throws IOException {
    long began = System.nanoTime();
    int ready = link.await(SelectionKey.OP_READ | SelectionKey.OP_WRITE, settings.idle().toMillis());
    if (ready == 0) {
      throw new TransportException(
          Kind.IDLE, "the peer took no byte of the request for " + settings.idle().toMillis() + " ms");
    }
    pace.waited(System.nanoTime() - began);
    if ((ready & SelectionKey.OP_READ) == 0) {
      return null;
    }
    if (input.fillNow() < 0) {
      throw ended();
    }
    return finalHead();
  }

  /** A peer that refuses early may close at once: its answer may be there although writing fails. */
  private HttpAnswer lastWords(IOException writeFailure) throws IOException {
    link.checkInterrupt();
    try {
      HttpAnswer answer = finalHead();
      while (answer == null && input.fillWithin(100) > 0) {
        answer = finalHead();
      }
      if (answer != null) {
        return answer;
      }
    } catch (IOException e) {
      writeFailure.addSuppressed(e);
    }
    throw writeFailure;
  }

  private static void checkLength(FileSlice slice, long done) throws IOException {
    long size = slice.channel().size();
    if (size < slice.offset() + slice.length()) {
      throw new InputFailure(
          "the file got shorter while it was sent: bytes up to %d were expected, it ends at %d; nothing may write to a "
                  .formatted(slice.offset() + slice.length(), size)
              + "finished recording");
    }
  }

  /** Sending from a file fails with one exception for both sides; this tells the file's part. */
  private void checkReadable(FileSlice slice, long done, IOException failure) throws IOException {
    link.checkInterrupt();
    if (!slice.channel().isOpen()) {
      throw new OurFailure("the file was closed while it was sent", failure);
    }
    try {
      slice.channel().read(ByteBuffer.allocate(1), slice.offset() + done);
    } catch (IOException e) {
      throw new OurFailure("the file cannot be read at byte " + (slice.offset() + done) + ": " + TransportException.reason(e), e);
    }
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
