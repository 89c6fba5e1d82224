package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.failure.Failure;
import org.reelway.recording.MarkerContent;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreRequest;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.RecordingChanged;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.UploadChecksums;
import org.reelway.transfer.store.ChecksumKind;

/**
 * A file that somebody changes at some moment of its transfer, under a tidy that deletes: no short or mixed object is ever
 * said to be the file, and what the file is in the end is what the store holds in the end.
 */
class ChangingFileTest {
  private static final int SMALL = 1_000_000;
  private static final int LARGE = 6 * Recordings.MIB + 4711;
  private static final AtomicInteger CELLS = new AtomicInteger();

  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private FaultyStore wire;
  private FlowFixture parts;
  private LogLines log;

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void join() {
    wire = FaultyStore.before(server.endpoint());
    parts = joined(true);
    log = new LogLines("org.reelway");
  }

  /** @param checked whether a single put is its own proof; else a HEAD follows */
  private FlowFixture joined(boolean checked) {
    StoreCapabilities does =
        new StoreCapabilities(
            ChecksumKind.CRC32C, checked, false, UploadChecksums.of(ChecksumKind.CRC32C), false, true, true, true, true, true);
    return new FlowFixture(temp, FlowFixture.connect(wire.endpoint(), Duration.ofSeconds(20)), does);
  }

  @AfterEach
  void part() {
    log.close();
    parts.close();
    wire.close();
  }

