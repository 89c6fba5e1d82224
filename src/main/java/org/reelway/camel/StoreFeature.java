package org.reelway.camel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.reelway.camel.api.BandwidthApi;
import org.reelway.camel.jmx.BandwidthBean;
import org.reelway.camel.jmx.MBeans;
import org.reelway.settings.StoreSettings;
import org.reelway.settings.TransferSettings;
import org.reelway.state.BegunUploads;
import org.reelway.transfer.StoreDirectory;
import org.reelway.transfer.bandwidth.Bandwidth;

/** The stores that receive recordings, and the bytes a second that go out to all of them. */
final class StoreFeature extends Feature {
  /** Name of the bean that an {@code aws2-s3} endpoint has as its client; of a named store with that name behind it. */
  static final String CLIENT = "storeClient";

  static final String PRESIGNER = "storePresigner";

  /** Name of the client of the store of the name; that of the primary is empty. */
  static String client(String store) {
    return CLIENT + suffix(store);
  }

  static String suffix(String store) {
    return store.isEmpty() ? "" : "-" + store;
  }

  final Bandwidth bandwidth;
  final BegunUploads begun;
  /** That of {@code reelway.store.*}. */
  final ConnectedStore primary;

  @BindToRegistry("bandwidth")
  final BandwidthApi api;

  /** What markers name. */
  final StoreDirectory directory = new StoreDirectory();

  private final Map<String, ConnectedStore> all = new LinkedHashMap<>();
  private final MBeans beans;

  StoreFeature(StateFeature state) {
    ZoneId zone = state.settings.get(TransferSettings.BANDWIDTH_ZONE);
    this.bandwidth =
        new Bandwidth(
            state.settings.get(TransferSettings.BANDWIDTH), Clock.system(zone == null ? ZoneId.systemDefault() : zone));
    this.beans = state.beans;
    this.api = new BandwidthApi(bandwidth);
    this.begun = new BegunUploads(state.jdbi, state.writer, state.clock, state.node);
    this.primary = new ConnectedStore(StoreSettings.PRIMARY, state, bandwidth, begun);
    all.put(primary.name, primary);
    state.settings.stores().values().stream()
        .map(group -> new ConnectedStore(group, state, bandwidth, begun))
        .forEach(named -> all.put(named.name, named));
    all.values().forEach(each -> directory.add(each.store, each.aborts));
    FunctionCounter.builder("reelway.bandwidth.bytes", bandwidth, Bandwidth::sent)
        .description("Bytes of bodies that went out to any store, repeated ones included")
        .register(state.metrics);
    Gauge.builder("reelway.bandwidth.limit.bytes", bandwidth, Bandwidth::limit)
        .description("Bytes a second that may go out now; 0 for no limit")
        .register(state.metrics);
  }

  /** The primary, and then those that {@code reelway.stores} names. */
  List<ConnectedStore> all() {
    return new ArrayList<>(all.values());
  }

  /** @param name empty for the primary */
  Optional<ConnectedStore> find(String name) {
    return Optional.ofNullable(all.get(name));
  }

  /** The store that an upload is in, by address and bucket; the primary where none is known. */
  ConnectedStore holderOf(BegunUploads.Upload upload) {
    List<ConnectedStore> there = all.values().stream().filter(each -> each.store.address().equals(upload.store())).toList();
    return there.stream().filter(each -> each.bucket.equals(upload.bucket())).findFirst()
        .orElseGet(() -> there.isEmpty() ? primary : there.get(0));
  }

  @Override
  void configure(CamelContext camel) {
    Registry registry = camel.getRegistry();
    all.forEach((name, store) -> {
      registry.bind(client(name), store.client);
      registry.bind(PRESIGNER + suffix(name), store.presigner);
      registry.bind("reelwayStoreHealth" + suffix(name), store.health);
    });
  }

  @Override
  void begin() {
    beans.show("type=Bandwidth", new BandwidthBean(bandwidth));
    all.values().forEach(ConnectedStore::begin);
  }

  @Override
  void close() {
    bandwidth.close();
    all.values().forEach(each -> each.store.close());
  }
}
