package org.reelway.conference.mixer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The pictures of a plan as filters of ffmpeg. Each input becomes a row of frames on the mix's own grid, from its first to
 * its last and without gaps; it is cut at the scenes' borders, each piece is laid into its scene, and the scenes follow each
 * other. So nothing waits for a stream that comes an hour later, and nothing is held back for it.
 */
final class FilterGraph {
  static final String VIDEO = "[video]";
  static final String AUDIO = "[audio]";
  private static final double MICROS = 1_000_000;

  private final MixPlan plan;
  private final MixSettings settings;
  private final Fonts fonts;
  private final Map<String, Optional<Fonts.Drawn>> known = new HashMap<>();
  private final Path folder;
  private final List<String> chains = new ArrayList<>();
  private final Map<Path, String> texts = new LinkedHashMap<>();

  private FilterGraph(MixPlan plan, Fonts fonts, Path folder) {
    this.plan = plan;
    this.settings = plan.settings();
    this.fonts = fonts;
    this.folder = folder;
  }

  /**
   * @param fonts of names; none are drawn where there is none
   * @param folder where the files of names will be
   */
  static FilterGraph of(MixPlan plan, Fonts fonts, Path folder) {
    FilterGraph graph = new FilterGraph(plan, fonts, folder);
    if (!plan.scenes().isEmpty()) {
      graph.video();
    }
    if (!plan.sounds().isEmpty()) {
      new SoundGraph(plan).chains(graph.chains);
    }
    return graph;
  }

  /** For ffmpeg's option {@code -/filter_complex}. */
  String text() {
    return String.join(";\n", chains) + "\n";
  }

  /** Files that have to be there with their content: names are no part of the filters, whatever is in them. */
  Map<Path, String> texts() {
    return texts;
  }

  private void video() {
    List<MixInput> inputs = plan.pictures();
    inputs.stream().filter(input -> !input.placed()).collect(Collectors.groupingBy(MixInput::index))
        .forEach((index, same) -> chains.add(
            "[1:v:" + index + "]split=" + same.size()
                + same.stream().map(input -> "[raw" + inputs.indexOf(input) + "]").collect(Collectors.joining())));
    for (int i = 0; i < inputs.size(); i++) {
      input(inputs.get(i), i);
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < plan.scenes().size(); i++) {
      labels.add(scene(i, inputs));
    }
    chains.add(String.join("", labels)
        + (labels.size() == 1 ? "null" : "concat=n=" + labels.size() + ":v=1:a=0") + VIDEO);
  }

  private void input(MixInput input, int number) {
    String source = input.placed()
        ? "[0:v:" + input.index() + "]"
        : format("[raw%d]trim=start=%.6f:end=%.6f,setpts=PTS+%.6f/TB,", number, input.mediaMicros() / MICROS,
            (input.mediaMicros() + input.endMicros() - input.startMicros()) / MICROS, input.shiftMicros() / MICROS);
    long start = plan.startFrame(input);
    List<Integer> shown = shown(input);
    String cuts = shown.stream().skip(1)
        .map(scene -> Long.toString(plan.scenes().get(scene).startFrame() - start))
        .collect(Collectors.joining("|"));
    chains.add(
        source
            + "format=yuv420p,"
            + (isOfOneSize(input) ? fitted(tile(input, shown.get(0))) + name(tile(input, shown.get(0)), number) + "," : "")
            + format("fps=%d:start_time=%.6f,tpad=stop=-1:stop_mode=clone,trim=end_frame=%d", settings.fps(),
                (double) start / settings.fps(), plan.frames(input))
            + (cuts.isEmpty() ? "" : ",segment=frames=" + cuts)
            + shown.stream().map(scene -> "[p" + number + "s" + scene + "]").collect(Collectors.joining()));
  }

  /** Such an input is scaled before pictures are repeated to make up the mix's rate, which costs less. */
  private boolean isOfOneSize(MixInput input) {
    return shown(input).stream().map(scene -> tile(input, scene)).map(tile -> List.of(tile.width(), tile.height()))
        .distinct().count() == 1;
  }

  private Tile tile(MixInput input, int scene) {
    return plan.scenes().get(scene).tiles().stream().filter(tile -> tile.input().equals(input)).findFirst().orElseThrow();
  }

  private List<Integer> shown(MixInput input) {
    List<Integer> shown = new ArrayList<>();
    for (int i = 0; i < plan.scenes().size(); i++) {
      if (plan.scenes().get(i).shows(input)) {
        shown.add(i);
      }
    }
    return shown;
  }

