package org.reelway.live.hds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.reelway.live.Edition;
import org.reelway.live.NamedFile;
import org.reelway.live.Presence;
import org.reelway.live.Presence.State;
import org.reelway.live.Published;

/** A bootstrap as the packager wrote it, with the numbers that its fragments have in the store. */
final class BootstrapEdition implements Edition {
  private final BootstrapBox box;
  /** All that the packager lists. */
  private final List<HdsFragment> all;
  /** Of those, what the numbers hold for; what is in front of it is published under others. */
  private final List<HdsFragment> own;
  private final List<String> bases;
  private final BootstrapMemo memo;
  /** The highest number that anything may have in the store as far as is known. */
  private final long tried;
  private final List<NamedFile> names;

  private BootstrapEdition(
      BootstrapBox box, List<HdsFragment> all, List<String> bases, BootstrapMemo memo, long tried) {
    this.box = box;
    this.all = all;
    this.own = all.stream().filter(fragment -> fragment.number() >= memo.from()).toList();
    this.bases = bases;
    this.memo = memo;
    this.tried = own.isEmpty() ? tried : Math.max(tried, own.get(own.size() - 1).number() + memo.shift());
    this.names =
        own.stream()
            .filter(fragment -> !fragment.lost())
            .flatMap(fragment -> bases.stream().map(base -> name(fragment, base)))
            .toList();
  }

  /** @param bases what stands in front of {@code Seg1-Frag1} in the URIs of fragments */
  static BootstrapEdition of(byte[] bytes, List<String> bases) {
    BootstrapBox box = BootstrapBox.parse(bytes);
    return new BootstrapEdition(box, FragmentTable.of(box), bases, BootstrapMemo.NONE, -1);
  }

  private NamedFile name(HdsFragment fragment, String base) {
    return NamedFile.numbered(fragment.uri(base), moved(fragment, false).uri(base));
  }

  private HdsFragment moved(HdsFragment fragment, boolean lost) {
    return fragment.moved(memo.shift(), memo.segments(), lost);
  }

  byte[] bytes() {
    return box.bytes();
  }

  @Override
  public List<NamedFile> names() {
    return names;
  }

  @Override
  public Duration chunkLength() {
    long longest = own.stream().mapToLong(HdsFragment::duration).max().orElse(0);
    return Duration.ofMillis(Math.max(1000, longest * 1000 / box.fragmentTimescale()));
  }

  @Override
  public boolean ended() {
    return !box.live();
  }

  @Override
  public Edition following(Edition last, Published published, Presence presence) {
    return following((BootstrapEdition) last, (BootstrapPublished) published, presence);
  }

  /**
   * Fragments have numbers for names. A packager never goes back: lower numbers, or numbers that other files have in the
   * store, are another run of it, and get higher ones there.
   */
  BootstrapEdition following(BootstrapEdition last, BootstrapPublished published, Presence presence) {
    long newest = published == null ? -1 : published.last();
    if (last == this) {
      return besideTaken(published, newest, presence);
    }
    BootstrapMemo before = last != null ? last.memo : published != null ? published.memory() : BootstrapMemo.NONE;
    long highest = Math.max(newest, last == null ? -1 : last.tried);
    long known = last != null && !last.all.isEmpty() ? lastOf(last.all) : newest - before.shift();
    boolean anew = published != null && !all.isEmpty() && lastOf(all) < known;
    BootstrapMemo next = anew ? anew(all.get(0), highest + 1, published) : before;
    return next.equals(memo) && highest <= tried ? this : new BootstrapEdition(box, all, bases, next, highest);
  }

