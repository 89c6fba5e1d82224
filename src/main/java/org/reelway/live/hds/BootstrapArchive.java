package org.reelway.live.hds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bootstrap of all fragments that were ever published. */
final class BootstrapArchive {
  private BootstrapArchive() {}

  /**
   * @param archive null for nothing yet
   * @param live whose fragments behind those of the archive are added
   * @param next what takes its place; null when nothing follows
   * @return empty where all that is lost from the live one is in the archive
   */
  static Optional<BootstrapPublished> of(
      BootstrapPublished archive, BootstrapPublished live, BootstrapPublished next, List<String> bases) {
    if (live.fragments().isEmpty()) {
      return Optional.empty();
    }
    boolean hasSome = archive != null && !archive.fragments().isEmpty();
    long covered = hasSome ? archive.last() : live.first() - 1;
    if (next != null && next.first() <= covered + 1) {
      return Optional.empty();
    }
    List<HdsFragment> all = new ArrayList<>(hasSome ? archive.fragments() : List.of());
    int from = (int) Math.max(0, covered + 1 - live.first());
    List<HdsFragment> added = new ArrayList<>(live.fragments());
    added.subList(0, Math.min(from, added.size())).clear();
    if (!added.isEmpty()) {
      BootstrapVersion.join(all, added);
    }
    byte[] bytes = BootstrapVersion.written(live.box(), all, live.box().version(), next != null, 0);
    return Optional.of(BootstrapPublished.of(bytes, bases, BootstrapMemo.NONE));
  }
}
