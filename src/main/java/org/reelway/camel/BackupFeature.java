package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.BindToRegistry;
import org.reelway.camel.api.BackupApi;
import org.reelway.failure.DestinationFailure;
import org.reelway.settings.BackupSettings;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StoreGroup;
import org.reelway.state.AbandonedUploads;
import org.reelway.state.BackupCopies;
import org.reelway.transfer.Capabilities;
import org.reelway.transfer.LedgerStore;
import org.reelway.transfer.StoreDirectory;
import org.reelway.transfer.Transfers;
import org.reelway.transfer.backup.Backup;
import org.reelway.transfer.backup.BackupPlace;
import org.reelway.transfer.backup.HomeStore;
import org.reelway.transfer.backup.PrimaryTrouble;
import org.reelway.transfer.flow.AbortQueue;
import org.reelway.transfer.flow.SecondStore;
import org.reelway.transfer.store.Store;

/** The backup store; where the settings have no bucket of it, nothing of it is made but what tells of earlier copies. */
final class BackupFeature extends Feature {
  private static final StoreGroup GROUP = BackupSettings.STORE;

  final BackupCopies copies;

  /** Of {@code kamelet:returned-recordings}. */
  @BindToRegistry("returnedRecordings")
  final ReturnedRecordings returned = new ReturnedRecordings();

  @BindToRegistry("backup")
  final BackupApi api;

  @BindToRegistry("reelwayBackupHealth")
  final BackupHealth health;

  private final Clock clock;
  private final Optional<Made> made;

  /** What there is where the settings have a bucket. */
  private record Made(Store store, Transfers transfers, AbortQueue aborts, Backup backup) {}

  BackupFeature(
      StateFeature state, StoreFeature store, FolderFeature folders, TransferFeature transfers) {
    this.clock = state.clock;
    this.copies = new BackupCopies(state.jdbi, state.clock, state.node);
    this.made =
        state.settings.isSet(GROUP.bucket)
            ? Optional.of(make(state, store, folders, transfers))
            : Optional.empty();
    this.api =
        new BackupApi(copies, made.map(it -> it.backup().bringBack()), made.map(Made::aborts), state.clock);
    this.health = new BackupHealth(copies, made.map(Made::store), state.settings.get(GROUP.bucket), state.clock);
    if (made.isPresent()) {
      gauges(state.metrics);
    }
  }

  private Made make(
      StateFeature state, StoreFeature primary, FolderFeature folders, TransferFeature transfers) {
    Settings settings = state.settings;
    ConfiguredStore configured = new ConfiguredStore(settings, GROUP);
    Store store = new LedgerStore(configured.connect(primary.bandwidth), primary.begun);
    Capabilities capabilities = configured.capabilities(store, state.folder.resolve("backup-probe.json"), clock);
    AbortQueue aborts =
        new AbortQueue(store, new AbandonedUploads(state.jdbi, clock, state.node, GROUP.name()), primary.begun::isOurs);
    Transfers into =
        new Transfers(
            store, folders.markers, capabilities, aborts, transfers.observers,
            TransferFeature.limits(settings, GROUP.objects), configured.attributes(), clock, new StoreDirectory());
    List<HomeStore> homes = primary.all().stream()
        .map(home -> new HomeStore(
            home.name, home.store.address(), transfers.into(home.name), home.outlook,
            new PrimaryTrouble(home.outlook, settings.get(BackupSettings.AFTER), () -> takesProbe(home), clock)))
        .toList();
    Backup backup =
        new Backup(
            new BackupPlace(store, into, configured.bucket(), settings.get(GROUP.prefix)),
            capabilities, homes, copies, folders.markers, folders.folders, folders.kept, aborts, state.history,
            returned::give,
            state.folder.resolve("backup"), state.stopping::get, clock);
    return new Made(store, into, aborts, backup);
  }

  /** Where recordings go while the store of the name is away. */
  SecondStore second(String store) {
    return made.<SecondStore>map(it -> it.backup().store(store)).orElse(SecondStore.NONE);
  }

  /** A few bytes, written as recordings are: a store can answer and still take nothing. */
  private static boolean takesProbe(ConnectedStore primary) {
    try {
      return primary.configured.probe(primary.store, primary.bucket).run().works();
    } catch (DestinationFailure away) {
      return false;
    }
  }

  /** Whichever store holds the recording of the id now. @param primary that it belongs to; empty where the settings do not name it */
  Optional<Store> storeOf(String id, Optional<Store> primary) {
    return made.map(Made::store)
        .filter(there -> copies.find(id).filter(copy -> copy.returned() == null).isPresent())
        .or(() -> primary);
  }

  private void gauges(MeterRegistry metrics) {
    Gauge.builder("reelway.backup.recordings", copies, GuardedHealth.orNone(all -> all.waiting().recordings()))
        .description("Recordings that wait in the backup store")
        .register(metrics);
    Gauge.builder("reelway.backup.bytes", copies, GuardedHealth.orNone(all -> all.waiting().bytes()))
        .description("Bytes of recordings that wait in the backup store")
        .register(metrics);
    Gauge.builder("reelway.backup.oldest.seconds", copies, GuardedHealth.orNone(this::oldestSeconds))
        .description("For how long the oldest recording has waited in the backup store; 0 when none does")
        .register(metrics);
    Gauge.builder("reelway.backup.problems", copies, GuardedHealth.orNone(all -> all.waiting().problems()))
        .description("Recordings in the backup store whose last try to bring them back failed")
        .register(metrics);
  }

  private double oldestSeconds(BackupCopies all) {
    BackupCopies.Waiting waiting = all.waiting();
    return waiting.oldest() == null ? 0 : Duration.between(waiting.oldest(), clock.instant()).toSeconds();
  }

  @Override
  boolean isOfTransfers() {
    return true;
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }

  @Override
  void drain() {
    made.ifPresent(it -> it.transfers().drain());
  }

  @Override
  void close() {
    made.ifPresent(it -> {
      it.transfers().close();
      it.store().close();
    });
  }
}
