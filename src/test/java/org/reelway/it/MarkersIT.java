package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;

/** Whatever a marker says and whatever a file is called, the recording ends as a verified object below the prefix. */
class MarkersIT {
  private static final String PREFIX = "archive/studio-1";
  private static final Pattern SET_ASIDE = Pattern.compile("set aside \\(input\\): .*never-there.mp4");

  @TempDir static Path folder;
  private static TestStore store;
  private static SlowWire wire;
  private static ChildReelway child;
  private static Recordings recordings;

  @BeforeAll
  static void start() {
    store = TestStore.start(folder.resolve("store"));
    wire = SlowWire.to(store.endpoint(), Long.MAX_VALUE / 4);
    recordings = new Recordings(folder.resolve("recordings"));
    child =
        ChildReelway.sidecar(folder, wire.endpoint())
            .set("reelway.store.prefix", PREFIX)
            .set("reelway.recordings.settle-time", "2s")
            .startReady();
  }

  @AfterAll
  static void stop() {
    child.close();
    wire.close();
    store.close();
  }

  private static void assertSent(Path file, String key) {
    child.await("the marker of " + file + " is gone", () -> !Recordings.isMarked(file));
    assertThat(store.bytes(key)).isEqualTo(Recordings.bytes(file));
    child.await("the log tells " + key, () -> child.err().contains(file + " → "));
  }

  private static List<Path> setAside() {
    try (var files = Files.list(folder.resolve("state/set-aside"))) {
      return files.toList();
    } catch (IOException nothingWasSetAside) {
      return List.of();
    }
  }

  @Test
  void anEmptyMarkerStartsAtTheBeginning() {
    Path file = recordings.random("empty/a.mp4", 6 * Recordings.MIB, 1);
    Recordings.mark(file);

    assertSent(file, PREFIX + "/empty/a.mp4");
  }

  @Test
  void anUploadThatTheWowzaModuleBeganGoesOnWithItsParts() {
    Path file = recordings.random("wowza/a.mp4", 20 * Recordings.MIB, 2);
    String key = PREFIX + "/wowza/a.mp4";
    String upload = store.beginUpload(key);
    byte[] content = Recordings.bytes(file);
    store.storePart(key, upload, 1, Arrays.copyOfRange(content, 0, Recordings.PART));
    store.storePart(key, upload, 3, Arrays.copyOfRange(content, 2 * Recordings.PART, 3 * Recordings.PART));
    // Another file's bytes at the same place: this part is sent again.
    store.storePart(key, upload, 2, new byte[Recordings.PART]);
    long before = wire.passed();

    Recordings.mark(file, """
        {"pauseType":"upload","bucketName":"%s","key":"%s","file":"C:\\\\Wowza\\\\content\\\\a.mp4",
        "multipartUploadId":"%s","partSize":%d,"mutlipartUploadThreshold":16777216}"""
        .formatted(TestStore.BUCKET, key, upload, Recordings.PART));

    assertSent(file, key);
    assertThat(wire.passed() - before).isBetween(2L * Recordings.PART, 2L * Recordings.PART + 256 * 1024);
    assertThat(store.uploads()).doesNotContain(upload);
  }

  @Test
  void aWowzaMarkerWhoseUploadIsGoneStartsAtTheBeginning() {
    Path file = recordings.random("wowza/gone.mp4", 6 * Recordings.MIB, 3);

    Recordings.mark(file, """
        {"pauseType":"upload","bucketName":"%s","key":"%s/wowza/gone.mp4","file":"x",
        "multipartUploadId":"gone","partSize":%d,"mutlipartUploadThreshold":16777216}"""
        .formatted(TestStore.BUCKET, PREFIX, Recordings.PART));

    assertSent(file, PREFIX + "/wowza/gone.mp4");
  }

