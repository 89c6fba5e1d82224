package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import java.nio.file.Path;
import java.util.Optional;
import org.reelway.settings.NamedStores;
import org.reelway.settings.StoreGroup;
import org.reelway.state.AbandonedUploads;
import org.reelway.state.BegunUploads;
import org.reelway.transfer.Capabilities;
import org.reelway.transfer.LedgerStore;
import org.reelway.transfer.bandwidth.Bandwidth;
import org.reelway.transfer.flow.AbortQueue;
import org.reelway.transfer.flow.BucketCheck;
import org.reelway.transfer.flow.StoreOutlook;
import org.reelway.transfer.store.S3Store;
import org.reelway.transfer.store.Store;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** A store of the settings as the running program has it. */
final class ConnectedStore {
  /** Empty for the primary. */
  final String name;
  final StoreGroup group;
  final ConfiguredStore configured;
  final String bucket;
  final S3Store s3;
  /** Notes which uploads were begun. */
  final Store store;
  final Capabilities capabilities;
  final AbortQueue aborts;
  final StoreOutlook outlook;
  /** Of steps of {@code aws2-s3}. */
  final S3Client client;
  final S3Presigner presigner;
  final StoreHealth health;
  private final Optional<BucketCheck> check;

  ConnectedStore(StoreGroup group, StateFeature state, Bandwidth bandwidth, BegunUploads begun) {
    this.group = group;
    this.name = NamedStores.nameOf(group.name());
    this.configured = new ConfiguredStore(state.settings, group);
    this.bucket = configured.bucket();
    this.s3 = configured.connect(bandwidth);
    this.client = s3.client().forRoutes();
    this.presigner = s3.client().presigner();
    this.store = new LedgerStore(s3, begun);
    Path probed = state.folder.resolve(name.isEmpty() ? "store-probe.json" : "store-probe-" + name + ".json");
    this.capabilities = configured.capabilities(store, probed, state.clock);
    AbandonedUploads abandoned = name.isEmpty()
        ? new AbandonedUploads(state.jdbi, state.clock, state.node)
        : new AbandonedUploads(state.jdbi, state.clock, state.node, group.name());
    this.aborts = new AbortQueue(store, abandoned, begun::isOurs);
    this.outlook = new StoreOutlook(name, state.clock);
    this.check =
        state.settings.get(group.checkBucket) ? Optional.of(new BucketCheck(store, bucket)) : Optional.empty();
    this.health = new StoreHealth(name.isEmpty() ? "store" : "store-" + name, outlook, store, bucket, check);
    Gauge.builder("reelway.store.up", outlook, seen -> seen.error().isPresent() ? 0 : 1)
        .description("0 while the last thing heard from the store is a failure")
        .tag("store", shownName())
        .register(state.metrics);
  }

  String shownName() {
    return NamedStores.shown(name);
  }

  /** Says beside the start what is wrong with the bucket. */
  void begin() {
    check.ifPresent(BucketCheck::begin);
  }
}