  /** What somebody does to the file; the file is there again, or still, afterwards. */
  private enum Change {
    GROWS {
      @Override
      void to(Path file) throws IOException {
        Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
      }
    },
    SHRINKS {
      @Override
      void to(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(100);
        }
      }
    },
    IS_WRITTEN_WITHIN {
      @Override
      void to(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}), 500);
        }
      }
    },
    IS_REPLACED {
      @Override
      void to(Path file) throws IOException {
        Path next = file.resolveSibling("next.tmp");
        Files.write(next, new byte[4000]);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
      }
    },
    IS_REPLACED_BY_ONE_OF_ITS_SIZE_AND_TIME {
      @Override
      void to(Path file) throws IOException {
        Path next = file.resolveSibling("next.tmp");
        Files.write(next, new byte[(int) Files.size(file)]);
        Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
      }
    };

    abstract void to(Path file) throws IOException;
  }

  static Stream<Arguments> moments() {
    List<Arguments> moments = new ArrayList<>();
    for (Change change : Change.values()) {
      moments.add(Arguments.of(change, SMALL, Operation.PUT, 1));
      moments.add(Arguments.of(change, SMALL, Operation.HEAD, 1));
      moments.add(Arguments.of(change, LARGE, Operation.CREATE, 1));
      moments.add(Arguments.of(change, LARGE, Operation.PART, 1));
      moments.add(Arguments.of(change, LARGE, Operation.PART, 2));
      moments.add(Arguments.of(change, LARGE, Operation.COMPLETE, 1));
      // The first look at the key comes before anything is sent, the second is the verification's.
      moments.add(Arguments.of(change, LARGE, Operation.HEAD, 2));
    }
    return moments.stream();
  }

  /** When the request of this kind and number has come to the store, and waits for its answer. */
  private void at(Operation operation, int number, Runnable doing) {
    AtomicInteger seen = new AtomicInteger();
    wire.onRequest(
        (StoreRequest request) -> {
          if (request.operation() == operation && seen.incrementAndGet() == number) {
            doing.run();
          }
        });
  }

  private static void change(Change change, Path file) {
    try {
      change.to(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{0} at {2} {3}")
  @MethodSource("moments")
  void aFileThatChangesIsSentAsItIsInTheEnd(Change change, int size, Operation operation, int number) throws Exception {
    if (size == SMALL && operation == Operation.HEAD) {
      parts.close();
      parts = joined(false);
    }
    Path file = parts.recordings.random("cell-" + CELLS.incrementAndGet() + "/a.mp4", size, 1);
    Recordings.mark(file);
    parts.intake.rescan();
    at(operation, number, () -> change(change, file));

    RecordingWork first = parts.next();
    assertThatThrownBy(() -> parts.flow.transfer(first, FlowFixture.target()))
        .isInstanceOf(RecordingChanged.class)
        .hasMessageContaining(file + " ");
    parts.flow.ended(first, new RecordingChanged("as thrown"));
    byte[] now = Recordings.bytes(file);
    assertThat(parts.markers.read(first.recording())).isInstanceOf(MarkerContent.Replaced.class);
    assertThat(parts.nothingIsDue()).as("until it has rested").isTrue();
    parts.clock.forward(FlowFixture.REST);

    carry(file);

    assertThat(server.bytes(parts.folder.relative(file))).isEqualTo(now);
    assertThat(file).doesNotExist();
    assertThat(server.uploads()).isEmpty();
    assertThat(log.of("ERROR")).isEmpty();
  }

  private void carry(Path file) throws Exception {
    for (int tries = 0; Recordings.isMarked(file); tries++) {
      assertThat(tries).isLessThan(10);
      RecordingWork work = parts.next();
      try {
        parts.flow.transfer(work, FlowFixture.target());
        parts.flow.tidy(work, Tidy.DELETE, null);
      } catch (Failure failure) {
        parts.flow.ended(work, failure);
      }
      parts.clock.forward(FlowFixture.BACKOFF.most());
    }
  }

  @ParameterizedTest(name = "{0} between verification and tidying")
  @MethodSource("changes")
  void aFileThatChangesAfterItsVerificationStaysAndIsSentAsItIs(Change change) throws Exception {
    Path file = parts.recordings.random("late-" + change + "/a.mp4", LARGE, 1);
    Recordings.mark(file);
    parts.intake.rescan();
    RecordingWork work = parts.next();
    parts.flow.transfer(work, FlowFixture.target());
    change.to(file);
    byte[] now = Recordings.bytes(file);

    parts.flow.tidy(work, Tidy.DELETE, null);

    assertThat(file).hasBinaryContent(now);
    parts.clock.forward(FlowFixture.REST);
    carry(file);
    assertThat(server.bytes(parts.folder.relative(file))).isEqualTo(now);
  }

  static Change[] changes() {
    return Change.values();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("stages")
  void aFileThatVanishesIsSetAsideAndIsSentWhenItComesBack(Operation operation, int number, int size)
      throws Exception {
    Path file = parts.recordings.random("gone-" + CELLS.incrementAndGet() + "/a.mp4", size, 1);
    Path elsewhere = file.resolveSibling("elsewhere.tmp");
    Recordings.mark(file);
    parts.intake.rescan();
    at(operation, number, () -> move(file, elsewhere));

    RecordingWork first = parts.next();
    assertThatThrownBy(() -> parts.flow.transfer(first, FlowFixture.target()))
        .isInstanceOf(RecordingChanged.class)
        .hasMessageContaining("was moved or deleted during its transfer");
    parts.flow.ended(first, new RecordingChanged("as thrown"));
    parts.clock.forward(FlowFixture.BACKOFF.most());
    RecordingWork second = parts.next();
    Failure missing = org.assertj.core.api.Assertions.catchThrowableOfType(
        Failure.class, () -> parts.flow.transfer(second, FlowFixture.target()));
    parts.flow.ended(second, missing);

    assertThat(parts.queue.size()).as("set aside").isZero();
    assertThat(log.of("ERROR")).singleElement().asString().contains("is not there although its marker is there");
    assertThat(server.uploads()).isEmpty();
    parts.intake.rescan();
    assertThat(parts.queue.size()).as("said once").isZero();
    move(elsewhere, file);
    byte[] bytes = Recordings.bytes(file);
    parts.intake.rescan();
    carry(file);
    assertThat(server.bytes(parts.folder.relative(file))).isEqualTo(bytes);
  }

  static Stream<Arguments> stages() {
    return Stream.of(
        Arguments.of(Operation.CREATE, 1, LARGE),
        Arguments.of(Operation.PART, 2, LARGE));
  }

  /** It may have been another sidecar that tidied it; the bytes are compared with the file, which is still open. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("lastRequests")
  void aFileThatVanishesWhenAllOfItIsSentIsInTheStoreAndNoOtherTakesItsPlace(Operation operation, int size)
      throws Exception {
    Path file = parts.recordings.random("sent-" + operation + "/a.mp4", size, 1);
    byte[] bytes = Recordings.bytes(file);
    Recordings.mark(file);
    parts.intake.rescan();
    at(operation, 1, () -> move(file, file.resolveSibling("elsewhere.tmp")));
    RecordingWork work = parts.next();

    parts.flow.transfer(work, FlowFixture.target());
    parts.flow.tidy(work, Tidy.DELETE, null);

    assertThat(server.bytes(parts.folder.relative(file))).isEqualTo(bytes);
    assertThat(file.resolveSibling("elsewhere.tmp")).hasBinaryContent(bytes);
    assertThat(Recordings.isMarked(file)).isFalse();
    assertThat(server.uploads()).isEmpty();
  }

  static Stream<Arguments> lastRequests() {
    return Stream.of(Arguments.of(Operation.PUT, SMALL), Arguments.of(Operation.COMPLETE, LARGE));
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatChangedRestsAfterARestartToo() throws Exception {
    Path file = parts.recordings.random("restart/a.mp4", SMALL, 1);
    Recordings.mark(file);
    parts.intake.rescan();
    at(Operation.PUT, 1, () -> change(Change.GROWS, file));
    RecordingWork first = parts.next();
    assertThatThrownBy(() -> parts.flow.transfer(first, FlowFixture.target())).isInstanceOf(RecordingChanged.class);
    parts.flow.ended(first, new RecordingChanged("as thrown"));
    parts.close();

    parts = joined(true);
    parts.intake.rescan();
    RecordingWork again = parts.next();
    assertThatThrownBy(() -> parts.flow.transfer(again, FlowFixture.target()))
        .isInstanceOf(RecordingChanged.class)
        .hasMessageContaining("before the restart");
    parts.flow.ended(again, new RecordingChanged("as thrown"));
    parts.clock.forward(FlowFixture.REST.minusMillis(1));
    assertThat(parts.nothingIsDue()).isTrue();
    parts.clock.forward(Duration.ofMillis(1));
    byte[] bytes = Recordings.bytes(file);
    carry(file);

    assertThat(server.bytes("restart/a.mp4")).isEqualTo(bytes);
  }

  @Test
  void markingAFileThatRestsEndsItsRest() throws Exception {
    Path file = parts.recordings.random("marked/a.mp4", SMALL, 1);
    Recordings.mark(file);
    parts.intake.rescan();
    at(Operation.PUT, 1, () -> change(Change.GROWS, file));
    RecordingWork first = parts.next();
    assertThatThrownBy(() -> parts.flow.transfer(first, FlowFixture.target())).isInstanceOf(RecordingChanged.class);
    parts.flow.ended(first, new RecordingChanged("as thrown"));

    parts.markers.mark(parts.folder, file, "cam1");
    parts.queue.retryNow();
    byte[] bytes = Recordings.bytes(file);
    RecordingWork again = parts.next();
    parts.flow.transfer(again, FlowFixture.target());
    parts.flow.tidy(again, Tidy.DELETE, null);

    assertThat(file).doesNotExist();
    assertThat(server.bytes("marked/a.mp4")).isEqualTo(bytes);
  }
}
