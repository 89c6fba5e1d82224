package org.reelway.transfer;

import org.reelway.settings.TransferSettings.OnExisting;

/**
 * Where recordings of a route go.
 *
 * @param bucket the bucket's name
 * @param prefix of every key; empty for none
 * @param keyTemplate of the key below the prefix; empty for the path relative to the folder
 * @param onExisting what happens when another object is at the key
 * @param stripRecorderVersion whether {@code version} first drops the number that a recorder put before the extension
 * @param store name of the store; empty for the primary
 */
public record TransferTarget(
    String bucket, String prefix, String keyTemplate, OnExisting onExisting, boolean stripRecorderVersion, String store) {

  /** In the primary store. */
  public TransferTarget(
      String bucket, String prefix, String keyTemplate, OnExisting onExisting, boolean stripRecorderVersion) {
    this(bucket, prefix, keyTemplate, onExisting, stripRecorderVersion, "");
  }

  public TransferTarget(String bucket, String prefix, String keyTemplate, OnExisting onExisting) {
    this(bucket, prefix, keyTemplate, onExisting, false);
  }
}
