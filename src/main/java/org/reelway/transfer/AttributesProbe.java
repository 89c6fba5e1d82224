package org.reelway.transfer;

import java.util.ArrayList;
import java.util.List;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.ProbeReport.Step;
import org.reelway.transfer.store.Keeping;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;

/** Whether an object that was just written is kept as was asked, as far as the store shows it. */
final class AttributesProbe {
  private final Store store;
  private final ObjectAttributes asked;

  AttributesProbe(Store store, ObjectAttributes asked) {
    this.store = store;
    this.asked = asked;
  }

  /** Nothing is said of what was not asked. */
  List<Step> steps(StoredObject found) {
    List<Step> steps = new ArrayList<>();
    if (!store.encryption().whenWriting().isEmpty()) {
      steps.add(encryption(found));
    }
    Keeping keeping = asked.keeping();
    if (keeping.storageClass() != null) {
      steps.add(storageClass(keeping.storageClass(), found.storageClass()));
    }
    if (!keeping.tags().isEmpty()) {
      steps.add(tags(keeping.tags().size(), found.tags()));
    }
    return steps;
  }

  boolean isEncrypted(StoredObject found) {
    return store.encryption().isKeptBy(found.encryption());
  }

  private Step encryption(StoredObject found) {
    return isEncrypted(found)
        ? new Step("encryption", Outcome.OK, found.encryption().toString())
        : new Step(
            "encryption",
            Outcome.FAILED,
            "asked for " + store.encryption().inWords() + ", the object shows " + found.encryption()
                + ": no recording is sent; correct " + store.setting("encryption")
                + ", or use a store that encrypts");
  }

  /** The default is shown by some stores only. */
  private static Step storageClass(String asked, String shown) {
    boolean same = asked.equals(shown) || asked.equals("STANDARD") && shown == null;
    return new Step(
        "storage class",
        same ? Outcome.OK : Outcome.LESS,
        same ? asked : "asked for " + asked + ", the object shows " + (shown == null ? "none" : shown));
  }

  private static Step tags(int asked, int shown) {
    return new Step(
        "tags",
        asked == shown ? Outcome.OK : Outcome.LESS,
        asked == shown ? shown + " are kept" : asked + " were sent, the object shows " + shown);
  }
}
