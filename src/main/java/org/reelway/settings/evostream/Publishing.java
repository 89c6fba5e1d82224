package org.reelway.settings.evostream;

import java.util.List;

/** What the Amazon plugins together need that is not in their file. */
final class Publishing {
  private static final String ACL = "reelway.store.acl";

  private Publishing() {}

  static void check(List<Block> enabled, Derivation to) {
    enabled.stream().filter(block -> block.plugin().startsWith("Amazon")).findFirst()
        .ifPresent(block -> {
          folderIsKnown(block, to);
          nothingElseBecomesPublic(block, to);
        });
  }

  /** Events tell of it only once a stream is on, and which files Reelway may read is the operator's word. */
  private static void folderIsKnown(Block block, Derivation to) {
    if (!to.own("reelway.live.folder")) {
      to.problem(
          block.place(), "needs reelway.live.folder, which is not in this file; set it to the folder above EMS's groups"
              + " (targetFolder of createHLSStream, createHDSStream, createDASHStream), or disable the plugin");
    }
  }

  /** The plugins sent chunks only; Reelway sends recordings to the same bucket. */
  private static void nothingElseBecomesPublic(Block block, Derivation to) {
    boolean recordings = to.own("reelway.recordings.folder", "reelway.recorder.folder") || to.has("reelway.recorder.folder");
    if (to.has(ACL) && !to.own(ACL) && recordings) {
      to.problem(
          block.place(), "makes objects public-read, and so recordings too, which EvoStream never sent there; set " + ACL
              + " yourself: public-read, private, or bucket-owner-full-control where the bucket takes no ACLs");
    }
  }
}
