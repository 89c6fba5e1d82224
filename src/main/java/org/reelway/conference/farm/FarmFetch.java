package org.reelway.conference.farm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.FileTree;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.DurableFiles;
import org.reelway.recording.FileIdentity;
import org.reelway.state.MixOrderRow;
import org.reelway.transfer.store.Download;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the recording of an order to its worker: from the store, or from the folder where it still is. */
public final class FarmFetch {
  private static final Logger LOG = LoggerFactory.getLogger(FarmFetch.class);
  private static final long FIRST_PAUSE = 1000;

  private final Path recordings;
  private final Path folder;
  private final Function<String, Optional<Store>> stores;
  private final LongSupplier minFree;

  /**
   * @param recordings folder of this worker, in which mixes are named
   * @param folder of our own, on the same file system
   * @param stores by name; that of the primary is empty
   * @param minFree bytes that stay free on the disk
   */
  public FarmFetch(Path recordings, Path folder, Function<String, Optional<Store>> stores, LongSupplier minFree) {
    this.recordings = recordings.toAbsolutePath().normalize();
    this.folder = folder;
    this.stores = stores;
    this.minFree = minFree;
  }

  /**
   * Where the recording would be here.
   *
   * @throws InputFailure it would be outside of the recordings folder
   */
  Path place(MixOrderRow order) {
    Path place = recordings.resolve(order.path()).normalize();
    if (Path.of(order.path()).isAbsolute() || !place.startsWith(recordings) || place.equals(recordings)) {
      throw new InputFailure("the order " + order.id() + " names " + order.path() + ", which is outside of " + recordings);
    }
    return place;
  }

  /** What was fetched of an order, and is not made a job's. */
  void clear(String order) {
    try {
      FileTree.delete(folder.resolve(order));
    } catch (IOException e) {
      LOG.warn("{}, where the recording of a mix was fetched to, cannot be deleted: {}", folder.resolve(order), e.toString());
    }
  }

  /** Also what a kill left. */
  void clear() throws IOException {
    FileTree.delete(folder);
  }

  /**
   * @return a file of ours
   * @throws InputFailure what is in the store is not what was ordered
   * @throws DestinationFailure the store is away
   * @throws OurFailure there is no room
   */
  Path fetch(MixOrderRow order) {
    Path place = place(order);
    Path to = folder.resolve(order.id()).resolve(place.getFileName());
    try {
      FileTree.delete(to.getParent());
      Files.createDirectories(to.getParent());
      if (isThere(place, order)) {
        DurableFiles.link(place, to);
      } else {
        download(order, to);
      }
      return to;
    } catch (IOException e) {
      throw new OurFailure("the recording of the mix " + order.id() + " cannot be put into " + folder + ": " + e, e);
    }
  }

  private static boolean isThere(Path place, MixOrderRow order) {
    try {
      FileIdentity here = FileIdentity.of(place);
      return FileIdentity.parse(order.identity()).filter(here::sameApartFromDevice).isPresent();
    } catch (IOException none) {
      return false;
    }
  }

  private void download(MixOrderRow order, Path to) {
    Store store = stores.apply(order.store()).orElseThrow(() -> new DestinationFailure(
        "the order " + order.id() + " is of the store \"" + order.store() + "\", which reelway.stores does not name here"));
    StoredObject object = store.head(order.bucket(), order.key()).orElseThrow(() -> new InputFailure(
        "no object is at " + store.address(order.bucket(), order.key()) + ": the recording was deleted before it was mixed"));
    boolean isOther = object.size() != order.size() || !order.etag().isEmpty() && !order.etag().equals(object.etag());
    if (isOther) {
      throw new InputFailure(store.address(order.bucket(), order.key()) + " is not the recording any more that was to be mixed: it has "
          + object.size() + " bytes and the ETag " + object.etag() + ", ordered was one of " + order.size() + " and " + order.etag());
    }
    long free = to.getParent().toFile().getUsableSpace();
    // The mix takes room as well.
    long needed = 2 * order.size() + minFree.getAsLong();
    if (free < needed) {
      throw new OurFailure("a recording of " + order.size() + " bytes is to be mixed, and " + free + " bytes are free in " + folder
          + "; make room for " + needed);
    }
    new Download(store, order.bucket(), order.key(), true, FIRST_PAUSE).to(to, true);
  }
}
