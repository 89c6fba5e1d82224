package org.reelway.live.hds;

import java.util.ArrayList;
import java.util.List;

/** Writes one version of a bootstrap: the packager's own bytes, but where something is not there, or numbers differ. */
final class BootstrapVersion {
  private final BootstrapBox box;
  private final List<HdsFragment> own;
  private final BootstrapMemo memo;
  private final BootstrapPublished old;

  /** @param own fragments as the packager numbers them; @param old null for nothing */
  BootstrapVersion(BootstrapBox box, List<HdsFragment> own, BootstrapMemo memo, BootstrapPublished old) {
    this.box = box;
    this.own = own;
    this.memo = memo;
    this.old = old;
  }

  /**
   * @param ready that are published, not empty, with their numbers in the store
   * @param complete whether nothing is waited for
   */
  byte[] bytes(List<HdsFragment> ready, boolean complete) {
    if (memo.isNone() && ready.equals(own)) {
      return box.bytes();
    }
    List<HdsFragment> all = carried(ready);
    join(all, ready);
    boolean live = box.live() || !complete;
    long version = box.version() + memo.version();
    if (!complete) {
      // The whole one that follows is newer.
      version = Math.max(old == null ? 0 : old.box().version(), version - 1);
    }
    boolean toItsEnd = complete && ready.get(ready.size() - 1).number() == last();
    return written(box, all, version, live, toItsEnd ? box.mediaTime() : 0);
  }

  private long last() {
    return own.get(own.size() - 1).number() + memo.shift();
  }

  /** Fragments of the run before, which players may still be at: so many that the list is as long as it was. */
  private List<HdsFragment> carried(List<HdsFragment> ready) {
    boolean fromItsStart = !memo.isNone() && own.get(0).number() + memo.shift() == memo.run();
    if (old == null || !fromItsStart || old.first() >= memo.run()) {
      return new ArrayList<>();
    }
    int there = (int) Math.min(old.fragments().size(), memo.run() - old.first());
    int count = (int) Math.min(there, Math.max(0, memo.window() - ready.size()));
    return new ArrayList<>(old.fragments().subList(there - count, there));
  }

  /** Numbers of which nobody knows what became are lost; where times begin anew, it is said. */
  static void join(List<HdsFragment> before, List<HdsFragment> behind) {
    HdsFragment next = behind.get(0);
    if (!before.isEmpty()) {
      HdsFragment last = before.get(before.size() - 1);
      FragmentTable.requireRoom(next.number() - before.get(0).number());
      boolean follows = next.number() == last.number() + 1;
      for (long number = last.number() + 1; number < next.number(); number++) {
        before.add(new HdsFragment(number, last.segment(), next.time(), 0, HdsFragment.NO_SEAM, true));
      }
      boolean seamless = next.seam() != HdsFragment.NO_SEAM || follows && !last.lost() && next.time() == last.end();
      next = seamless ? next : next.behind(follows ? HdsFragment.OTHER_TIMES : HdsFragment.OTHER_NUMBERS_AND_TIMES);
    }
    before.add(next);
    before.addAll(behind.subList(1, behind.size()));
  }

  /** @param mediaTime in the box's units; 0 for the end of the last fragment */
  static byte[] written(BootstrapBox box, List<HdsFragment> all, long version, boolean live, long mediaTime) {
    boolean endless = live && box.segments().get(box.segments().size() - 1).isEndless();
    long end = all.get(all.size() - 1).end() * box.timescale() / box.fragmentTimescale();
    List<HdsFragment> listed = new ArrayList<>(all);
    listed.set(0, listed.get(0).behind(HdsFragment.NO_SEAM));
    return box.with(
        version, live, mediaTime > 0 ? mediaTime : end, FragmentTable.segments(listed, endless),
        FragmentTable.runs(listed));
  }
}