  private String scene(int number, List<MixInput> inputs) {
    Scene scene = plan.scenes().get(number);
    String out = "[scene" + number + "]";
    if (scene.tiles().isEmpty()) {
      chains.add(
          format("color=c=%s:s=%dx%d:r=%d,format=yuv420p,trim=end_frame=%d", settings.background(), settings.width(),
              settings.height(), settings.fps(), scene.frames()) + out);
      return out;
    }
    List<String> labels = new ArrayList<>();
    for (Tile tile : scene.tiles()) {
      int picture = inputs.indexOf(tile.input());
      String cut = "[p" + picture + "s" + number + "]";
      if (isOfOneSize(tile.input())) {
        labels.add(cut);
      } else {
        labels.add("[p" + picture + "t" + number + "]");
        chains.add(cut + fitted(tile) + name(tile, picture) + labels.get(labels.size() - 1));
      }
    }
    // Once for a scene, and not for each of its tiles: ffmpeg looks at every filter again and again.
    chains.add(together(scene.tiles(), labels, number) + ",setpts=PTS-STARTPTS,setsar=1" + out);
    return out;
  }

  private String fitted(Tile tile) {
    String ratio = settings.cropping() ? "increase" : "decrease";
    String edges = settings.cropping()
        ? format("crop=%d:%d", tile.width(), tile.height())
        : format("pad=%d:%d:(ow-iw)/2:(oh-ih)/2:%s:eval=frame", tile.width(), tile.height(), settings.background());
    return format("scale=%d:%d:force_original_aspect_ratio=%s:force_divisible_by=2,", tile.width(), tile.height(), ratio)
        + edges;
  }

  private String name(Tile tile, int picture) {
    String name = ShownName.of(tile.input().name());
    Optional<Fonts.Drawn> drawn =
        settings.displaysNames() && !name.isEmpty() ? known.computeIfAbsent(name, fonts::drawn) : Optional.empty();
    if (drawn.isEmpty()) {
      return "";
    }
    Path text = folder.resolve("name-" + picture + ".txt");
    texts.put(text, drawn.get().text());
    return ",drawtext=fontfile=" + escaped(drawn.get().font()) + ":textfile=" + escaped(text)
        + format(":expansion=none:fontsize=%d:fontcolor=white:box=1:boxcolor=black@0.5:boxborderw=4:x=8:%s",
            settings.fontSize(), isBehind(tile) ? "y=8" : "y_align=baseline:y=h-" + (8 + settings.fontSize() / 4));
  }

  /** Others lie on its lower edge; names there would be hidden. */
  private boolean isBehind(Tile tile) {
    return settings.layout() == Layout.PICTURE_IN_PICTURE && tile.fills(settings.width(), settings.height());
  }

  /** Side by side all at once, which is quickest; what lies on something else one after the other. */
  private String together(List<Tile> tiles, List<String> labels, int scene) {
    Tile first = tiles.get(0);
    if (tiles.size() == 1) {
      return labels.get(0) + (first.fills(settings.width(), settings.height()) ? "null" : padded(first.x(), first.y()));
    }
    for (Tile tile : tiles) {
      if (tile != first && tile.overlaps(first)) {
        return overlaid(tiles, labels, scene);
      }
    }
    int right = tiles.stream().mapToInt(tile -> tile.x() + tile.width()).max().orElseThrow();
    int bottom = tiles.stream().mapToInt(tile -> tile.y() + tile.height()).max().orElseThrow();
    String places = tiles.stream().map(tile -> tile.x() + "_" + tile.y()).collect(Collectors.joining("|"));
    return String.join("", labels)
        + "xstack=inputs=" + tiles.size() + ":layout=" + places + ":fill=" + settings.background()
        + (right == settings.width() && bottom == settings.height() ? "" : "," + padded(0, 0));
  }

  private String overlaid(List<Tile> tiles, List<String> labels, int scene) {
    String below = labels.get(0);
    for (int i = 1; i < tiles.size(); i++) {
      String overlay =
          below + labels.get(i) + "overlay=" + tiles.get(i).x() + ":" + tiles.get(i).y() + ":format=yuv420";
      if (i == tiles.size() - 1) {
        return overlay;
      }
      below = "[o" + scene + "n" + i + "]";
      chains.add(overlay + below);
    }
    throw new IllegalArgumentException("one tile lies on nothing");
  }

  private String padded(int x, int y) {
    return format("pad=%d:%d:%d:%d:%s", settings.width(), settings.height(), x, y, settings.background());
  }

  /** Twice: as the value of an option, and as a part of the graph (ffmpeg-filters, "Notes on filtergraph escaping"). */
  static String escaped(Path path) {
    String value = path.toAbsolutePath().toString().replaceAll("[\\\\':]", "\\\\$0");
    return value.replaceAll("[\\\\'\\[\\],;]", "\\\\$0");
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
