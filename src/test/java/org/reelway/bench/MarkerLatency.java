package org.reelway.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/**
 * How long it takes from a marker, or a hook's request, to the first byte of the recording's PUT at the store. The
 * sidecar is a process of its own, freshly started. Run by hand from the project's folder:
 *
 * <p>{@code java -cp target/test-classes:target/classes:… org.reelway.bench.MarkerLatency [COUNT [FOLDER]]}
 */
public final class MarkerLatency {
  private static final int BYTES = 100_000;

  private MarkerLatency() {}

  public static void main(String[] arguments) throws Exception {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
    Path folder = arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("marker-latency");
    try (TestStore store = TestStore.start(folder.resolve("store"));
        PutWatch wire = new PutWatch(store.endpoint());
        ChildReelway child =
            ChildReelway.sidecar(folder, wire.endpoint())
                .set("reelway.recordings.rescan-every", "1h")
                .startReady()) {
      // The sidecar gets acquainted with the store in the background, once.
      child.awaitLog("conditional writes");
      Recordings recordings = new Recordings(folder.resolve("recordings"));
      long[] markers = new long[count];
      long[] hooks = new long[count];
      for (int i = 0; i < count; i++) {
        markers[i] = marker(child, wire, recordings, i);
        hooks[i] = hook(child, wire, recordings, i);
      }
      print("marker to first byte", markers);
      print("hook to first byte", hooks);
    }
  }

  private static long marker(ChildReelway child, PutWatch wire, Recordings recordings, int i) throws Exception {
    Path file = recordings.random("marker-" + i + ".mp4", BYTES, i);
    Path temporary = Files.createFile(file.resolveSibling("marker-" + i + ".tmp"));
    long begun = System.nanoTime();
    Files.move(temporary, Recordings.marker(file));
    long arrived = wire.await("marker-" + i + ".mp4");
    child.await("the marker is gone", () -> !Recordings.isMarked(file));
    return arrived - begun;
  }

  private static long hook(ChildReelway child, PutWatch wire, Recordings recordings, int i) throws Exception {
    Path file = recordings.random("hook-" + i + ".mp4", BYTES, i);
    long begun = System.nanoTime();
    child.http().post("/hooks/recorded", "application/json", "{\"file\":\"" + file + "\"}");
    long arrived = wire.await("hook-" + i + ".mp4");
    child.await("the marker is gone", () -> !Recordings.isMarked(file));
    return arrived - begun;
  }

  private static void print(String what, long[] nanos) {
    System.out.printf("%-22s first %6.1f ms", what, nanos[0] / 1e6);
    Arrays.sort(nanos);
    System.out.printf(
        "   p50 %6.1f ms   p95 %6.1f ms   max %6.1f ms   (%d)%n",
        nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 95 / 100] / 1e6, nanos[nanos.length - 1] / 1e6,
        nanos.length);
  }
}
