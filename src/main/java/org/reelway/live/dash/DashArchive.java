package org.reelway.live.dash;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.reelway.live.NamedFile;
import org.reelway.live.Published;
import org.reelway.live.xml.XmlEdits;
import org.reelway.live.xml.XmlElement;

/** The manifest of all segments that were ever published: it only grows, and is static when the stream has ended. */
final class DashArchive {
  private final DashPublished archive;
  private final DashPublished live;
  private final DashPublished next;
  private final long most;

  /** @param archive null for nothing yet; @param next null for none */
  DashArchive(DashPublished archive, DashPublished live, DashPublished next, long most) {
    this.archive = archive;
    this.live = live;
    this.next = next;
    this.most = most;
  }

  /** @return empty where the archive, or what comes next, has all that is published */
  Optional<Published> version() {
    return next != null && isKept() ? Optional.empty() : Optional.of(written());
  }

  private boolean isKept() {
    Set<NamedFile> kept = new HashSet<>(next.names());
    if (archive != null) {
      kept.addAll(archive.names());
    }
    return kept.containsAll(live.names());
  }

  private DashPublished written() {
    Mpd mpd = live.mpd();
    XmlEdits edits = new XmlEdits(mpd.root());
    writeOlder(edits);
    for (MpdPeriod period : mpd.periods()) {
      Optional<MpdPeriod> old = archive == null ? Optional.empty() : archive.mpd().period(period.key());
      long start = old.map(MpdPeriod::start).orElse(period.start());
      List<TrackPlan> tracks =
          period.tracks().stream()
              .map(track -> new TrackPlan(track, all(track, period, old), false))
              .toList();
      new PeriodWriter(edits, new PeriodWriter.Plan(period, null, start, tracks), NamedFile::uri).write();
    }
    edits.removeAttribute(mpd.root(), "timeShiftBufferDepth");
    if (next == null && mpd.isDynamic()) {
      edits.set(mpd.root(), "type", "static");
      edits.removeAttribute(mpd.root(), "minimumUpdatePeriod");
      edits.set(mpd.root(), "mediaPresentationDuration", MpdTime.duration(live.until()));
    }
    return DashPublished.of(edits.applied(), null, most);
  }

  /** Periods that the live manifest has no more. */
  private void writeOlder(XmlEdits edits) {
    if (archive == null || live.mpd().periods().isEmpty() || !live.mpd().agreesWith(archive.mpd())) {
      return;
    }
    XmlElement first = live.mpd().periods().get(0).element();
    StringBuilder text = new StringBuilder();
    for (MpdPeriod period : archive.mpd().periods()) {
      if (live.mpd().period(period.key()).isEmpty()) {
        text.append(edits.indent(first)).append(period.element().source());
      }
    }
    edits.insert(first.lead(), text.toString());
  }

  private static List<PlacedSegment> all(DashTrack track, MpdPeriod period, Optional<MpdPeriod> old) {
    List<PlacedSegment> now = PlacedSegment.all(track, period.start());
    Optional<DashTrack> known = old.flatMap(found -> found.track(track.key()));
    if (known.isEmpty() || !known.get().base().equals(track.base())) {
      return now;
    }
    List<PlacedSegment> all = new ArrayList<>(PlacedSegment.all(known.get(), old.get().start()));
    Timeline timeline = new Timeline(all);
    now.stream()
        .filter(segment -> timeline.at(segment).isEmpty() && !timeline.isPast(segment))
        .forEach(all::add);
    return all;
  }
}
