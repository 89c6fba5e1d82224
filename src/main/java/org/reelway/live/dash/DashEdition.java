package org.reelway.live.dash;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.reelway.live.Edition;
import org.reelway.live.NamedFile;
import org.reelway.live.PlaylistFolder;
import org.reelway.live.Presence;
import org.reelway.live.Published;

/** A manifest as the media server wrote it, and the version of it that is true now. */
final class DashEdition implements Edition {
  private static final Duration USUAL = Duration.ofSeconds(2);

  private final OpenRuns runs;
  private final Mpd mpd;
  private final List<NamedFile> names;
  private final long most;

  /** @param most segments that are taken */
  DashEdition(OpenRuns runs, long most) {
    this.runs = runs;
    this.mpd = runs.closed();
    this.names = mpd.names();
    this.most = most;
  }

  @Override
  public Edition asOf(PlaylistFolder beside) {
    if (runs.isEmpty()) {
      return this;
    }
    OpenRuns now = runs.look(beside);
    return now == runs ? this : new DashEdition(now, most);
  }

  @Override
  public List<NamedFile> names() {
    return names;
  }

  @Override
  public Duration chunkLength() {
    return mpd.root().get("maxSegmentDuration").map(MpdTime::duration).map(Duration::ofNanos).orElse(USUAL);
  }

  @Override
  public boolean ended() {
    return !mpd.isDynamic();
  }

  @Override
  public Optional<Published> after(Published published, Presence presence) {
    DashPublished before = (DashPublished) published;
    Optional<DashMemo> memo =
        before == null ? Optional.of(DashMemo.first(mpd)) : new DashRestart(mpd, before, presence).memo();
    return memo.flatMap(known -> version(before, known, presence));
  }

  private Optional<Published> version(DashPublished before, DashMemo memo, Presence presence) {
    DashSelection selection = new DashSelection(mpd, before, memo, presence);
    return selection.periods()
        .map(plans -> new DashVersion(mpd, before, memo, plans, selection::uri, most).published());
  }

  /** Holes in the timelines of the version. */
  @Override
  public int gaps(Published version) {
    int gaps = 0;
    for (MpdPeriod period : ((DashPublished) version).mpd().periods()) {
      for (DashTrack track : period.tracks()) {
        List<PlacedSegment> segments = PlacedSegment.all(track, period.start());
        for (int i = 1; i < segments.size(); i++) {
          gaps += segments.get(i).at() - segments.get(i - 1).end() >= segments.get(i - 1).slack() ? 1 : 0;
        }
      }
    }
    return gaps;
  }
}
