package org.reelway.live.dash;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.reelway.live.NamedFile;
import org.reelway.live.Presence;

/**
 * Finds out whether a manifest is of another run of the packager than what was published: other files at known places, or
 * times that lie before all that is known.
 */
final class DashRestart {
  private final Mpd mpd;
  private final DashPublished before;
  private final Presence presence;
  private int same;
  private boolean replaced;
  private boolean undecided;
  private boolean otherInit;
  private boolean back;
  private boolean behind;
  private boolean any;

  DashRestart(Mpd mpd, DashPublished before, Presence presence) {
    this.mpd = mpd;
    this.before = before;
    this.presence = presence;
  }

  /** @return what holds from now on, as it is where it is the same run; empty where that cannot be told yet */
  Optional<DashMemo> memo() {
    DashMemo memo = before.memory();
    for (MpdPeriod period : mpd.periods()) {
      Optional<MpdPeriod> old = before.mpd().period(memo.period(period.key()));
      for (DashTrack track : period.tracks()) {
        Optional<DashTrack> known = old.flatMap(found -> found.track(track.key()));
        if (known.isPresent()) {
          compare(track, memo.shift() + period.start(), known.get(), old.get().start());
        } else {
          any |= track.segments().stream().anyMatch(segment -> isThere(segment.media()));
        }
      }
    }
    String start = mpd.root().get("availabilityStartTime").orElse("").strip();
    boolean otherStart = !start.isEmpty() && !memo.origin().isEmpty() && !start.equals(memo.origin());
    boolean nothingKnown = same == 0 && (otherInit || any && (back || otherStart));
    if (replaced || any && otherStart && behind || nothingKnown && !undecided) {
      return Optional.of(anew(memo, start));
    }
    return undecided ? Optional.empty() : Optional.of(memo);
  }

  private boolean isThere(NamedFile named) {
    return presence.of(named) == Presence.State.THERE;
  }

  private void compare(DashTrack track, long start, DashTrack known, long knownStart) {
    Optional<DashTrack.Resource> init = track.initialization();
    Optional<DashTrack.Resource> knownInit = known.initialization();
    if (init.isPresent() && knownInit.isPresent() && isThere(init.get().named())) {
      otherInit |= !presence.uri(init.get().named()).equals(knownInit.get().named().uri());
    }
    List<PlacedSegment> old = PlacedSegment.all(known, knownStart);
    if (old.isEmpty()) {
      return;
    }
    Set<String> names =
        known.segments().stream().map(segment -> segment.media().uri()).collect(Collectors.toCollection(HashSet::new));
    Timeline timeline = new Timeline(old);
    List<PlacedSegment> now = PlacedSegment.all(track, start);
    int sameHere = 0;
    int otherHere = 0;
    int unknownHere = 0;
    for (PlacedSegment segment : now) {
      Optional<PlacedSegment> match = timeline.at(segment);
      if (match.isPresent() && presence.of(segment.segment().media()) == Presence.State.AWAITED) {
        unknownHere++;
      }
      if (isThere(segment.segment().media())) {
        any = true;
        String uri = presence.uri(segment.segment().media());
        if (match.isPresent() && match.get().segment().media().uri().equals(uri)) {
          sameHere++;
        } else if (match.isPresent() && !names.contains(uri)) {
          otherHere++;
        }
      }
    }
    same += sameHere;
    // One file of a run may be written over; and two runs of one source may have files of the same bytes.
    replaced |= otherHere > 0 && sameHere == 0 && unknownHere == 0;
    undecided |= otherHere > 0 && sameHere == 0 && unknownHere > 0;
    if (!now.isEmpty()) {
      PlacedSegment last = now.get(now.size() - 1);
      back |= last.at() < old.get(0).at() - old.get(0).slack();
      behind |= timeline.isPast(last);
    }
  }

  /** The new run goes on when it began by the clock, and never before the end of what was published. */
  private DashMemo anew(DashMemo memo, String start) {
    long first = mpd.periods().stream().mapToLong(MpdPeriod::start).min().orElse(0);
    long behind = before.until() - first;
    long shift = behind;
    if (!start.isEmpty() && !memo.start().isEmpty()) {
      Duration since = Duration.between(MpdTime.instant(memo.start()), MpdTime.instant(start));
      shift = Math.max(behind, since.toDays() > 36_500 ? behind : since.toNanos());
    }
    return new DashMemo(memo.run() + 1, shift, start, memo.start().isEmpty() ? start : memo.start());
  }
}
