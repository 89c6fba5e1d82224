package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.settings.BandwidthPlan;
import org.reelway.transfer.bandwidth.Bandwidth;

/** Peers that are never silent, and never done either. */
@Timeout(60)
class StorePatienceTest {
  private static final int BIG = 64 << 20;

  @TempDir Path folder;

  private static S3Store store(ScriptedServer server, Duration idle, Bandwidth bandwidth) {
    return new S3Store(
        new StoreConnection(
            server.endpoint(), "us-east-1", true, Duration.ofSeconds(5), idle,
            new Transport(1024, Trust.platform("reelway.store"), null, bandwidth),
            StoreCredentials.fixed("a", "s"), "reelway.store"));
  }

  private static S3Store store(ScriptedServer server) {
    return store(server, Duration.ofMillis(100), Bandwidth.unlimited());
  }

  private FileChannel file(long size) throws Exception {
    FileChannel file =
        FileChannel.open(folder.resolve("body"), StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    file.write(ByteBuffer.wrap(new byte[] {1}), size - 1);
    return file;
  }

  private static StoredObject put(S3Store store, FileChannel file, long size) {
    return store.put("b", "k", new Body.FileSlice(file, 0, size), null, ObjectAttributes.NONE, Precondition.NONE,
        Sent.NOBODY);
  }

  @Test
  void anAnswerThatTricklesIsGivenUp() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(c -> { c.request(); c.say("HTTP/1.1 200 OK\r\nX-Long: "); c.trickle("x", 20); });
        S3Store store = store(server)) {
      StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket("b"));
      assertThat(failure.code()).isEqualTo("Timeout");
      assertThat(failure.isTransient()).isTrue();
      assertThat(failure).hasMessage("HEAD " + server.endpoint() + "/b: the answer was not whole after 1000 ms");
    }
  }

  @Test
  void aBodyOfWhiteSpaceWithoutEndIsGivenUp() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(c -> { c.request(); c.say("HTTP/1.1 200 OK\r\n\r\n"); c.trickle(" ", 20); });
        S3Store store = store(server)) {
      StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.listParts("b", "k", "u"));
      assertThat(failure.code()).isEqualTo("Timeout");
      assertThat(failure.isAnswerLost()).isTrue();
    }
  }

  @Test
  void interimAnswersWithoutEndAreGivenUp() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(c -> { c.request(); c.trickle("HTTP/1.1 102 Processing\r\n\r\n", 1); });
        S3Store store = store(server)) {
      StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket("b"));
      assertThat(failure.code()).isEqualTo("Timeout");
    }
  }

  @Test
  void aPeerThatTalksAndTakesNothingIsGivenUpAndTheSettingNamed() throws Exception {
    try (FileChannel file = file(BIG);
        ScriptedServer server =
            new ScriptedServer(c -> {
              c.head();
              c.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-Long: ");
              c.trickle("x", 20);
            });
        S3Store store = store(server)) {
      StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> put(store, file, BIG));
      // What the system's buffers take moves in the first windows.
      assertThat(failure.code()).isEqualTo("Timeout");
      assertThat(failure).hasMessageContaining(" bytes moved in ")
          .hasMessageEndingWith("less than 1024 bytes a second; the lowest rate is reelway.store.min-rate");
    }
  }

  @Test
  void anObjectMayTakeAsLongAsItMoves() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(c -> {
              c.request();
              c.say("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
              for (int i = 0; i < 60; i++) {
                // Twelve times the time that a short answer gets.
                TimeUnit.MILLISECONDS.sleep(20);
                c.say("x".repeat(1000));
              }
            });
        S3Store store = store(server)) {
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      store.get("b", "k", got);
      assertThat(got.size()).isEqualTo(60_000);
    }
  }

  @Test
  void anObjectThatTricklesIsGivenUp() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(c -> {
              c.request();
              c.say("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
              c.trickle("x", 20);
            });
        S3Store store = store(server)) {
      StoreFailure failure =
          catchThrowableOfType(StoreFailure.class, () -> store.get("b", "k", new ByteArrayOutputStream()));
      assertThat(failure.isTransient()).isTrue();
      assertThat(failure).hasMessageContaining("less than 1024 bytes a second");
    }
  }

  @Test
  void ourOwnLimitIsNeverHeldAgainstThePeer() throws Exception {
    long size = 40 << 10;
    // Far longer than the idle timeout, and slower than the lowest rate allows.
    Bandwidth slow = new Bandwidth(BandwidthPlan.parse("24KiB/s"), java.time.Clock.systemUTC());
    try (FileChannel file = file(size);
        ScriptedServer server = new ScriptedServer(c -> { c.request(); c.answer(200, "ETag: \"e\"\r\n", ""); });
        S3Store store = store(server, Duration.ofMillis(100), slow)) {
      assertThat(put(store, file, size).etag()).isEqualTo("e");
      assertThat(slow.sent()).isEqualTo(size);
    }
  }

  @Test
  void anUnknownHostIsNamedAndTriedAgain() {
    try (S3Store store =
        new S3Store(
            new StoreConnection(
                URI.create("http://store.invalid:9000"), "us-east-1", true, Duration.ofSeconds(5),
                Duration.ofSeconds(1), StoreCredentials.fixed("a", "s"), null))) {
      StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket("b"));
      assertThat(failure.code()).isEqualTo("UnknownHost");
      assertThat(failure.isTransient()).isTrue();
      assertThat(failure.isAnswerLost()).isFalse();
      assertThat(failure).hasMessageContaining("store.invalid").hasMessageContaining("reelway.store.endpoint");
    }
  }
}
