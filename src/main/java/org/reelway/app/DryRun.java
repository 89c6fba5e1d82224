package org.reelway.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.app.check.RecordingTrial;
import org.reelway.app.check.RecordingTrial.Taker;
import org.reelway.app.check.RecordingTrial.Way;
import org.reelway.camel.CamelProperties;
import org.reelway.camel.ConfiguredStore;
import org.reelway.camel.TransferParameters;
import org.reelway.camel.TrialBeans;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.FolderScan;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.MarkerName;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.RecordingId;
import org.reelway.settings.NamedStores;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.StateDatabase;
import org.reelway.transfer.TransferTarget;

/**
 * What a start would do now with each recording that is there: nothing is sent, asked or written. Folders, markers, the state
 * and the routes are read.
 */
final class DryRun {
  private static final Set<RecordingState> OVER = EnumSet.of(
      RecordingState.VERIFIED, RecordingState.DONE, RecordingState.SKIPPED, RecordingState.DISCARDED, RecordingState.SET_ASIDE);

  private final Settings settings;
  private final Path home;
  private final Path state;
  private final Markers markers;
  private final MarkerOutlook outlook;
  private final Optional<RecordingHistory> history;
  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  DryRun(Settings settings, Path home) {
    this.settings = settings;
    this.home = home;
    this.state = settings.get(StateSettings.FOLDER).toAbsolutePath();
    this.markers = new Markers(state.resolve("set-aside"), Clock.systemUTC());
    this.outlook = new MarkerOutlook(settings);
    this.history = StateDatabase.openUntouched(settings).map(database -> new RecordingHistory(database.jdbi(), null, Clock.systemUTC(), ""));
  }

  void print(PrintWriter out) throws Exception {
    Path routes = CamelProperties.routes(settings, home);
    try (RecordingTrial trial = new RecordingTrial(
        routes, CamelProperties.kamelets(settings, home), CamelProperties.placeholders(settings),
        camel -> TrialBeans.bind(camel, settings))) {
      List<Taker> takers = trial.takers();
      takers.forEach(taker -> look(trial, taker));
      if (takers.isEmpty()) {
        notes.add("no route in " + routes + " begins with kamelet:recording-markers: nothing would be sent");
      }
    }
    if (!rows.isEmpty()) {
      out.print(new ConsoleTable(List.of("recording", "route", "store", "object", "what a start would do"), rows).text());
    }
    notes.forEach(note -> out.println(ConsoleTable.plain(note)));
    out.println(rows.size() + " recordings; nothing was sent, asked or written");
    out.flush();
  }

  private void look(RecordingTrial trial, Taker taker) {
    for (String name : words(taker.parameters().get("folder"))) {
      RecordingFolder folder = RecordingFolder.of(Path.of(name), state.resolve("markers"));
      if (!folder.isThere()) {
        notes.add(folder + " is not there: the route " + taker.route() + " would wait for it");
        continue;
      }
      Set<String> extensions = Set.copyOf(words(taker.parameters().get("extensions")));
      FolderScan.Found found = new FolderScan(folder, extensions).look();
      found.marked().stream().sorted((one, other) -> one.path().compareTo(other.path()))
          .forEach(recording -> marked(trial, taker, recording));
      found.unmarked().stream().sorted().forEach(file -> unmarked(trial, taker, folder, file));
      notes.addAll(found.refused());
      notes.addAll(found.unreadable());
      noteOthers(folder, extensions);
    }
  }

  private static List<String> words(String list) {
    return Arrays.stream((list == null ? "" : list).split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
  }

  private void marked(RecordingTrial trial, Taker taker, MarkedRecording recording) {
    MarkerContent content = markers.read(recording);
    String stream = content.streamName().orElse(null);
    Way way = trial.way(taker, headers(recording.folder(), recording.file(), stream));
    row(taker, recording, stream, way, target -> outlook.would(recording, content, target));
  }

  private void unmarked(RecordingTrial trial, Taker taker, RecordingFolder folder, Path file) {
    MarkedRecording recording = new MarkedRecording(folder, file, MarkerName.of(file), Instant.EPOCH);
    Optional<String> state = known(file);
    Duration settle = RecordingSettings.SETTLE_TIME.parse(taker.parameters().getOrDefault("settleTime", "0s"));
    if (state.isPresent()) {
      leave(taker, recording, "left alone: it is " + state.get());
    } else if (settle.isZero()) {
      leave(taker, recording, "left alone: it has no marker, and settleTime is 0s");
    } else {
      row(taker, recording, null, trial.way(taker, headers(folder, file, null)),
          target -> "once it has not changed for " + taker.parameters().get("settleTime") + " and its container is whole: "
              + outlook.would(recording, MarkerContent.Start.EMPTY, target));
    }
  }

  /** What the state has of the very file, where nothing is left to do with it. */
  private Optional<String> known(Path file) {
    try {
      String id = RecordingId.of(file, FileIdentity.of(file));
      return history.flatMap(known -> known.stateOf(id))
          .filter(state -> RecordingState.of(state).filter(OVER::contains).isPresent());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static Map<String, String> headers(RecordingFolder folder, Path file, String stream) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("RecordingFile", file.toString());
    headers.put("RecordingFolder", folder.toString());
    headers.put("RecordingPath", folder.root().relativize(file).toString());
    headers.put("RecordingName", file.getFileName().toString());
    if (stream != null) {
      headers.put("RecordingStream", stream);
    }
    return headers;
  }

  private interface Would {
    String with(TransferTarget target);
  }

  private void row(Taker taker, MarkedRecording recording, String stream, Way way, Would would) {
    String unless = way.unknown().isEmpty() ? ""
        : " (unless " + String.join(", ", way.unknown()) + " says otherwise, which only a running sidecar can tell)";
    if (way.transfer().isEmpty()) {
      leave(taker, recording, way.skipped().map(why -> "not sent, its marker goes away: " + why)
          .orElse("not sent: the route comes to no kamelet:store-transfer") + unless);
      return;
    }
    TransferTarget target = TransferParameters.target(
        new LinkedHashMap<>(way.transfer().get()), name -> outlook.store(name).map(group -> new ConfiguredStore(settings, group)));
    String then = way.tidy().filter(action -> !action.equals("keep")).map(action -> "; then the file: " + action).orElse("");
    rows.add(List.of(
        recording.path(), taker.route(), NamedStores.shown(target.store()), outlook.object(recording, stream, target),
        would.with(target) + then + unless));
  }

  private void leave(Taker taker, MarkedRecording recording, String why) {
    rows.add(List.of(recording.path(), taker.route(), "", "", why));
  }

  /** How many other files there are, by their endings. */
  private void noteOthers(RecordingFolder folder, Set<String> extensions) {
    try (Stream<Path> files = Files.walk(folder.root())) {
      Map<String, Long> others = files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> !file.getFileName().toString().startsWith(".reelway"))
          .map(DryRun::ending)
          .filter(ending -> !extensions.contains(ending) && !ending.equals("upload"))
          .collect(Collectors.groupingBy(ending -> ending, TreeMap::new, Collectors.counting()));
      others.forEach((ending, count) -> notes.add(folder + ": " + count + " files "
          + (ending.isEmpty() ? "without an ending" : "that end in ." + ending) + " are sent only where a marker stands beside them"));
    } catch (IOException | UncheckedIOException e) {
      notes.add(folder + " cannot be read whole: " + e.getMessage());
    }
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
