package org.reelway.app;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.Failure;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.recording.MarkerContent.VerifiedState;
import org.reelway.settings.NamedStores;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.RecordingSettings.OnRestart;
import org.reelway.settings.Settings;
import org.reelway.settings.StoreGroup;
import org.reelway.settings.StoreSettings;
import org.reelway.settings.TransferSettings;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.transfer.TransferPlan;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.Transfers;

/** In words, what a transfer would do with a marker as it is, as far as that is known without asking the store. */
final class MarkerOutlook {
  private static final long MIB = 1L << 20;

  private final Settings settings;
  private final Map<String, StoreGroup> stores;

  MarkerOutlook(Settings settings) {
    this.settings = settings;
    this.stores = settings.stores();
  }

  /** @param name empty for the primary */
  Optional<StoreGroup> store(String name) {
    return name.isEmpty() ? Optional.of(StoreSettings.PRIMARY) : Optional.ofNullable(stores.get(name));
  }

  /** Bucket and key; another key where the store has an object of that name and it may not be replaced. */
  String object(MarkedRecording recording, String stream, TransferTarget target) {
    try {
      String key = Transfers.key(recording, FileIdentity.of(recording.file()), stream, target);
      return target.bucket() + "/" + key + (target.onExisting() == OnExisting.VERSION ? " (or its next free name)" : "");
    } catch (IOException missing) {
      return target.bucket() + "/…";
    } catch (Failure e) {
      return target.bucket() + "/… (" + e.getMessage() + ")";
    }
  }

  String would(MarkedRecording recording, MarkerContent content, TransferTarget target) {
    if (store(target.store()).isEmpty()) {
      return "waits: reelway.stores does not name the store " + target.store();
    }
    OnRestart choice = settings.get(RecordingSettings.ON_RESTART);
    if (choice == OnRestart.DISCARD) {
      return "not sent: reelway.recordings.on-restart=discard removes its marker";
    }
    if (content instanceof MarkerContent.Verified verified) {
      return verified(recording, verified.verified(), target);
    }
    Optional<Long> size = size(recording);
    if (size.isEmpty()) {
      return "waits: its file is not there";
    }
    String afresh = afresh(size.get(), target);
    if (content instanceof MarkerContent.Resume resume) {
      return choice == OnRestart.RESTART
          ? "its upload is aborted (reelway.recordings.on-restart=restart), and it is " + afresh
          : resumed(recording, resume.upload(), target, afresh);
    } else if (content instanceof MarkerContent.Replaced) {
      return "waits until its file rests, which changed while it was sent; then " + afresh;
    } else if (content instanceof MarkerContent.Unusable unusable) {
      return afresh + "; its marker " + unusable.reason() + ", a copy is kept";
    }
    return afresh;
  }

  private String afresh(long size, TransferTarget target) {
    long largest = settings.get(store(target.store()).orElseThrow().objects.maxObjectSize);
    if (size > largest) {
      return "set aside: it has " + size + " bytes, the store takes " + largest;
    }
    TransferPlan plan = TransferPlan.of(
        size, settings.get(TransferSettings.MULTIPART_THRESHOLD), settings.get(TransferSettings.PART_SIZE));
    return "sent, " + size + " bytes in "
        + (plan.isMultipart() ? plan.parts() + " parts of " + plan.partSize() / MIB + " MiB" : "one request");
  }

  private String resumed(MarkedRecording recording, UploadState upload, TransferTarget target, String afresh) {
    String place = NamedStores.shown(upload.store()) + " " + upload.bucket() + "/" + upload.key();
    boolean named = !upload.ours() || store(upload.store()).isPresent();
    if (!named) {
      return "goes on with its upload if the store has its parts, else " + afresh + "; it was begun in the store "
          + upload.store() + ", which reelway.stores does not name any more";
    }
    boolean here = (!upload.ours() || upload.store().equals(target.store())) && upload.bucket().equals(target.bucket());
    boolean sameFile = upload.file() == null || size(recording).filter(size -> size == upload.file().size()).isPresent();
    return here && sameFile
        ? "goes on with its upload to " + place + ", with the parts that the store lists"
        : "its upload to " + place + " is given up, and it is " + afresh;
  }

  private String verified(MarkedRecording recording, VerifiedState state, TransferTarget target) {
    String place = NamedStores.shown(state.store()) + " " + state.bucket() + "/" + state.key();
    if (size(recording).isEmpty()) {
      return store(state.store()).isPresent()
          ? "verified before as " + place + ", and tidied: only what follows the transfer is left"
          : "waits: it was verified as " + place + " and tidied, and reelway.stores does not name that store any more";
    }
    boolean here = state.store().equals(target.store()) && state.bucket().equals(target.bucket());
    return here
        ? "verified before as " + place + ": if the store still has it, only what follows the transfer is left"
        : "sent once more: it was verified as " + place + ", and its route leads elsewhere now";
  }

  private static Optional<Long> size(MarkedRecording recording) {
    try {
      return Optional.of(FileIdentity.of(recording.file()).size());
    } catch (IOException missing) {
      return Optional.empty();
    }
  }
}
