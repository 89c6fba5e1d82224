package org.reelway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.reelway.stream.workflow.archive.ArchiveRoot;
import org.reelway.stream.workflow.archive.ArchiveStore;
import org.reelway.stream.workflow.archive.ManySegments;
import org.reelway.stream.workflow.archive.PlaylistSplitter;
import org.reelway.stream.workflow.archive.SplitRequest;
import org.reelway.stream.workflow.archive.SplitSource;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.StoreConnection;
import org.reelway.transfer.store.StoreCredentials;

/** Splits of archives of 10,000 segments, in this very process, out of a store that answers at once. */
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
    try (QuickStore server = new QuickStore(); S3Store store = connect(server)) {
      ManySegments.write(folder, COUNT, 0.04);
      put(server, folder, "medialive/");
      ManySegments.index(folder, COUNT);
      put(server, folder, "indexed/");
      store.list(BUCKET, "indexed/", object -> { });
      run(server, "the listing alone", () -> store.list(BUCKET, "medialive/", object -> { }));
      measure(store, server, "indexed", "own index.m3u8");
      measure(store, server, "medialive", "MediaLive's");
    } finally {
      workload.remove(folder);
    }
  }

  private static void put(QuickStore server, Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        server.put(prefix + file.getFileName(), Files.readAllBytes(file));
      }
    }
  }

  private static S3Store connect(QuickStore server) {
    return new S3Store(
        new StoreConnection(
            server.endpoint(), "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(60),
            StoreCredentials.fixed("access", "secret-of-the-bench"), null));
  }

  private void measure(S3Store store, QuickStore server, String archive, String what) {
    StoreCapabilities capabilities = new StoreCapabilities(ChecksumKind.CRC32C, true, true, true);
    ArchiveStore archives = new ArchiveStore(store, bucket -> capabilities, key -> new ObjectAttributes(null, Map.of()));
    SplitSource source =
        new SplitSource(
            "bench", "s", new ArchiveRoot(BUCKET, archive + "/"), Duration.ofSeconds(ManySegments.SECONDS), false);
    try (PlaylistSplitter splitter = new PlaylistSplitter(archives, done -> { })) {
      run(server, what + ", a section of 3 segments", () -> splitter.split(source, request(1_500_000, 1_500_900)));
      run(server, what + ", the same again", () -> splitter.split(source, request(1_500_000, 1_500_900)));
      run(server, what + ", 3 segments elsewhere", () -> splitter.split(source, request(2_400_000, 2_400_900)));
      run(server, what + ", a section of all 10,000", () -> splitter.split(source, request(0, 2_999_999)));
      run(server, what + ", the same again", () -> splitter.split(source, request(0, 2_999_999)));
    }
  }

  private static SplitRequest request(int start, int end) {
    return new SplitRequest(
        List.of(new SplitRequest.Stamps(Integer.toString(start), Integer.toString(end))), "s", null, null, null);
  }

  private void run(QuickStore server, String what, Runnable work) {
    int requests = server.requests();
    int listings = server.listings();
    long begun = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - begun) / 1e9;
    report.add(
        new Row(
            NAME, what, "http", 0, new Cost(0, seconds, 0),
            (server.listings() - listings) + " listings, " + (server.requests() - requests) + " requests in all"));
  }
}
