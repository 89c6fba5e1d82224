package org.reelway.conference.mixer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lays out the streams that are on at one time. Pure: the same streams are always at the same places. */
final class Tiles {
  private static final String SHARED_SCREEN = "desktop";
  private static final int SMALL = 4;
  private static final int MARGIN = 32;

  private final Layout layout;
  private final int width;
  private final int height;

  Tiles(Layout layout, int width, int height) {
    this.layout = layout;
    this.width = width;
    this.height = height;
  }

  /** @param inputs in the order in which their streams came first */
  List<Tile> of(List<MixInput> inputs) {
    if (inputs.isEmpty()) {
      return List.of();
    }
    List<MixInput> screens = inputs.stream().filter(Tiles::isSharedScreen).toList();
    if (layout == Layout.GRID && screens.isEmpty() || inputs.size() == 1) {
      return grid(inputs, 0, height);
    }
    MixInput large = screens.isEmpty() ? inputs.get(0) : screens.get(0);
    List<MixInput> others = inputs.stream().filter(input -> input != large).toList();
    return layout == Layout.PICTURE_IN_PICTURE ? corner(large, others) : row(large, others);
  }

  private static boolean isSharedScreen(MixInput input) {
    return input.name().toLowerCase(Locale.ROOT).contains(SHARED_SCREEN);
  }

  /** As few columns as make tiles no wider than the picture is; the last row may have free places. */
  private List<Tile> grid(List<MixInput> inputs, int top, int rowsHeight) {
    int columns = (int) Math.ceil(Math.sqrt(inputs.size()));
    int rows = (inputs.size() + columns - 1) / columns;
    List<Tile> tiles = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      int left = edge(width, i % columns, columns);
      int above = edge(rowsHeight, i / columns, rows);
      tiles.add(
          new Tile(
              inputs.get(i), left, top + above, edge(width, i % columns + 1, columns) - left,
              edge(rowsHeight, i / columns + 1, rows) - above));
    }
    return tiles;
  }

  private List<Tile> row(MixInput large, List<MixInput> others) {
    int rowHeight = even(height / SMALL);
    List<Tile> tiles = new ArrayList<>();
    tiles.add(new Tile(large, 0, 0, width, height - rowHeight));
    int places = Math.max(SMALL, others.size());
    for (int i = 0; i < others.size(); i++) {
      int left = edge(width, i, places);
      tiles.add(
          new Tile(others.get(i), left, height - rowHeight, edge(width, i + 1, places) - left, rowHeight));
    }
    return tiles;
  }

  private List<Tile> corner(MixInput large, List<MixInput> others) {
    List<Tile> tiles = new ArrayList<>();
    tiles.add(new Tile(large, 0, 0, width, height));
    int places = Math.max(SMALL, others.size());
    int side = even((width - width / MARGIN) / places);
    int gap = even(width / MARGIN / 2);
    int tall = even((int) ((long) (side - gap) * height / width));
    for (int i = 0; i < others.size(); i++) {
      tiles.add(new Tile(others.get(i), width - (i + 1) * side, height - gap - tall, side - gap, tall));
    }
    return tiles;
  }

  private static int edge(int all, int number, int of) {
    return even((int) ((long) all * number / of));
  }

  private static int even(int value) {
    return value & ~1;
  }
}
