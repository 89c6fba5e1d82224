package org.reelway.conference.mixer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.conference.mixer.Fonts.Drawn;
import org.reelway.testkit.LogLines;

/** Real fonts, of which one has smileys and none has a party popper. */
class FontsTest {
  private static final Path FOLDER = Path.of("/usr/share/fonts/truetype/dejavu");
  private static final Path SANS = FOLDER.resolve("DejaVuSans.ttf");
  private static final Path MONO = FOLDER.resolve("DejaVuSansMono.ttf");
  private static final String SMILING = "Ann \uD83D\uDE00";
  private static final String PARTY = "Bob \uD83C\uDF89";
  private static final String POPPER = "\uD83C\uDF89";
  private static final List<String> NAMES = List.of("Ann", SMILING, PARTY, POPPER);

  @TempDir private Path folder;

  @BeforeEach
  void requireFonts() {
    assumeThat(SANS).as("the package fonts-dejavu-core").exists();
  }

  @Test
  void aNameIsDrawnByTheFontThatHasItsCharacters() {
    Fonts fonts = Fonts.of(List.of(MONO), List.of(FOLDER), NAMES);

    assertThat(fonts.drawn("Ann")).contains(new Drawn(MONO, "Ann"));
    assertThat(fonts.drawn(SMILING)).contains(new Drawn(SANS, SMILING));
    assertThat(Fonts.of(List.of(SANS, MONO), List.of(), NAMES).drawn(SMILING)).contains(new Drawn(SANS, SMILING));
  }

  @Test
  void whatNoFontHasIsLeftOutAndSaid() {
    try (LogLines log = new LogLines(Fonts.class.getName())) {
      Fonts fonts = Fonts.of(List.of(MONO), List.of(FOLDER), NAMES);

      assertThat(fonts.drawn(PARTY)).contains(new Drawn(MONO, "Bob"));
      assertThat(fonts.drawn(POPPER)).as("no boxes").isEmpty();
      assertThat(log.of("WARN")).hasSize(2).allMatch(line -> line.contains("mixerFont"));
    }
  }

  @Test
  void whatIsNoFontIsPassedOver() throws Exception {
    Files.writeString(folder.resolve("a.ttf"), "no font");
    byte[] torn = Files.readAllBytes(SANS);
    Files.write(folder.resolve("b.ttf"), java.util.Arrays.copyOf(torn, 300));
    Files.write(folder.resolve("c.otf"), new byte[0]);

    assertThat(Fonts.of(List.of(folder.resolve("a.ttf")), List.of(folder), NAMES).drawn("Ann")).isEmpty();
    assertThat(Fonts.of(List.of(), List.of(folder, folder.resolve("away"), FOLDER), NAMES).drawn(SMILING))
        .contains(new Drawn(SANS, SMILING));
  }
}