  @Test
  void aWowzaMarkerForAnotherKeyIsNotFollowedThereAndItsUploadStays() {
    Path file = recordings.random("wowza/elsewhere.mp4", 6 * Recordings.MIB, 4);
    String upload = store.beginUpload("not/below/the/prefix.mp4");

    Recordings.mark(file, """
        {"pauseType":"upload","bucketName":"%s","key":"not/below/the/prefix.mp4","file":"x",
        "multipartUploadId":"%s","partSize":%d,"mutlipartUploadThreshold":16777216}"""
        .formatted(TestStore.BUCKET, upload, Recordings.PART));

    assertSent(file, PREFIX + "/wowza/elsewhere.mp4");
    assertThat(store.uploads()).contains(upload);
  }

  /** By the recording's name; all at once, as each has to rest first. */
  private static final Map<String, List<String>> OTHER_TEXTS =
      Map.of(
          "torn.mp4", List.of(
              "{\"pauseType\":\"upload\",\"bucketNa", "is not whole JSON (torn while it was written, or not a marker)"),
          "nul.mp4", List.of("\0".repeat(300), "is not whole JSON"),
          "foreign.mp4", List.of("{\"job\": 12}", "holds JSON of neither Reelway nor the Wowza module"),
          "list.mp4", List.of("[1, 2]", "holds JSON that is not an object"),
          "text.mp4", List.of("please upload me", "is not whole JSON"),
          "half.mp4", List.of(
              "{\"multipartUploadId\":\"x\"}", "names an upload without bucketName, key, multipartUploadId or partSize"),
          "escape.mp4", List.of(
              "{\"reelway\":{\"state\":\"verified\"},\"bucketName\":\"b\",\"key\":\"../x\"}",
              "says verified without bucketName, key or identity"));

  @Test
  void aFileOfAMarkersNameWithAnotherTextStaysAsItIsAndTheRecordingIsSent() {
    Map<String, Path> files = new TreeMap<>();
    OTHER_TEXTS.keySet().forEach(
        name -> files.put(name, recordings.random("unusable/" + name, 1000, name.hashCode())));
    files.forEach((name, file) -> Recordings.mark(file, OTHER_TEXTS.get(name).get(0)));

    files.forEach(
        (name, file) -> {
          String content = OTHER_TEXTS.get(name).get(0);
          String key = PREFIX + "/unusable/" + name;
          child.await("the log tells " + key, () -> child.err().contains(file + " → "));
          assertThat(store.bytes(key)).isEqualTo(Recordings.bytes(file));
          assertThat(Recordings.marker(file)).hasContent(content);
          assertThat(child.err())
              .contains("the marker " + Recordings.marker(file) + " " + OTHER_TEXTS.get(name).get(1));
          assertThat(setAside()).filteredOn(kept -> kept.toString().endsWith(name + ".upload"))
              .singleElement()
              .satisfies(kept -> assertThat(Recordings.text(kept)).isEqualTo(content));
        });
  }

