package org.reelway.camel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;
import org.apache.camel.BindToRegistry;
import org.reelway.settings.StoreSettings;
import org.reelway.settings.TransferSettings;
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

/** The store that receives the recordings, and the bytes a second that go out to all stores. */
final class StoreFeature extends Feature {
  final ConfiguredStore configured;
  final String bucket;
  final Bandwidth bandwidth;
  final S3Store s3;
  final BegunUploads begun;
  /** Notes which uploads were begun. */
  final Store store;
  final Capabilities capabilities;
  final AbortQueue aborts;
  final StoreOutlook outlook;

  /** Endpoints of aws2-s3 find it, and the presigner, by their types. */
  @BindToRegistry("storeClient")
  final S3Client client;

  @BindToRegistry("storePresigner")
  final S3Presigner presigner;

  @BindToRegistry("bandwidth")
  final BandwidthApi api;

  @BindToRegistry("reelwayStoreHealth")
  final StoreHealth health;

  private final MBeans beans;
  private volatile boolean started;
  private final Optional<BucketCheck> check;

  StoreFeature(StateFeature state) {
    this.configured = ConfiguredStore.primary(state.settings);
    this.bucket = configured.bucket();
    ZoneId zone = state.settings.get(TransferSettings.BANDWIDTH_ZONE);
    this.bandwidth =
        new Bandwidth(
            state.settings.get(TransferSettings.BANDWIDTH), Clock.system(zone == null ? ZoneId.systemDefault() : zone));
    this.beans = state.beans;
    this.api = new BandwidthApi(bandwidth);
    this.s3 = configured.connect(bandwidth);
    this.client = s3.client().forRoutes(() -> !started);
    this.presigner = s3.client().presigner();
    this.begun = new BegunUploads(state.jdbi, state.writer, state.clock);
    this.store = new LedgerStore(s3, begun);
    this.capabilities = configured.capabilities(store, state.folder.resolve("store-probe.json"), state.clock);
    this.aborts = new AbortQueue(store, new AbandonedUploads(state.jdbi, state.clock), begun::isOurs);
    this.outlook = new StoreOutlook(state.clock);
    this.check =
        state.settings.get(StoreSettings.PRIMARY.checkBucket)
            ? Optional.of(new BucketCheck(store, bucket))
            : Optional.empty();
    this.health = new StoreHealth(outlook, store, bucket, check);
    FunctionCounter.builder("reelway.bandwidth.bytes", bandwidth, Bandwidth::sent)
        .description("Bytes of bodies that went out to any store, repeated ones included")
        .register(state.metrics);
    Gauge.builder("reelway.bandwidth.limit.bytes", bandwidth, Bandwidth::limit)
        .description("Bytes a second that may go out now; 0 for no limit")
        .register(state.metrics);
    Gauge.builder("reelway.store.up", outlook, seen -> seen.error().isPresent() ? 0 : 1)
        .description("0 while the last thing heard from the store is a failure")
        .register(state.metrics);
  }

  /** Says beside the start what is wrong with the bucket. */
  @Override
  void begin() {
    started = true;
    beans.show("type=Bandwidth", new BandwidthBean(bandwidth));
    check.ifPresent(BucketCheck::begin);
  }

  @Override
  void close() {
    bandwidth.close();
    store.close();
  }
}
