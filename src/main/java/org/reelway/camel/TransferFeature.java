package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.BindToRegistry;
import org.reelway.camel.jmx.MBeans;
import org.reelway.camel.jmx.TransferBean;
import org.reelway.media.ffmpeg.MediaProbe;
import org.reelway.settings.ObjectGroup;
import org.reelway.settings.Settings;
import org.reelway.settings.TransferSettings;
import org.reelway.state.ManifestRecords;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.SmallObjects;
import org.reelway.transfer.TransferObserver;
import org.reelway.transfer.TransferProgress;
import org.reelway.transfer.Transfers;
import org.reelway.transfer.audit.ManifestFormat;
import org.reelway.transfer.audit.RecordingManifests;
import org.reelway.transfer.observe.FirstBytes;
import org.reelway.transfer.observe.LiveTransfers;
import org.reelway.transfer.observe.TransferHistory;
import org.reelway.transfer.observe.TransferLog;
import org.reelway.transfer.observe.TransferMetrics;
import org.reelway.transfer.observe.TransferObservers;

/** Transfers of recordings into the store, who is told of them, and manifests. */
final class TransferFeature extends Feature {
  final LiveTransfers live = new LiveTransfers();
  final TransferObservers observers;
  final Backoff backoff;
  private final Map<String, Transfers> transfers = new LinkedHashMap<>();

  @BindToRegistry("manifestSteps")
  final ManifestSteps manifests;

  TransferFeature(StateFeature state, StoreFeature store, FolderFeature folders, TelemetryFeature telemetry) {
    FirstBytes firstBytes = new FirstBytes(state.clock);
    this.observers =
        new TransferObservers(
            Stream.concat(
                Stream.of(
                    live, new TransferLog(), new TransferHistory(state.history),
                    new TransferMetrics(state.metrics, state.clock), firstBytes,
                    new Shown(state.beans)),
                telemetry.observers().stream()).toList());
    this.backoff = backoff(state.settings);
    store.all().forEach(each -> transfers.put(
        each.name,
        new Transfers(
            each.store, folders.markers, each.capabilities, each.aborts, observers,
            limits(state.settings, each.group.objects), each.configured.attributes(), state.clock, store.directory)));
    Map<String, RecordingManifests.Place> places = store.all().stream().collect(Collectors.toMap(
        each -> each.name,
        each -> new RecordingManifests.Place(each.store, new SmallObjects(each.store, each.capabilities))));
    this.manifests =
        new ManifestSteps(
            new RecordingManifests(
                places::get, ManifestFormat.of(state.settings),
                () -> new MediaProbe(state.ffmpeg()), state.history,
                new ManifestRecords(state.jdbi, state.writer, state.clock), firstBytes, state.clock));
    Gauge.builder("reelway.transfers.in.flight", live, all -> all.all().size())
        .description("Transfers under way")
        .register(state.metrics);
  }

  /** Into the store of the name; that of the primary is empty. */
  Transfers into(String store) {
    return transfers.get(store);
  }

  Collection<Transfers> all() {
    return transfers.values();
  }

  /** Each transfer over JMX for as long as it lasts. */
  private record Shown(MBeans beans) implements TransferObserver {
    @Override
    public void started(TransferProgress transfer) {
      beans.show("type=Transfer,id=" + transfer.id(), new TransferBean(transfer));
    }

    @Override
    public void ended(TransferProgress transfer) {
      beans.hide("type=Transfer,id=" + transfer.id());
    }
  }

  /** Between tries of one recording. */
  static Backoff backoff(Settings settings) {
    return new Backoff(settings.get(TransferSettings.RETRY_FIRST), settings.get(TransferSettings.RETRY_MAX));
  }

  /** @param objects of the store that is sent to */
  static Transfers.Limits limits(Settings settings, ObjectGroup objects) {
    Backoff backoff = backoff(settings);
    Backoff most = Transfers.Limits.BETWEEN_REQUESTS;
    Backoff betweenRequests =
        backoff.first().compareTo(most.first()) < 0 ? new Backoff(backoff.first(), most.most()) : most;
    return new Transfers.Limits(
        settings.get(TransferSettings.MULTIPART_THRESHOLD),
        settings.get(TransferSettings.PART_SIZE),
        settings.get(TransferSettings.PARTS_AT_ONCE),
        settings.get(TransferSettings.ATTEMPTS),
        betweenRequests,
        settings.get(objects.maxObjectSize));
  }

  @Override
  void drain() {
    transfers.values().forEach(Transfers::drain);
  }

  @Override
  void close() {
    transfers.values().forEach(Transfers::close);
  }
}
