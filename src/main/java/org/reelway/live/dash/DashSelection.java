package org.reelway.live.dash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reelway.live.NamedFile;
import org.reelway.live.Presence;
import org.reelway.live.Presence.State;
import org.reelway.live.xml.XmlElement;

/**
 * Chooses what of a manifest can be published: each representation up to its first segment that is awaited, none far
 * ahead of the others, and nothing back behind what was published.
 */
final class DashSelection {
  private final Mpd mpd;
  private final DashPublished before;
  private final DashMemo memo;
  private final Presence presence;
  private final Map<NamedFile, String> given = new HashMap<>();

  /** A track on its way. @param cut whether it ends before something that is awaited */
  private record Chosen(DashTrack track, Timeline old, List<PlacedSegment> kept, boolean cut, boolean lost) {}

  /** @param before null for nothing */
  DashSelection(Mpd mpd, DashPublished before, DashMemo memo, Presence presence) {
    this.mpd = mpd;
    this.before = before;
    this.memo = memo;
    this.presence = presence;
  }

  /** @return empty where what is published cannot be bettered yet */
  Optional<List<PeriodWriter.Plan>> periods() {
    List<PeriodWriter.Plan> plans = new ArrayList<>();
    boolean cut = false;
    for (MpdPeriod period : mpd.periods()) {
      Optional<MpdPeriod> old =
          before == null ? Optional.empty() : before.mpd().period(memo.period(period.key()));
      if (cut && old.isEmpty()) {
        break;
      }
      long start = memo.shift() + period.start();
      List<Chosen> chosen = period.tracks().stream().map(track -> choose(track, start, old)).toList();
      boolean ready = chosen.stream().noneMatch(track -> track.cut() && track.kept().isEmpty());
      if (!ready && (plans.isEmpty() || old.isPresent())) {
        return Optional.empty();
      }
      cut |= chosen.stream().anyMatch(Chosen::cut);
      if (ready) {
        List<TrackPlan> tracks = together(chosen);
        if (goesBack(chosen, tracks)) {
          return Optional.empty();
        }
        if (tracks.isEmpty() || tracks.stream().anyMatch(track -> !track.leftOut())) {
          plans.add(new PeriodWriter.Plan(period, memo.run() == 0 ? null : memo.period(period.key()), start, tracks));
        }
      }
    }
    boolean early = !mpd.isDynamic() && cut;
    return plans.isEmpty() || early ? Optional.empty() : Optional.of(plans);
  }

  /** The URI by which players know it: that of the version before, whatever was written over it since. */
  String uri(NamedFile named) {
    String known = given.get(named);
    return known == null ? presence.uri(named) : known;
  }

  private Chosen choose(DashTrack track, long start, Optional<MpdPeriod> oldPeriod) {
    Optional<DashTrack> known = oldPeriod.flatMap(period -> period.track(track.key()));
    Timeline old = new Timeline(known.map(found -> PlacedSegment.all(found, oldPeriod.get().start())).orElse(List.of()));
    known.flatMap(DashTrack::initialization)
        .ifPresent(init -> track.initialization().ifPresent(own -> given.put(own.named(), init.named().uri())));
    State needed = needed(track);
    List<PlacedSegment> kept = new ArrayList<>();
    boolean cut = needed == State.AWAITED;
    for (PlacedSegment segment : needed == State.THERE ? PlacedSegment.all(track, start) : List.<PlacedSegment>of()) {
      Optional<PlacedSegment> match = old.at(segment);
      State state = old.isPast(segment) && match.isEmpty() ? State.LOST : state(segment.segment());
      if (match.isPresent() && state != State.AWAITED) {
        given.put(segment.segment().media(), match.get().segment().media().uri());
        state = State.THERE;
      }
      if (state == State.AWAITED) {
        cut = true;
        break;
      }
      if (state == State.THERE) {
        kept.add(segment);
      }
    }
    boolean nothing = track.addressing() == DashTrack.Addressing.FILE ? track.resources().isEmpty() : kept.isEmpty();
    return new Chosen(track, old, kept, cut, needed == State.LOST || !cut && nothing);
  }

  /** Of all that each segment needs; a lost index or initialization loses the track. */
  private State needed(DashTrack track) {
    State all = State.THERE;
    for (DashTrack.Resource resource : track.resources()) {
      State state = presence.of(resource.named());
      if (state == State.LOST) {
        return State.LOST;
      }
      all = state == State.AWAITED ? State.AWAITED : all;
    }
    return all;
  }

  private State state(Segment segment) {
    State media = presence.of(segment.media());
    State index = segment.index() == null ? State.THERE : presence.of(segment.index());
    return media == State.LOST || index == State.LOST ? State.LOST : media == State.AWAITED ? media : index;
  }

  /** Where one track is cut, the others end there too; tracks that share a timeline have the same segments. */
  private static List<TrackPlan> together(List<Chosen> all) {
    long end =
        all.stream()
            .filter(Chosen::cut)
            .mapToLong(track -> track.kept().get(track.kept().size() - 1).end())
            .min()
            .orElse(Long.MAX_VALUE);
    Map<XmlElement, Set<Long>> shared = new IdentityHashMap<>();
    List<List<PlacedSegment>> kept = new ArrayList<>();
    for (Chosen track : all) {
      List<PlacedSegment> own = new ArrayList<>();
      for (PlacedSegment segment : track.kept()) {
        if (own.isEmpty() || segment.at() < end || track.old().at(segment).isPresent()) {
          own.add(segment);
        }
      }
      kept.add(own);
      if (!track.lost() && track.track().clock() != null) {
        Set<Long> times = new HashSet<>(own.stream().map(segment -> segment.segment().time()).toList());
        shared.merge(track.track().clock(), times, DashSelection::both);
      }
    }
    List<TrackPlan> plans = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      DashTrack track = all.get(i).track();
      Set<Long> times = shared.getOrDefault(track.clock(), Set.of());
      List<PlacedSegment> own =
          track.clock() == null
              ? kept.get(i)
              : kept.get(i).stream().filter(segment -> times.contains(segment.segment().time())).toList();
      plans.add(new TrackPlan(track, own, all.get(i).lost()));
    }
    return plans;
  }

  private static Set<Long> both(Set<Long> one, Set<Long> other) {
    one.retainAll(other);
    return one;
  }

  private static boolean goesBack(List<Chosen> chosen, List<TrackPlan> plans) {
    for (int i = 0; i < plans.size(); i++) {
      Timeline old = chosen.get(i).old();
      List<PlacedSegment> kept = plans.get(i).kept();
      if (!old.isEmpty() && (kept.isEmpty() || !old.isReachedBy(kept.get(kept.size() - 1)))) {
        return true;
      }
    }
    return false;
  }
}
