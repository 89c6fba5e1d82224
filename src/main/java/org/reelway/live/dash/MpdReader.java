package org.reelway.live.dash;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.reelway.failure.InputFailure;
import org.reelway.live.xml.XmlElement;

/** Reads the periods of a manifest. */
final class MpdReader {
  private final XmlElement root;
  private final long most;
  private long taken;

  private MpdReader(XmlElement root, long most) {
    this.root = root;
    this.most = most;
  }

  /**
   * @param most segments and elements that are taken
   * @throws InputFailure when it is no manifest, or one that cannot be published
   */
  static Mpd read(byte[] bytes, long most) {
    XmlElement root = XmlElement.read(bytes, 2 * most);
    if (!root.name().equals("MPD")) {
      throw new InputFailure("the manifest begins with <" + root.qualifiedName() + ">: it is no DASH manifest (MPD)");
    }
    try {
      return new MpdReader(root, most).mpd();
    } catch (ArithmeticException e) {
      throw new InputFailure("the manifest has numbers that are too large to be times");
    }
  }

  private Mpd mpd() {
    root.all().forEach(MpdReader::refuseRemote);
    List<XmlElement> elements = root.children("Period").toList();
    long[] starts = starts(elements);
    List<MpdPeriod> periods = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < elements.size(); i++) {
      long end = end(elements, starts, i);
      String key = elements.get(i).get("id").orElse("@" + starts[i]);
      if (!keys.add(key)) {
        throw new InputFailure("the manifest has two periods " + key);
      }
      periods.add(new MpdPeriod(elements.get(i), key, starts[i], end, tracks(elements.get(i), starts[i], end)));
    }
    return new Mpd(root, periods);
  }

  /** What lies elsewhere cannot be kept true. */
  private static void refuseRemote(XmlElement element) {
    Optional<String> link =
        element.attributes().stream()
            .filter(attribute -> attribute.name().endsWith(":href"))
            .findFirst()
            .flatMap(attribute -> element.get(attribute.name()));
    if (link.isPresent() && !MpdUrl.isAbsolute(link.get())) {
      throw new InputFailure(
          "the manifest has parts in another file (xlink:href=\"" + link.get() + "\"), which is not followed");
    }
  }

  private static long[] starts(List<XmlElement> elements) {
    long[] starts = new long[elements.size()];
    for (int i = 0; i < starts.length; i++) {
      Optional<Long> own = elements.get(i).get("start").map(MpdTime::duration);
      Optional<Long> before = i == 0 ? Optional.of(0L) : elements.get(i - 1).get("duration").map(MpdTime::duration);
      long previous = i == 0 ? 0 : starts[i - 1];
      starts[i] =
          own.or(() -> before.map(length -> previous + length))
              .orElseThrow(() -> new InputFailure("the manifest has a period without a start behind one without an end"));
    }
    return starts;
  }

  private long end(List<XmlElement> elements, long[] starts, int index) {
    Optional<Long> own = elements.get(index).get("duration").map(MpdTime::duration).map(length -> starts[index] + length);
    if (own.isPresent()) {
      return own.get();
    }
    if (index + 1 < starts.length) {
      return starts[index + 1];
    }
    return root.get("mediaPresentationDuration").map(MpdTime::duration).orElse(-1L);
  }

  private List<DashTrack> tracks(XmlElement period, long start, long end) {
    List<DashTrack> tracks = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    List<XmlElement> sets = period.children("AdaptationSet").toList();
    for (int i = 0; i < sets.size(); i++) {
      List<XmlElement> representations = sets.get(i).children("Representation").toList();
      for (int j = 0; j < representations.size(); j++) {
        XmlElement representation = representations.get(j);
        String key = representation.get("id").orElse("#" + i + "/" + j);
        key = keys.add(key) ? key : key + "#" + i + "/" + j;
        tracks.add(
            new DashTrackReader(List.of(root, period, sets.get(i), representation), key, length(start, end), this::take).track());
      }
    }
    return tracks;
  }

  /** One {@code r} can stand for billions. */
  private void take(long segments) {
    taken = Math.addExact(taken, segments);
    if (taken > most) {
      throw new InputFailure(
          "the manifest names more than " + most + " segments, which is the most that is taken with this heap: let the"
              + " media server keep fewer chunks in it, or give Reelway more (REELWAY_JAVA_OPTS=-Xmx1g)");
    }
  }

  private static long length(long start, long end) {
    return end < 0 ? -1 : Math.max(0, end - start);
  }
}
