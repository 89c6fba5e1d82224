package org.reelway.live.hls;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.reelway.live.Edition;
import org.reelway.live.NamedFile;
import org.reelway.live.Presence;
import org.reelway.live.Presence.State;
import org.reelway.live.Published;

/** A media playlist as the media server wrote it, and the version of it that is true now. */
final class HlsMediaEdition implements Edition {
  private final HlsMedia media;
  private final List<NamedFile> names;

  HlsMediaEdition(HlsMedia media) {
    this.media = media;
    this.names = media.names();
  }

  @Override
  public List<NamedFile> names() {
    return names;
  }

  @Override
  public Duration chunkLength() {
    return Duration.ofSeconds(Math.max(1, media.target()));
  }

  @Override
  public boolean ended() {
    return media.ended();
  }

  @Override
  public Optional<Published> after(Published published, Presence presence) {
    HlsPublished before = (HlsPublished) published;
    HlsMedia old = before == null || before.media() == null || before.media().segments().isEmpty() ? null : before.media();
    HlsMemo memo = before == null ? HlsMemo.NONE : before.memory();
    if (media.segments().isEmpty()) {
      return Optional.empty();
    }
    boolean[] gaps = new boolean[media.segments().size()];
    int ready = ready(gaps, old, memo, presence);
    if (ready == 0) {
      return Optional.empty();
    }
    HlsMemo next = old != null && beganAnew(old, memo, ready, gaps, presence) ? anew(old) : memo;
    if (old != null && media.first() + next.shift() + ready - 1 < old.last()) {
      return Optional.empty();
    }
    return Optional.of(new HlsVersion(media, old, next, presence, gaps, ready).published());
  }

  /** @return how many segments from the first one are there, or are gaps */
  private int ready(boolean[] gaps, HlsMedia old, HlsMemo memo, Presence presence) {
    boolean mapLost = false;
    boolean keyLost = false;
    for (int i = 0; i < gaps.length; i++) {
      HlsSegment segment = media.segments().get(i);
      for (HlsResource resource : segment.resources()) {
        if (resource.kind() == HlsResource.Kind.PART || resource.kind() == HlsResource.Kind.HINT) {
          continue;
        }
        State state = resource.named() == null ? State.THERE : presence.of(resource.named());
        if (state == State.AWAITED) {
          return i;
        }
        if (resource.kind() == HlsResource.Kind.MAP) {
          mapLost = state == State.LOST;
        } else {
          keyLost = state == State.LOST;
        }
      }
      if (wasGap(segment, i, old, memo)) {
        gaps[i] = true;
        continue;
      }
      State state = segment.gap() ? State.LOST : presence.of(segment.media());
      if (state == State.AWAITED) {
        return i;
      }
      gaps[i] = state == State.LOST || mapLost || keyLost;
    }
    return gaps.length;
  }

  /** Players were told that nothing is there; what they were told stays. */
  private boolean wasGap(HlsSegment segment, int index, HlsMedia old, HlsMemo memo) {
    return old != null
        && old.at(media.first() + memo.shift() + index)
            .filter(seen -> seen.gap() && seen.media().uri().equals(segment.media().uri()))
            .isPresent();
  }

  /**
   * A media server never goes back: lower numbers, or other segments at all known ones, are another run of its encoder.
   * Where some are others and all else goes on, those were written anew: they get their own new names, and nothing that
   * players have seen comes again.
   */
  private boolean beganAnew(HlsMedia old, HlsMemo memo, int ready, boolean[] gaps, Presence presence) {
    long shifted = media.first() + memo.shift();
    if (shifted < old.first()) {
      return true;
    }
    boolean same = false;
    boolean other = false;
    for (int i = 0; i < ready && shifted + i <= old.last(); i++) {
      HlsSegment seen = old.at(shifted + i).orElseThrow();
      NamedFile named = media.segments().get(i).media();
      String uri = gaps[i] ? named.uri() : presence.uri(named);
      if (!seen.gap() && !gaps[i]) {
        boolean equal = seen.media().uri().equals(uri);
        same |= equal;
        other |= !equal;
      }
    }
    return other && (!same || media.last() + memo.shift() < old.last());
  }

  private HlsMemo anew(HlsMedia old) {
    long run = old.last() + 1;
    long number = old.discontinuityOf(old.segments().size() - 1) + 1;
    long own = media.discontinuities() + (media.segments().get(0).discontinuity() ? 1 : 0);
    return new HlsMemo(run - media.first(), run, old.segments().size(), number - own);
  }

  @Override
  public int gaps(Published version) {
    HlsMedia published = ((HlsPublished) version).media();
    return published == null ? 0 : (int) published.segments().stream().filter(HlsSegment::gap).count();
  }
}