  /** What is published of this run stays under its numbers, unless all its files are others now. */
  private BootstrapEdition besideTaken(BootstrapPublished published, long newest, Presence presence) {
    long taken = taken(presence).max().orElse(-1);
    long listed =
        own.stream().filter(fragment -> !fragment.lost() && fragment.number() + memo.shift() <= newest).count();
    boolean unseen = listed > 0 && taken(presence).filter(number -> number <= newest).count() == listed;
    if (taken <= newest && !unseen) {
      return this;
    }
    HdsFragment first =
        own.stream().filter(fragment -> unseen || fragment.number() + memo.shift() > newest).findFirst().orElseThrow();
    BootstrapMemo next = anew(first, Math.max(Math.max(newest, taken), tried) + 1, published);
    return new BootstrapEdition(box, all, bases, next, tried);
  }

  private static long lastOf(List<HdsFragment> fragments) {
    return fragments.get(fragments.size() - 1).number();
  }

  private LongStream taken(Presence presence) {
    return own.stream()
        .filter(fragment -> !fragment.lost() && stateOf(fragment, presence) == State.TAKEN)
        .mapToLong(fragment -> fragment.number() + memo.shift());
  }

  private BootstrapMemo anew(HdsFragment first, long number, BootstrapPublished published) {
    if (published == null || published.fragments().isEmpty()) {
      return new BootstrapMemo(first.number(), number - first.number(), memo.segments(), number, 0, memo.version());
    }
    HdsFragment newest = published.fragments().get(published.fragments().size() - 1);
    return new BootstrapMemo(
        first.number(), number - first.number(), newest.segment() - first.segment(), number, published.fragments().size(),
        Math.max(memo.version(), published.box().version() + 1 - box.version()));
  }

  private State stateOf(HdsFragment fragment, Presence presence) {
    State worst = State.THERE;
    for (String base : bases) {
      State state = presence.of(name(fragment, base));
      if (state == State.AWAITED || state == State.TAKEN) {
        return state;
      }
      worst = state == State.LOST ? state : worst;
    }
    return bases.isEmpty() ? State.AWAITED : worst;
  }

  @Override
  public Optional<Published> after(Published published, Presence presence) {
    return after((BootstrapPublished) published, presence).map(version -> version);
  }

  Optional<BootstrapPublished> after(BootstrapPublished published, Presence presence) {
    List<HdsFragment> ready = ready(published, presence);
    boolean complete = ready.size() == own.size();
    trim(ready);
    if (ready.isEmpty()) {
      return Optional.empty();
    }
    long last = ready.get(ready.size() - 1).number();
    if (published != null && last < published.last()) {
      return Optional.empty();
    }
    if (published != null && last == published.last() && !complete) {
      // Only what is gone from the start would change.
      return Optional.of(published);
    }
    BootstrapVersion version = new BootstrapVersion(box, own, memo, published);
    return Optional.of(BootstrapPublished.of(version.bytes(ready, complete), bases, memo));
  }

  /** Up to the first one that is waited for. */
  private List<HdsFragment> ready(BootstrapPublished published, Presence presence) {
    List<HdsFragment> ready = new ArrayList<>();
    for (HdsFragment fragment : own) {
      // Players were told that nothing is there; what they were told stays.
      boolean lost = fragment.lost() || published != null && published.lacks(moved(fragment, false).number());
      State state = lost ? State.LOST : stateOf(fragment, presence);
      if (state == State.TAKEN && published != null && moved(fragment, false).number() <= published.last()) {
        // Its file was written anew: a number has one place only, and players keep what they were given.
        state = State.THERE;
      }
      if (state != State.THERE && state != State.LOST) {
        return ready;
      }
      ready.add(moved(fragment, state == State.LOST));
    }
    return ready;
  }

  /** A seam stands between two fragments. */
  private static void trim(List<HdsFragment> fragments) {
    while (!fragments.isEmpty() && fragments.get(fragments.size() - 1).lost()) {
      fragments.remove(fragments.size() - 1);
    }
    int first = 0;
    while (first < fragments.size() && fragments.get(first).lost()) {
      first++;
    }
    fragments.subList(0, first).clear();
  }

  @Override
  public int gaps(Published version) {
    return (int) ((BootstrapPublished) version).fragments().stream().filter(HdsFragment::lost).count();
  }
}
