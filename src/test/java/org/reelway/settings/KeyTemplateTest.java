package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;

class KeyTemplateTest {
  private static final Instant NEW_YEAR = Instant.parse("2027-01-01T00:30:00Z");

  @ParameterizedTest
  @CsvSource({
    "'', live/cam 1/show.part1.mp4",
    "{path}, live/cam 1/show.part1.mp4",
    "{dir}/x/{name}, live/cam 1/x/show.part1.mp4",
    "{stem}.{ext}, show.part1.mp4",
    "{stream}/{date:yyyy/MM/dd'T'HHmm}-{id}.{ext}, live/cam1/2027/01/01T0030-r42.mp4",
    "{name}{name}, show.part1.mp4show.part1.mp4",
    "'a $(b) {id} \"c\"', 'a $(b) r42 \"c\"'",
    "{date:EEEE MMMM VV} {id}, Friday January Z r42"
  })
  void elementsAreFilled(String template, String rendered) {
    KeyTemplate.Values values =
        new KeyTemplate.Values("live/cam 1/show.part1.mp4", "live/cam1", NEW_YEAR, "r42");

    assertThat(KeyTemplate.parse(template).render(values)).isEqualTo(rendered);
  }

  @ParameterizedTest
  @CsvSource({
    "show, '', show, show, ''",
    ".hidden, '', .hidden, .hidden, ''",
    "a.b/show, a.b, show, show, ''",
    "a/.b.mp4, a, .b.mp4, .b, mp4",
    "a/b., a, b., b, ''"
  })
  void pathIsTakenApart(String path, String dir, String name, String stem, String ext) {
    KeyTemplate.Values values = new KeyTemplate.Values(path, "s", NEW_YEAR, "r42");

    assertThat(KeyTemplate.parse("{dir}|{name}|{stem}|{ext}").render(values))
        .isEqualTo(String.join("|", dir, name, stem, ext));
  }

  @Test
  void unknownStreamIsEmpty() {
    KeyTemplate.Values values = new KeyTemplate.Values("a.mp4", null, NEW_YEAR, "r42");

    assertThat(KeyTemplate.parse("{stream}/{name}").render(values)).isEqualTo("/a.mp4");
  }

  @Test
  void bracesInNamesAreNotElements() {
    KeyTemplate.Values values = new KeyTemplate.Values("{id}.mp4", "{name}", NEW_YEAR, "r42");

    assertThat(KeyTemplate.parse("{stream}/{path}").render(values)).isEqualTo("{name}/{id}.mp4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "}", "{}", "{ name }", "{Name}", "{name", "name}", "{{name}}", "{na{me}", "{name}}",
    "{date}/{name}", "{date:}/{name}", "{date:b}/{name}", "{date:'}/{name}", "constant", "{stream}/{ext}"})
  void whatIsNoTemplateIsRefusedWithItsText(String template) {
    assertThatThrownBy(() -> KeyTemplate.parse(template))
        .isInstanceOf(InputFailure.class)
        .hasMessageStartingWith("\"" + template + "\" ");
  }
}
