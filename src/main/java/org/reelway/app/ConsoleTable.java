package org.reelway.app;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Rows of cells, aligned for a terminal: two spaces between columns, no trailing blanks, plain text. In a given width
 * the last column is wrapped at blanks under itself.
 */
public final class ConsoleTable {
  /** The last column is never made narrower than this, however narrow the terminal is. */
  private static final int NARROWEST = 20;

  private static final String GAP = "  ";

  /** Names of others neither control the terminal nor turn the text's direction; as in the log. */
  private static final Pattern CONTROLS =
      Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]+");

  private final List<List<String>> rows;
  private final int[] widths;
  private final CellStyle style;

  /** Dresses a cell that is already padded (colour codes do not count as width); rows count from 0, headings are -1. */
  @FunctionalInterface
  public interface CellStyle {
    String apply(int row, int column, String padded);
  }

  /**
   * @param headings one per column
   * @param rows cells; a short row is filled with empty cells; line ends and control characters in a cell become blanks
   */
  public ConsoleTable(List<String> headings, List<List<String>> rows) {
    this(headings, rows, (row, column, padded) -> padded);
  }

  public ConsoleTable(List<String> headings, List<List<String>> rows, CellStyle style) {
    List<List<String>> all = new ArrayList<>();
    all.add(cells(headings, headings.size()));
    rows.forEach(row -> all.add(cells(row, headings.size())));
    this.rows = List.copyOf(all);
    this.widths = IntStream.range(0, headings.size())
        .map(c -> all.stream().mapToInt(row -> length(row.get(c))).max().orElse(0)).toArray();
    this.style = style;
  }

  private static List<String> cells(List<String> row, int columns) {
    if (row.size() > columns) {
      throw new IllegalArgumentException("A row has " + row.size() + " cells, the table " + columns + " columns");
    }
    return IntStream.range(0, columns)
        .mapToObj(c -> c < row.size() ? plain(row.get(c)) : "").toList();
  }

  /** @return the text as one line that any terminal can be given: control characters become blanks */
  static String plain(String text) {
    return CONTROLS.matcher(text.replaceAll("\\s*\\R\\s*", " ")).replaceAll(" ").strip();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The table without wrapping; every line ends in a line feed. */
  public String text() {
    return text(Integer.MAX_VALUE);
  }

  /** The table in so many columns of a terminal. */
  public String text(int width) {
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      append(text, r - 1, rows.get(r), width);
    }
    return text.toString();
  }

  private void append(StringBuilder text, int row, List<String> cells, int width) {
    int last = widths.length - 1;
    int indent = IntStream.range(0, last).map(c -> widths[c] + GAP.length()).sum();
    List<String> lines = wrap(cells.get(last), Math.max(NARROWEST, width - indent));
    for (int i = 0; i < lines.size(); i++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < last; c++) {
        String padded = pad(i == 0 ? cells.get(c) : "", widths[c]);
        line.append(padded.isBlank() ? padded : style.apply(row, c, padded)).append(GAP);
      }
      line.append(lines.get(i).isEmpty() ? "" : style.apply(row, last, lines.get(i)));
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  private static String pad(String cell, int width) {
    return cell + " ".repeat(width - length(cell));
  }

  private static List<String> wrap(String cell, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : cell.split(" ")) {
      if (!line.isEmpty() && length(line.toString()) + 1 + length(word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