  /** As many uploaders do; the old file of that name stays what it is. */
  @Test
  void anUploadInProgressOfAMarkersNameIsLeftToItsWriter() throws IOException {
    Path file = recordings.random("foreign/incoming.mp4", 1000, 5);
    byte[] upload = Recordings.bytes(recordings.random("foreign/source.bin", 5_000_000, 6));
    Path incoming = Recordings.marker(file);
    try (OutputStream out = Files.newOutputStream(incoming)) {
      int at = 0;
      for (int size : new int[] {10, 1000, 60_000, upload.length}) {
        out.write(upload, at, size - at);
        at = size;
        awaitLooks();
        assertThat(incoming).hasSize(size);
      }
    }
    child.await("it is said", () -> child.err().contains(incoming + " is passed over: it is longer than any marker"));

    Files.move(incoming, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Recordings.mark(file);

    child.await("the marker is gone", () -> !Recordings.isMarked(file));
    assertThat(store.bytes(PREFIX + "/foreign/incoming.mp4")).isEqualTo(upload);
  }

  private static void awaitLooks() {
    int before = looks();
    child.await("it was looked at", () -> looks() > before + 1);
  }

  private static int looks() {
    return child.http().get("/folders").json().path("folders").path(0).path("looks").asInt();
  }

  @Test
  void aMarkerBeforeItsFileWaitsForIt() throws IOException {
    Path file = recordings.folder().resolve("late/soon.mp4");
    Files.createDirectories(file.getParent());
    Recordings.mark(file);
    awaitLooks();

    recordings.random("late/soon.mp4", 3000, 7);

    assertSent(file, PREFIX + "/late/soon.mp4");
    assertThat(child.err()).doesNotContain("soon.mp4 is not there");
  }

  @Test
  void aMarkerWithoutItsFileIsSetAsideAndSaidAndTakenUpWhenTheFileComes() throws IOException {
    Files.createDirectories(recordings.folder().resolve("lost"));
    Path missing = recordings.folder().resolve("lost/never-there.mp4");
    Recordings.mark(missing);
    child.await("it is said", () -> SET_ASIDE.matcher(child.err()).find());
    child.await("it is in the list", () -> listed("set-aside").contains("lost/never-there.mp4"));
    assertThat(store.keys()).noneMatch(key -> key.contains("never-there"));
    assertThat(Recordings.marker(missing)).as("perhaps another program's").exists();

    Files.move(recordings.random("elsewhere/a.tmp", 2000, 8), missing);

    assertSent(missing, PREFIX + "/lost/never-there.mp4");
    child.await("it left the list", () -> !listed("set-aside").contains("lost/never-there.mp4"));
    assertThat(SET_ASIDE.matcher(child.err()).results()).as("said once").hasSize(1);
  }

  private static List<String> listed(String state) {
    return child.http().get("/recordings?state=" + state).json().path("recordings").findValuesAsText("path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space.mp4",
        "two  'single' and \"double\" quotes.mp4",
        "$(touch pwned).mp4",
        "`touch pwned`;touch pwned|touch pwned&.mp4",
        "a..b.mp4",
        "a...mp4",
        "-rf.mp4",
        "grüße/日本語/Привет.mp4",
        "🎬 cut.mp4",
        "plus+sign.mp4",
        "percent%41%2e%2F.mp4",
        "a?b#c=d&e.mp4",
        "{braces} ${reelway.store.bucket} {{reelway.store.bucket}} ${body}.mp4",
        "no extension"
      })
  void aNameIsTheKeyBelowThePrefixWhateverItIs(String name) {
    Path file = recordings.random("names/" + name, 2000, name.hashCode());

    Recordings.mark(file);

    assertSent(file, PREFIX + "/names/" + name);
    assertThat(store.keys()).allMatch(key -> key.startsWith(PREFIX + "/"));
    assertThat(folder.resolve("pwned")).doesNotExist();
    assertThat(recordings.folder().resolve("pwned")).doesNotExist();
  }

  @Test
  void charactersThatAListingCannotCarryAreReplacedAndStayDistinguished() {
    Map<String, String> keys =
        Map.of(
            "line\nfeed.mp4", "line_feed-",
            "back\\slash.mp4", "back_slash-",
            "bell\u0007.mp4", "bell_-");
    keys.forEach((name, key) -> {
      Path file = recordings.random("names/" + name, 2000, name.hashCode());
      Recordings.mark(file);
      child.await("the marker of " + key + " is gone", () -> !Recordings.isMarked(file));
      String start = PREFIX + "/names/" + key;
      assertThat(store.keys()).filteredOn(stored -> stored.startsWith(start))
          .singleElement()
          .satisfies(stored -> assertThat(stored).matches("\\Q" + start + "\\E[0-9a-f]{8}\\.mp4"))
          .satisfies(stored -> assertThat(store.bytes(stored)).isEqualTo(Recordings.bytes(file)));
    });
    // A line feed in a name starts no line of the log.
    assertThat(child.err().lines()).noneMatch(line -> line.startsWith("feed.mp4"));
  }
}
