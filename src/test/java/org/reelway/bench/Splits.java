package org.reelway.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.reelway.app.demo.EmbeddedStore;
import org.reelway.stream.workflow.archive.ArchiveRoot;
import org.reelway.stream.workflow.archive.ArchiveStore;
import org.reelway.stream.workflow.archive.ManySegments;
import org.reelway.stream.workflow.archive.PlaylistSplitter;
import org.reelway.stream.workflow.archive.SplitRequest;
import org.reelway.stream.workflow.archive.SplitSource;
import org.reelway.testkit.SeenRequests;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreCredentials;

/**
 * Splits of archives of 10,000 segments, in this very process, with a real S3 server in it too: the listing is mostly the
 * server's, and is told beside.
 */
final class Splits implements Section {
  private static final String NAME = "split: 10,000 segments of 300 s";
  private static final int COUNT = 10_000;
  private static final String BUCKET = "archives";

  private final Workload workload;
  private final Report report;

  Splits(Workload workload, Report report) {
    this.workload = workload;
    this.report = report;
  }

  @Override
  public void measure() throws Exception {
    Path folder = workload.folder("split");
    try (EmbeddedStore server = EmbeddedStore.start(folder, 0, "access", "secret-of-the-bench")) {
      server.createBucket(BUCKET);
      ManySegments.write(folder.resolve(BUCKET).resolve("indexed"), COUNT, 0);
      ManySegments.index(folder.resolve(BUCKET).resolve("indexed"), COUNT);
      ManySegments.write(folder.resolve(BUCKET).resolve("medialive"), COUNT, 0.04);
      try (SeenRequests seen = SeenRequests.of(server.endpoint()); S3Store store = connect(seen)) {
        for (int i = 0; i < 3; i++) {
          run(seen, "the listing alone", () -> store.list(BUCKET, "medialive/", object -> { }));
        }
        measure(store, seen, "indexed", "own index.m3u8");
        measure(store, seen, "medialive", "MediaLive's");
      }
    } finally {
      workload.remove(folder);
    }
  }

  private static S3Store connect(SeenRequests seen) {
    return new S3Store(
        new StoreConnection(
            seen.endpoint(), "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(60),
            StoreCredentials.fixed("access", "secret-of-the-bench"), null));
  }

  private void measure(S3Store store, SeenRequests seen, String archive, String what) {
    StoreCapabilities capabilities = new StoreCapabilities(ChecksumKind.CRC32C, true, true, true);
    ArchiveStore archives = new ArchiveStore(store, bucket -> capabilities, key -> new ObjectAttributes(null, Map.of()));
    SplitSource source =
        new SplitSource(
            "bench", "s", new ArchiveRoot(BUCKET, archive + "/"), Duration.ofSeconds(ManySegments.SECONDS), false);
    try (PlaylistSplitter splitter = new PlaylistSplitter(archives, done -> { })) {
      run(seen, what + ", a section of 3 segments, the first time", () -> splitter.split(source, request(1_500_000, 1_500_900)));
      run(seen, what + ", the same again", () -> splitter.split(source, request(1_500_000, 1_500_900)));
      run(seen, what + ", 3 segments elsewhere", () -> splitter.split(source, request(2_400_000, 2_400_900)));
      run(seen, what + ", a section of all 10,000", () -> splitter.split(source, request(0, 2_999_999)));
      run(seen, what + ", the same again", () -> splitter.split(source, request(0, 2_999_999)));
    }
  }

  private static SplitRequest request(int start, int end) {
    return new SplitRequest(
        List.of(new SplitRequest.Stamps(Integer.toString(start), Integer.toString(end))), "s", null, null, null);
  }

  private void run(SeenRequests seen, String what, Runnable work) {
    int before = seen.all().size();
    long listed = listings(seen);
    long begun = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - begun) / 1e9;
    int requests = seen.all().size() - before;
    report.add(
        new Row(
            NAME, what, "http", 0, new Cost(0, seconds, 0),
            (listings(seen) - listed) + " listings, " + requests + " requests in all"));
  }

  private static long listings(SeenRequests seen) {
    return seen.all().stream().filter(each -> each.line().contains("list-type=2")).count();
  }
}
