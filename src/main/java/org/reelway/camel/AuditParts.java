package org.reelway.camel;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.ffmpeg.MediaProbe;
import org.reelway.media.ffmpeg.Thumbnails;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.settings.StoreSettings;
import org.reelway.settings.TransferSettings;
import org.reelway.state.ManifestRecords;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.Capabilities;
import org.reelway.transfer.ObjectKey;
import org.reelway.transfer.SmallObjects;
import org.reelway.transfer.audit.ManifestFormat;
import org.reelway.transfer.audit.ManifestSignature;
import org.reelway.transfer.audit.RecordingManifests;
import org.reelway.transfer.observe.FirstBytes;
import org.reelway.transfer.store.Store;

/** Puts together what writes manifests and what audits the bucket, from the settings. */
public final class AuditParts {
  private AuditParts() {}

  /** Signs, and believes only what is signed, where the settings have a secret. */
  public static ManifestFormat manifestFormat(Settings settings) {
    return new ManifestFormat(
        Optional.ofNullable(settings.get(TransferSettings.MANIFEST_SECRET)).map(ManifestSignature::new));
  }

  /** What every key of the settings' store starts with; empty, or with a slash at its end. */
  public static String prefix(Settings settings) {
    String key = ObjectKey.of(settings.get(StoreSettings.PREFIX), "x").value();
    return key.substring(0, key.length() - 1);
  }

  static RecordingManifests manifests(
      Settings settings,
      Store store,
      Capabilities capabilities,
      RecordingHistory history,
      ManifestRecords records,
      FirstBytes firstBytes,
      Clock clock) {
    return new RecordingManifests(
        store,
        new SmallObjects(store, capabilities),
        manifestFormat(settings),
        () -> new MediaProbe(ffmpeg(settings)),
        history,
        records,
        firstBytes,
        clock);
  }

  static RecordingThumbnail thumbnail(Settings settings) {
    return new RecordingThumbnail(new Thumbnails(() -> ffmpeg(settings)));
  }

  private static FfmpegPrograms ffmpeg(Settings settings) {
    return RepairParts.programs(settings.get(StateSettings.FOLDER).toAbsolutePath());
  }
}
