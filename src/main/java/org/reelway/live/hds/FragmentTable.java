package org.reelway.live.hds;

import java.util.ArrayList;
import java.util.List;
import org.reelway.failure.InputFailure;

/** The fragments of a bootstrap one by one, in order and without a number left out, and the tables that say so. */
final class FragmentTable {
  /** What a fragment costs while it is held, measured generously. */
  private static final long FRAGMENT = 4_000;

  private final BootstrapBox box;
  private final List<HdsFragment> fragments = new ArrayList<>();
  private final long first;
  /** Fragments in the segments in front of each run of segments. */
  private final long[] before;
  private int segmentRun;

  private FragmentTable(BootstrapBox box) {
    this.box = box;
    this.first =
        box.fragments().stream().filter(run -> !run.isSeam()).mapToLong(FragmentRun::first).findFirst().orElse(0);
    this.before = new long[box.segments().size()];
    for (int i = 1; i < before.length; i++) {
      SegmentRun run = box.segments().get(i - 1);
      before[i] = before[i - 1] + (box.segments().get(i).segment() - run.segment()) * run.fragments();
    }
  }

  /** @throws InputFailure when the tables are at odds, or are longer than the heap can hold */
  static List<HdsFragment> of(BootstrapBox box) {
    FragmentTable table = new FragmentTable(box);
    table.read();
    return List.copyOf(table.fragments);
  }

  private void read() {
    long next = first;
    int seam = HdsFragment.NO_SEAM;
    for (int i = 0; i < box.fragments().size(); i++) {
      FragmentRun run = box.fragments().get(i);
      if (run.isSeam()) {
        seam = run.seam() == HdsFragment.END ? seam : run.seam();
        continue;
      }
      if (run.first() < next) {
        throw new InputFailure("fragment " + run.first() + " stands behind a later one in the bootstrap");
      }
      long last = last(i);
      requireRoom(last - first + 1);
      for (long number = next; number < run.first(); number++) {
        fragments.add(new HdsFragment(number, segment(number), run.time(), 0, HdsFragment.NO_SEAM, true));
      }
      for (long number = run.first(); number <= last; number++) {
        long time = run.time() + (number - run.first()) * run.duration();
        int before = number == run.first() && number > first ? seam : HdsFragment.NO_SEAM;
        fragments.add(new HdsFragment(number, segment(number), time, run.duration(), before, false));
      }
      next = last + 1;
      seam = HdsFragment.NO_SEAM;
    }
  }

  /** @throws InputFailure when so many fragments, lost ones counted, are more than the heap can hold */
  static void requireRoom(long count) {
    long most = Math.max(2_000, Runtime.getRuntime().maxMemory() / FRAGMENT);
    if (count > most) {
      throw new InputFailure(
          "the bootstrap has " + count + " fragments; " + most + " are taken at most with this heap: let the packager keep"
              + " fewer in it, or give Reelway more (REELWAY_JAVA_OPTS=-Xmx1g)");
    }
  }

  /** The last fragment of a run: the one before the next run, or what the segments and the media time leave. */
  private long last(int index) {
    FragmentRun run = box.fragments().get(index);
    for (FragmentRun next : box.fragments().subList(index + 1, box.fragments().size())) {
      if (next.first() > run.first()) {
        return next.first() - 1;
      }
    }
    long bySegments = bySegments();
    if (box.mediaTime() == 0 || run.duration() == 0) {
      return bySegments == SegmentRun.ENDLESS ? run.first() : Math.max(run.first(), bySegments);
    }
    double length = (double) box.mediaTime() * box.fragmentTimescale() / box.timescale() - run.time();
    double count = length / run.duration();
    // Media times are not exact; a last fragment may be shorter than the others, where its number is not known otherwise.
    long whole = Math.max(1, (long) (bySegments == SegmentRun.ENDLESS ? Math.rint(count) : Math.ceil(count)));
    return Math.max(run.first(), Math.min(bySegments, run.first() + whole - 1));
  }

  /** The last fragment's number as the segment table has it, which counts from the first fragment. */
  private long bySegments() {
    List<SegmentRun> runs = box.segments();
    SegmentRun last = runs.get(runs.size() - 1);
    if (last.isEndless()) {
      return SegmentRun.ENDLESS;
    }
    return first + before[runs.size() - 1] + last.fragments() - 1;
  }

  /** Of numbers that rise. */
  private long segment(long number) {
    while (segmentRun + 1 < before.length && number - first >= before[segmentRun + 1]) {
      segmentRun++;
    }
    SegmentRun run = box.segments().get(segmentRun);
    return run.segment() + (number - first - before[segmentRun]) / run.fragments();
  }

  /** @param endless whether the last segment goes on */
  static List<SegmentRun> segments(List<HdsFragment> fragments, boolean endless) {
    List<SegmentRun> runs = new ArrayList<>();
    for (HdsFragment fragment : fragments) {
      SegmentRun last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (last != null && last.segment() == fragment.segment()) {
        runs.set(runs.size() - 1, new SegmentRun(last.segment(), last.fragments() + 1));
      } else {
        runs.add(new SegmentRun(fragment.segment(), 1));
      }
    }
    if (endless) {
      runs.set(runs.size() - 1, new SegmentRun(runs.get(runs.size() - 1).segment(), SegmentRun.ENDLESS));
    }
    return runs;
  }

  /** An entry for each fragment, and one for each place where some are lost, or times begin anew. */
  static List<FragmentRun> runs(List<HdsFragment> fragments) {
    List<FragmentRun> runs = new ArrayList<>();
    boolean behindLost = false;
    for (HdsFragment fragment : fragments) {
      if (fragment.lost() ? !behindLost : fragment.seam() != HdsFragment.NO_SEAM && !behindLost) {
        int seam = fragment.lost() ? HdsFragment.OTHER_NUMBERS_AND_TIMES : fragment.seam();
        runs.add(new FragmentRun(fragment.number(), fragment.time(), 0, seam));
      }
      if (!fragment.lost()) {
        runs.add(new FragmentRun(fragment.number(), fragment.time(), fragment.duration(), HdsFragment.NO_SEAM));
      }
      behindLost = fragment.lost();
    }
    return runs;
  }
}
