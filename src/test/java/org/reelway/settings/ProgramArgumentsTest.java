package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;

class ProgramArgumentsTest {
  private static final ProgramArguments.Values VALUES =
      new ProgramArguments.Values("/r/a/b c.mp4", "a/b c.mp4", "b c.mp4", "my stream", "0f", 7);

  private static List<String> filled(String text) {
    return ProgramArguments.parse(text).filled(VALUES);
  }

  @Test
  void wordsAreDividedBySpacesAndQuotesKeepThem() {
    ProgramArguments arguments = ProgramArguments.parse("  \"/opt/my hooks/run\" -a  'b \"c\"'\t\"it's\"'!' \"\" x\\y $HOME * ");

    assertThat(arguments.program()).isEqualTo("/opt/my hooks/run");
    assertThat(arguments.filled(VALUES)).containsExactly("-a", "b \"c\"", "it's!", "", "x\\y", "$HOME", "*");
  }

  @Test
  void elementsAreFilledInsideTheirArgumentAndDivideNothing() {
    assertThat(filled("p {file} --of={stream} '{name} {size}' {id}{path}"))
        .containsExactly("/r/a/b c.mp4", "--of=my stream", "b c.mp4 7", "0fa/b c.mp4");
  }

  @Test
  void namesAreTextWhateverIsInThem() {
    String hostile = "-rf \"; $(id) `id` {file} $1 \\ \n|";
    ProgramArguments.Values values = new ProgramArguments.Values("/r/" + hostile, hostile, hostile, hostile, "0f", 7);

    assertThat(ProgramArguments.parse("p {stream} x{name}").filled(values)).containsExactly(hostile, "x" + hostile);
  }

  @Test
  void aStreamThatIsNotKnownIsAnEmptyArgument() {
    ProgramArguments.Values values = new ProgramArguments.Values("/r/a", "a", "a", "", "0f", 7);

    assertThat(ProgramArguments.parse("p {stream} {name}").filled(values)).containsExactly("", "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p {file", "p file}", "p {{file}}", "p {}", "p {File}", "p {file} > x", "p | q", "p 'x", "p{id}"})
  void whatCannotBeMeantIsRefused(String text) {
    assertThatThrownBy(() -> ProgramArguments.parse(text)).isInstanceOf(InputFailure.class);
  }

  @Test
  void whatOnlyAShellKnowsIsAnArgumentWhereItIsQuoted() {
    assertThat(filled("p '|' \">\"")).containsExactly("|", ">");
  }
}
