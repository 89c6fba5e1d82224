package org.reelway.transfer.store;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Whether HEADs ask for checksums. Some stores refuse that ({@code x-amz-checksum-mode}), and the answer to a HEAD cannot
 * say why: so it is asked without, and with again before that is believed.
 */
final class HeadChecksums {
  private static final Set<Integer> MAY_BE_ABOUT_IT = Set.of(400, 403, 501);

  private volatile boolean refused;

  boolean areRefused() {
    return refused;
  }

  /** @param head asks with checksums or without; empty where no object is */
  Optional<StoredObject> head(Function<Boolean, Optional<StoredObject>> head) {
    if (refused) {
      return head.apply(false);
    }
    try {
      return head.apply(true);
    } catch (StoreFailure e) {
      if (!MAY_BE_ABOUT_IT.contains(e.status())) {
        throw e;
      }
      return afterRefusal(head, e);
    }
  }

  private Optional<StoredObject> afterRefusal(Function<Boolean, Optional<StoredObject>> head, StoreFailure refusal) {
    Optional<StoredObject> without;
    try {
      without = head.apply(false);
    } catch (StoreFailure other) {
      throw refusal;
    }
    try {
      return head.apply(true);
    } catch (StoreFailure again) {
      refused = MAY_BE_ABOUT_IT.contains(again.status());
      return without;
    }
  }
}
