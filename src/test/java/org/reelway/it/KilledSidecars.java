package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.state.BegunUploads;
import org.reelway.state.TestState;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.KillGate;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreRequest;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * A store behind a gate, recordings of which a copy is kept elsewhere, and uploads of somebody else's; asks the store by
 * the AWS SDK what has become of them.
 */
final class KilledSidecars implements AutoCloseable {
  static final int TWO_PARTS_AND_A_BIT = 10 * Recordings.MIB + 1000;

  final Path folder;
  final Path moved;
  final TestStore store;
  final FaultyStore wire;
  final KillGate gate;
  final Recordings recordings;
  private final Tidy tidy;
  /** Copies of the recordings, by their names. */
  private final Map<String, Path> originals = new TreeMap<>();
  private final List<String> foreign = new ArrayList<>();
  private boolean unlocked;

  KilledSidecars(Path folder, Tidy tidy) {
    this.folder = folder;
    this.tidy = tidy;
    this.moved = folder.resolve("moved");
    this.store = TestStore.start(folder.resolve("store"));
    this.wire = FaultyStore.before(store.endpoint());
    this.gate = new KillGate(wire);
    this.recordings = new Recordings(folder.resolve("recordings"));
  }

  Path add(String name, int size) {
    Path file = recordings.random(name, size, name.hashCode());
    originals.put(name, new Recordings(folder.resolve("originals")).file(name, Recordings.bytes(file)));
    Recordings.mark(file);
    return file;
  }

  /** An unfinished upload with a part, as another program leaves it. */
  void foreignUpload(String key) {
    String id = store.beginUpload(key);
    store.storePart(key, id, 1, new byte[] {1, 2, 3});
    foreign.add(id);
  }

  Path file(String name) {
    return recordings.folder().resolve(name);
  }

  Set<String> names() {
    return originals.keySet();
  }

  /** @param own folder of the sidecar: its state, logs and working folder */
  ChildReelway.CommandLine sidecar(String own) {
    return ChildReelway.sidecar(folder.resolve(own), wire.endpoint())
        .set("reelway.recordings.folder", recordings.folder())
        .set("reelway.recordings.tidy", tidy.name().toLowerCase(java.util.Locale.ROOT))
        .set("reelway.recordings.move-to", moved)
        // What is held is not given up, however busy the machine is.
        .set("reelway.store.idle-timeout", "1h")
        .set("reelway.recordings.files-at-once", 16)
        .set("reelway.transfer.parts-at-once", 16);
  }

  boolean allDone() {
    return names().stream().noneMatch(name -> Recordings.isMarked(file(name)));
  }

  /** Sidecars cannot tell each other which recordings they are at: nobody can open the file of locks for writing. */
  void withoutLocks() throws IOException {
    Files.createDirectories(file(".reelway.lock"));
    unlocked = true;
  }

  /** P1, at any instant: the untouched file, or an object with its bytes. */
  void assertNothingIsLost() {
    originals.forEach(
        (name, original) -> {
          byte[] left = Files.exists(file(name)) ? Recordings.bytes(file(name)) : store.bytes(name);
          assertThat(Arrays.equals(left, Recordings.bytes(original))).as("file or object %s", name).isTrue();
        });
  }

  /** P3 and P6, at the end. */
  void assertEachIsOneObject() {
    assertNothingIsLost();
    assertThat(store.keys().stream().filter(key -> !key.startsWith(".reelway-probe/")).toList())
        .containsExactlyInAnyOrderElementsOf(names());
    originals.forEach(
        (name, original) -> {
          byte[] sent = Recordings.bytes(original);
          assertThat(Arrays.equals(store.bytes(name), sent)).as("object %s", name).isTrue();
          assertThat(Files.exists(file(name))).as("%s is there", name).isEqualTo(tidy == Tidy.KEEP);
          if (tidy == Tidy.MOVE) {
            assertThat(Arrays.equals(Recordings.bytes(moved.resolve(name)), sent)).as("moved %s", name).isTrue();
          }
        });
    assertUploads();
  }

  /**
   * Others' are there, whole; ours only where the id was lost with the answer to its creation, which leaves it empty, or
   * where nobody could go on with it: a probe was killed, or, without locks, one of two sidecars that were at the same
   * recording. The state knows those, and the janitor ends them.
   */
  private void assertUploads() {
    List<MultipartUpload> uploads =
        store.client().listMultipartUploads(list -> list.bucket(TestStore.BUCKET)).uploads();
    assertThat(uploads).extracting(MultipartUpload::uploadId).containsAll(foreign);
    for (MultipartUpload upload : uploads) {
      if ((unlocked || upload.key().startsWith(".reelway-probe/")) && isKnown(upload)) {
        continue;
      }
      boolean others = foreign.contains(upload.uploadId());
      assertThat(store.parts(upload.key(), upload.uploadId())).as("%s", upload).hasSize(others ? 1 : 0);
    }
  }

  private boolean isKnown(MultipartUpload upload) {
    try (Stream<Path> owns = Files.list(folder)) {
      return owns
          .map(own -> TestState.open(own.resolve("state"), Clock.systemUTC()))
          .map(state -> new BegunUploads(state.jdbi(), null, Clock.systemUTC(), "here"))
          .anyMatch(begun -> begun.isOurs(TestStore.BUCKET, upload.key(), upload.uploadId()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Parts by recording that are in the store, in the upload that the recording's marker names. */
  Map<String, Set<Integer>> storedParts() {
    Map<String, Set<Integer>> stored = new HashMap<>();
    for (String name : names()) {
      String marker = Recordings.isMarked(file(name)) ? Recordings.text(Recordings.marker(file(name))) : "";
      if (marker.contains("multipartUploadId")) {
        stored.put(name, numbers(store.parts(name, json(marker, "multipartUploadId"))));
      }
    }
    return stored;
  }

  private static Set<Integer> numbers(List<Part> parts) {
    return parts.stream().map(Part::partNumber).collect(Collectors.toSet());
  }

  private static String json(String text, String member) {
    try {
      return JsonMapper.builder().build().readTree(text).path(member).asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** P2: nothing that was in the store before has come again since the gate was last set. */
  void assertOnlyMissingPartsCame(Map<String, Set<Integer>> before) {
    for (StoreRequest request : gate.requests()) {
      if (request.operation() == Operation.PART) {
        assertThat(before.getOrDefault(request.key(), Set.of())).as(request.key()).doesNotContain(request.part());
      }
    }
  }

  long count(Operation operation, String key) {
    return gate.requests().stream().filter(one -> one.operation() == operation && one.key().equals(key)).count();
  }

  @Override
  public void close() {
    wire.close();
    store.close();
  }
}
