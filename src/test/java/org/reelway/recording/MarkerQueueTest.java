package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkerQueueTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir Path temp;
  private final SetClock clock = new SetClock(START);
  private final MarkerQueue queue = new MarkerQueue(clock);
  private RecordingFolder folder;

  @BeforeEach
  void makeFolder() throws Exception {
    folder = RecordingFolder.of(Files.createDirectories(temp.resolve("recordings")), temp.resolve("markers"));
  }

  private MarkedRecording marked(String name, int second) throws Exception {
    Path file = folder.root().resolve(name);
    Path marker = Files.writeString(MarkerName.of(file), "");
    Files.setLastModifiedTime(marker, FileTime.from(START.plusSeconds(second)));
    return new MarkedRecording(folder, file, marker, START.plusSeconds(second));
  }

  private List<String> offer(MarkedRecording... recordings) {
    List<String> added = new ArrayList<>();
    queue.offer(List.of(recordings), recording -> added.add(recording.name()));
    return added;
  }

  private String next() throws Exception {
    return queue.take(Duration.ZERO).map(MarkedRecording::name).orElse("-");
  }

  @Test
  void theOldestMarkerGoesFirst() throws Exception {
    offer(marked("b", 20), marked("c", 30), marked("a", 10), marked("z", 5));

    assertThat(List.of(next(), next(), next(), next(), next())).containsExactly("z", "a", "b", "c", "-");
  }

  @Test
  void oneThatIsKnownOrInHandIsHandedOutOnce() throws Exception {
    MarkedRecording a = marked("a", 1);
    assertThat(offer(a)).containsExactly("a");
    assertThat(offer(a)).isEmpty();
    assertThat(next()).isEqualTo("a");
    assertThat(offer(a)).as("in hand").isEmpty();
    assertThat(next()).isEqualTo("-");
    assertThat(queue.size()).isEqualTo(1);

    queue.done(a);

    assertThat(queue.size()).isZero();
    assertThat(offer(a)).as("marked again").containsExactly("a");
  }

  @Test
  void oneThatWasDoneSinceItWasFoundIsNotAdded() throws Exception {
    MarkedRecording found = marked("a", 1);
    offer(found);
    next();
    Files.delete(found.marker());
    queue.done(found);

    assertThat(offer(found)).isEmpty();
    assertThat(next()).isEqualTo("-");
  }

  @Test
  void oneThatWaitsForItsNextTryHoldsUpNobody() throws Exception {
    MarkedRecording a = marked("a", 1);
    offer(a, marked("b", 2), marked("c", 3));
    assertThat(next()).isEqualTo("a");
    assertThat(queue.failed(a)).isEqualTo(1);
    queue.again(a, Duration.ofMinutes(5));

    assertThat(next()).isEqualTo("b");
    assertThat(next()).isEqualTo("c");
    assertThat(next()).isEqualTo("-");
    clock.forward(Duration.ofMinutes(5).minusMillis(1));
    assertThat(next()).isEqualTo("-");
    clock.forward(Duration.ofMillis(1));
    assertThat(next()).isEqualTo("a");
    assertThat(queue.failed(a)).as("of the same recording").isEqualTo(2);
    queue.done(a);
    assertThat(queue.failed(a)).as("after it was done").isEqualTo(1);
  }

  @Test
  void oneThatWaitsIsOfferedAgainWithoutBeingReady() throws Exception {
    MarkedRecording a = marked("a", 1);
    offer(a);
    next();
    queue.again(a, Duration.ofMinutes(5));

    assertThat(offer(a)).isEmpty();
    assertThat(next()).isEqualTo("-");
    queue.retryNow();
    assertThat(next()).isEqualTo("a");
  }

  @Test
  void whatAWholeLookDidNotFindAnyMoreIsForgottenButForWhatIsInHand() throws Exception {
    MarkedRecording inHand = marked("a", 1);
    MarkedRecording waiting = marked("b", 2);
    MarkedRecording ready = marked("c", 3);
    MarkedRecording stays = marked("d", 4);
    offer(inHand, waiting);
    next();
    next();
    queue.again(waiting, Duration.ZERO);
    offer(ready, stays);
    RecordingFolder other = RecordingFolder.of(temp.resolve("other"), temp.resolve("markers"));
    queue.retainOnly(other, List.of());
    assertThat(queue.size()).isEqualTo(4);

    queue.retainOnly(folder, List.of(stays));

    assertThat(queue.contains(inHand.file())).isTrue();
    assertThat(queue.backlog()).containsExactly(stays);
    assertThat(queue.oldest()).contains(inHand.markedAt());
    assertThat(next()).isEqualTo("d");
    assertThat(next()).isEqualTo("-");
  }

  @Test
  void aTakerThatWaitsIsWokenByWorkAndByTheEnd() throws Exception {
    CompletableFuture<String> first = taking();
    offer(marked("a", 1));
    assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("a");

    CompletableFuture<String> last = taking();
    queue.close();
    assertThat(last.get(10, TimeUnit.SECONDS)).isEqualTo("-");
    offer(marked("b", 2));
    assertThat(next()).as("after the end").isEqualTo("-");
  }

  private CompletableFuture<String> taking() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return queue.take(Duration.ofHours(1)).map(MarkedRecording::name).orElse("-");
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
