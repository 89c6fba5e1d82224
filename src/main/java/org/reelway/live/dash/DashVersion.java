package org.reelway.live.dash;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.reelway.live.NamedFile;
import org.reelway.live.xml.XmlEdits;
import org.reelway.live.xml.XmlElement;

/**
 * Writes one version of a manifest: the media server's own text, but for what is not there, times that must not go back,
 * and promises that only a server could keep.
 */
final class DashVersion {
  private final Mpd mpd;
  private final DashPublished before;
  private final DashMemo memo;
  private final List<PeriodWriter.Plan> plans;
  private final Function<NamedFile, String> uris;
  private final long most;
  private final XmlEdits edits;

  /** @param before null for nothing; @param plans at least one; @param uris by which players find what is named */
  DashVersion(
      Mpd mpd, DashPublished before, DashMemo memo, List<PeriodWriter.Plan> plans, Function<NamedFile, String> uris, long most) {
    this.mpd = mpd;
    this.before = before;
    this.memo = memo;
    this.plans = plans;
    this.uris = uris;
    this.most = most;
    this.edits = new XmlEdits(mpd.root());
  }

  DashPublished published() {
    for (MpdPeriod period : mpd.periods()) {
      plans.stream()
          .filter(plan -> plan.period() == period)
          .findFirst()
          .ifPresentOrElse(
              plan -> new PeriodWriter(edits, plan, uris).write(), () -> edits.remove(period.element()));
    }
    writeCarried();
    writeHead();
    if (mpd.isDynamic()) {
      dropPromises();
    }
    return DashPublished.of(edits.applied(), memo, most);
  }

  /** Periods of the runs before, which players may still be at. */
  private void writeCarried() {
    List<MpdPeriod> carried = carried();
    if (!carried.isEmpty()) {
      XmlElement first = plans.get(0).period().element();
      StringBuilder text = new StringBuilder();
      carried.forEach(period -> text.append(edits.indent(first)).append(period.element().source()));
      edits.insert(first.lead(), text.toString());
    }
  }

  private List<MpdPeriod> carried() {
    if (before == null || memo.run() == 0 || !mpd.agreesWith(before.mpd())) {
      return List.of();
    }
    boolean anew = before.memory().run() != memo.run();
    List<MpdPeriod> old =
        before.mpd().periods().stream().filter(period -> anew || !memo.isOfRun(period.key())).toList();
    long end = end();
    return old.stream().filter(period -> mayBeAt(period, end)).toList();
  }

  /** Without a window all is kept; a list without one is as long as its window. */
  private boolean mayBeAt(MpdPeriod old, long end) {
    Optional<Long> window = mpd.window();
    if (window.isPresent()) {
      return end - old.until() < window.get();
    }
    boolean lists = tracks().stream().allMatch(track -> track.track().addressing() == DashTrack.Addressing.LIST);
    return !lists || !mpd.isDynamic() || end - plans.get(0).start() < old.until() - old.from();
  }

  private List<TrackPlan> tracks() {
    return plans.stream().flatMap(plan -> plan.tracks().stream()).toList();
  }

  private long end() {
    return tracks().stream()
        .filter(track -> !track.kept().isEmpty())
        .mapToLong(track -> track.kept().get(track.kept().size() - 1).end())
        .max()
        .orElse(0);
  }

  private void writeHead() {
    XmlElement root = mpd.root();
    if (root.attribute("availabilityStartTime").isPresent() && !memo.start().isEmpty()) {
      edits.set(root, "availabilityStartTime", memo.start());
    }
    if (memo.shift() != 0) {
      root.get("mediaPresentationDuration")
          .map(MpdTime::duration)
          .ifPresent(
              length -> edits.set(root, "mediaPresentationDuration", MpdTime.duration(length + memo.shift())));
    }
    Optional<String> published = before == null ? Optional.empty() : before.mpd().root().get("publishTime");
    Optional<Instant> last = published.map(MpdTime::instant);
    if (last.isPresent() && root.get("publishTime").map(MpdTime::instant).filter(last.get()::isAfter).isPresent()) {
      edits.set(root, "publishTime", published.get());
    }
    if (mpd.isDynamic() && tracks().stream().anyMatch(track -> !track.isAsWritten())) {
      askAgain(root);
    }
  }

  /** What is listed one by one is known to players only once they load the manifest again. */
  private void askAgain(XmlElement root) {
    long chunk =
        tracks().stream()
            .flatMap(track -> track.kept().stream())
            .map(segment -> segment.end() - segment.at())
            .max(Comparator.naturalOrder())
            .orElse(1_000_000_000L);
    Optional<Long> now = root.get("minimumUpdatePeriod").map(MpdTime::duration);
    if (now.isEmpty() || now.get() > chunk) {
      edits.set(root, "minimumUpdatePeriod", MpdTime.duration(chunk));
    }
  }

  /** A store has whole chunks, and none before it is written; nor does it know what changed since. */
  private void dropPromises() {
    List<XmlElement> all = new ArrayList<>(mpd.root().all().toList());
    for (XmlElement element : all) {
      edits.removeAttribute(element, "availabilityTimeOffset");
      edits.removeAttribute(element, "availabilityTimeComplete");
      if (element.name().equals("PatchLocation")) {
        edits.remove(element);
      }
    }
  }
}
