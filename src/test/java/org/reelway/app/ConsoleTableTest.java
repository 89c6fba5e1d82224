package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTableTest {
  private final List<String> headings = List.of("what", "place", "message");
  private final List<List<String>> rows =
      List.of(List.of("error", "a:1", "one two three four five six"), List.of("ok", "größer:12"));

  @Test
  void alignsColumnsAndLeavesNoTrailingBlanks() {
    assertThat(new ConsoleTable(headings, rows).text()).isEqualTo("""
        what   place      message
        error  a:1        one two three four five six
        ok     größer:12
        """);
  }

  @Test
  void wrapsTheLastColumnUnderItself() {
    assertThat(new ConsoleTable(headings, rows).text(38)).isEqualTo("""
        what   place      message
        error  a:1        one two three four
                          five six
        ok     größer:12
        """);
  }

  @Test
  void keepsTheLastColumnReadableHoweverNarrowTheTerminal() {
    assertThat(new ConsoleTable(headings, rows).text(1)).isEqualTo(new ConsoleTable(headings, rows).text(38));
  }

  @Test
  void neverSplitsAWord() {
    assertThat(new ConsoleTable(List.of("x"), List.of(List.of("a-word-that-is-longer-than-the-terminal b"))).text(10))
        .isEqualTo("x\na-word-that-is-longer-than-the-terminal\nb\n");
  }

  @Test
  void putsLineEndsInACellOnOneLine() {
    assertThat(new ConsoleTable(List.of("x"), List.of(List.of("a\n  b\r\nc"))).text()).isEqualTo("x\na b c\n");
  }

  @Test
  void givesNoControlCharactersOfOthersToTheTerminal() {
    assertThat(new ConsoleTable(List.of("x"), List.of(List.of("a\u001b[31mb\u202ec"))).text()).isEqualTo("x\na [31mb c\n");
  }

  @Test
  void alignsByWhatIsSeenWhenCellsAreColoured() {
    ConsoleTable table = new ConsoleTable(headings, rows,
        (row, column, cell) -> column == 0 && row >= 0 ? "\u001b[31m" + cell + "\u001b[0m" : cell);
    assertThat(table.text().replaceAll("\u001b\\[\\d+m", "")).isEqualTo(new ConsoleTable(headings, rows).text());
    assertThat(table.text()).contains("\u001b[31merror\u001b[0m  a:1");
  }

  @Test
  void refusesARowWithMoreCellsThanColumns() {
    assertThatThrownBy(() -> new ConsoleTable(List.of("x"), List.of(List.of("a", "b"))))
        .isInstanceOf(IllegalArgumentException.class).hasMessage("A row has 2 cells, the table 1 columns");
  }
}
