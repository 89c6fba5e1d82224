package org.reelway.transfer.backup;

import org.reelway.failure.DestinationFailure;

/** The backup store's, which says nothing of the primary. */
final class BackupFailure extends DestinationFailure {
  BackupFailure(DestinationFailure cause) {
    super("the backup: " + cause.getMessage(), cause);
  }
}
