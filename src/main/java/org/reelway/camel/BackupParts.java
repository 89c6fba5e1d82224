package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.reelway.failure.DestinationFailure;
import org.reelway.recording.Markers;
import org.reelway.settings.BackupSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.settings.StoreGroup;
import org.reelway.settings.StoreSettings;
import org.reelway.state.AbandonedUploads;
import org.reelway.state.BackupCopies;
import org.reelway.state.BegunUploads;
import org.reelway.state.KeptFiles;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.LedgerStore;
import org.reelway.transfer.ProbedCapabilities;
import org.reelway.transfer.StoreProbe;
import org.reelway.transfer.TransferObserver;
import org.reelway.transfer.Transfers;
import org.reelway.transfer.backup.Backup;
import org.reelway.transfer.backup.BackupPlace;
import org.reelway.transfer.backup.PrimaryTrouble;
import org.reelway.transfer.bandwidth.Bandwidth;
import org.reelway.transfer.flow.AbortQueue;
import org.reelway.transfer.flow.SecondStore;
import org.reelway.transfer.flow.StoreOutlook;
import org.reelway.transfer.flow.WatchedFolders;
import org.reelway.transfer.store.Store;

/** The backup as the settings want it; without its bucket nothing of it is made. */
final class BackupParts implements AutoCloseable {
  private static final StoreGroup GROUP = BackupSettings.STORE;

  private final Settings settings;
  private final BackupCopies copies;
  private final Clock clock;
  private final Optional<Store> store;
  private final Optional<Transfers> transfers;
  private final Optional<AbortQueue> aborts;
  private final ReturnedRecordings returned = new ReturnedRecordings();
  private Optional<Backup> backup = Optional.empty();

  /** @param limits of transfers into the primary; the backup's differ in what it takes at most */
  BackupParts(
      Settings settings,
      Jdbi jdbi,
      BegunUploads begun,
      Bandwidth bandwidth,
      Markers markers,
      TransferObserver observer,
      Transfers.Limits limits,
      Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.copies = new BackupCopies(jdbi, clock);
    this.store =
        settings.isSet(GROUP.bucket)
            ? Optional.of(new LedgerStore(StoreFactory.connect(settings, GROUP, bandwidth), begun))
            : Optional.empty();
    this.aborts =
        store.map(there -> new AbortQueue(there, new AbandonedUploads(jdbi, clock, GROUP.name()), begun::isOurs));
    this.transfers =
        store.map(
            there ->
                new Transfers(
                    there,
                    markers,
                    capabilities(there),
                    aborts.orElseThrow(),
                    observer,
                    new Transfers.Limits(
                        limits.threshold(), limits.partSize(), limits.partsAtOnce(), limits.attempts(),
                        limits.requestBackoff(), settings.get(GROUP.objects.maxObjectSize)),
                    new ObjectParts(settings, GROUP).attributes(),
                    clock));
  }

  private Path state() {
    return settings.get(StateSettings.FOLDER).toAbsolutePath();
  }

  private ProbedCapabilities capabilities(Store there) {
    return new ProbedCapabilities(
        bucket -> probe(there, settings),
        there.address(),
        new ObjectParts(settings, GROUP).probed(),
        state().resolve("backup-probe.json"),
        clock);
  }

  /** A probe of the backup as the settings want it. */
  static StoreProbe probe(Store store, Settings settings) {
    return new StoreProbe(
        store,
        settings.require(GROUP.bucket),
        settings.get(GROUP.prefix),
        StoreFactory.checksum(settings.get(GROUP.checksum)),
        new ObjectParts(settings, GROUP).attributes());
  }

  /** Joins it with the primary's parts. */
  SecondStore join(
      Store primaryStore,
      Transfers primary,
      StoreOutlook outlook,
      Markers markers,
      WatchedFolders folders,
      KeptFiles kept,
      RecordingHistory history,
      BooleanSupplier stopping) {
    PrimaryTrouble trouble =
        new PrimaryTrouble(outlook, settings.get(BackupSettings.AFTER), () -> takesProbe(primaryStore), clock);
    backup =
        transfers.map(
            into ->
                new Backup(
                    new BackupPlace(
                        store.orElseThrow(), into, settings.require(GROUP.bucket), settings.get(GROUP.prefix)),
                    capabilities(store.orElseThrow()),
                    primary,
                    primaryStore.address(),
                    copies,
                    trouble,
                    outlook,
                    markers,
                    folders,
                    kept,
                    aborts.orElseThrow(),
                    history,
                    returned::give,
                    state().resolve("backup"),
                    stopping,
                    clock));
    return backup.<SecondStore>map(Backup::refuge).orElse(SecondStore.NONE);
  }

  /** A few bytes, written as recordings are: a store can answer and still take nothing. */
  private boolean takesProbe(Store primary) {
    try {
      return Domain.probe(primary, settings.require(StoreSettings.BUCKET), settings).run().works();
    } catch (DestinationFailure away) {
      return false;
    }
  }

  /** Whichever store holds the recording of the id now. */
  Function<String, Store> storeOf(Store primary) {
    return id ->
        store
            .filter(there -> copies.find(id).filter(copy -> copy.returned() == null).isPresent())
            .orElse(primary);
  }

  void gauges(MeterRegistry metrics) {
    if (store.isEmpty()) {
      return;
    }
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
    return waiting.oldest() == null
        ? 0
        : java.time.Duration.between(waiting.oldest(), clock.instant()).toSeconds();
  }

  /** What the route of {@code kamelet:returned-recordings} is handed. */
  ReturnedRecordings returned() {
    return returned;
  }

  BackupApi api() {
    return new BackupApi(copies, backup.map(Backup::bringBack), aborts, clock);
  }

  BackupHealth health() {
    return new BackupHealth(copies, store, settings.get(GROUP.bucket), clock);
  }

  BackupCopies copies() {
    return copies;
  }

  void drain() {
    transfers.ifPresent(Transfers::drain);
  }

  @Override
  public void close() {
    transfers.ifPresent(Transfers::close);
    store.ifPresent(Store::close);
  }
}
