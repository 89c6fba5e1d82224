package org.reelway.stream.workflow.archive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.reelway.transfer.store.ListedObject;

/**
 * What lies in an archive, by one listing. MediaLive names segments {@code _1} or {@code _2} for the pipeline, then
 * its name modifier ({@code $dt$}: when the channel started, in UTC), then a point and a counter from 000000
 * (https://docs.aws.amazon.com/medialive/latest/ug/archive-output-destinations.html).
 */
final class ArchiveListing {
  private static final Pattern SEGMENT =
      Pattern.compile("_([0-9])([^/]*)\\.([0-9]{6,9})\\.(?i:ts|m2ts|mts|mp4|m4s|cmfv)");
  private static final Pattern DATE_TIME = Pattern.compile("[0-9]{8}T[0-9]{6}");

  private final Map<String, ListedObject> inits = new HashMap<>();
  /** By pipeline and modifier. */
  private final Map<String, Run> runs = new TreeMap<>();

  /**
   * Segments of one pipeline between two starts of it.
   *
   * @param name what the names of its segments begin with
   * @param startedAt such as {@code 20261130T120000}; empty where names do not say
   * @param segments by their counters
   */
  record Run(String name, int pipeline, String startedAt, List<Counted> segments) {}

  record Counted(long counter, ListedObject object) {}

  private ArchiveListing() {}

  static ArchiveListing of(ArchiveFolder folder) {
    ArchiveListing listing = new ArchiveListing();
    folder.each("", listing::take);
    listing.runs.values().forEach(run -> run.segments().sort(Comparator.comparingLong(Counted::counter)));
    return listing;
  }

  private void take(String name, ListedObject object) {
    if (name.endsWith("init.mp4")) {
      inits.put(name, object);
    }
    Matcher segment = SEGMENT.matcher(name);
    if (segment.matches() && object.size() > 0) {
      String run = "_" + segment.group(1) + segment.group(2);
      runs.computeIfAbsent(run, any -> run(run, segment))
          .segments().add(new Counted(Long.parseLong(segment.group(3)), object));
    }
  }

  private static Run run(String name, Matcher segment) {
    Matcher dateTime = DATE_TIME.matcher(segment.group(2));
    String startedAt = "";
    while (dateTime.find()) {
      startedAt = dateTime.group();
    }
    return new Run(name, Integer.parseInt(segment.group(1)), startedAt, new ArrayList<>());
  }

  /** In the order of their starts, and then of their pipelines; of several renditions the first one by name. */
  List<Run> runs() {
    Map<String, List<Run>> renditions = new LinkedHashMap<>();
    runs.values().forEach(run -> renditions.computeIfAbsent(rendition(run), any -> new ArrayList<>()).add(run));
    return renditions.values().stream()
        .findFirst()
        .stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparing(Run::startedAt).thenComparing(Run::pipeline))
        .toList();
  }

  private static String rendition(Run run) {
    return run.name().substring(2).replace(run.startedAt(), "");
  }

  /** The object that players need before segments of a run of fragmented MP4; null where there is none. */
  ListedObject init(Run run) {
    return Stream.of(run.name() + ".init.mp4", run.name() + "_init.mp4", run.name() + "init.mp4", "init.mp4")
        .map(inits::get).filter(found -> found != null).findFirst().orElse(null);
  }
}
