package org.reelway.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;

class ObjectKeyTest {
  @ParameterizedTest
  @ValueSource(strings = {
    "show.mp4",
    "live/cam1/show.mp4",
    "my show (final) 'x' \"y\" `z`.mp4",
    "$(rm -rf ~); echo $HOME & | > <.mp4",
    "Aufführung/展览/عرض/😀.mp4",
    "e\u0301te\u0301.mp4",
    "...",
    "a..b/..c/d../.hidden",
    "100%2F%2e%2e?x=1#y&z+.mp4",
    "__/show.mp4",
    "no extension",
    " leading and trailing ",
    "~/*?[a-z]{b,c}:@!.ts"
  })
  void ordinaryNameStaysAsItIs(String relative) {
    assertThat(ObjectKey.of("", relative).value()).isEqualTo(relative);
    assertThat(ObjectKey.of("a/b", relative).value()).isEqualTo("a/b/" + relative);
  }

  @ParameterizedTest
  @CsvSource({
    "'', show.mp4",
    "'/', show.mp4",
    "archive, archive/show.mp4",
    "archive/, archive/show.mp4",
    "/archive///studio 1//, archive/studio 1/show.mp4",
    "./archive/., archive/show.mp4",
    "archive/../.., archive/__/__/show.mp4"
  })
  void prefixEndsWithOneSlash(String prefix, String key) {
    assertThat(ObjectKey.of(prefix, "show.mp4").value()).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({
    "/show.mp4, show.mp4",
    "//live///show.mp4, live/show.mp4",
    "./live/./show.mp4, live/show.mp4",
    "live/show.mp4/, live/show.mp4"
  })
  void emptyAndDotSegmentsAreDropped(String relative, String name) {
    assertThat(ObjectKey.of("p", relative).value()).isEqualTo("p/" + name);
  }

  static Stream<Arguments> alteredNames() {
    return Stream.of(
        Arguments.of("../secret.mp4", "__/secret-@.mp4"),
        Arguments.of("../../../etc/passwd", "__/__/__/etc/passwd-@"),
        Arguments.of("a/../b.mp4", "a/__/b-@.mp4"),
        Arguments.of("..", "__-@"),
        Arguments.of("a/..", "a/__-@"),
        Arguments.of("/../", "__-@"),
        Arguments.of("line\nbreak.mp4", "line_break-@.mp4"),
        Arguments.of("tab\there\r.mp4", "tab_here_-@.mp4"),
        Arguments.of("nul\0.mp4", "nul_-@.mp4"),
        Arguments.of("del\u007f.mp4", "del_-@.mp4"),
        Arguments.of("next\u0085line.mp4", "next_line-@.mp4"),
        Arguments.of("not\uFFFExml\uFFFF.mp4", "not_xml_-@.mp4"),
        Arguments.of("half\uD83D.mp4", "half_-@.mp4"),
        Arguments.of("..\\..\\win.mp4", ".._.._win-@.mp4"),
        Arguments.of("dir\n/show.mp4", "dir_/show-@.mp4"),
        Arguments.of("dir\n.d/show", "dir_.d/show-@"),
        Arguments.of("dir/.\n", "dir/._-@"),
        Arguments.of("show.m\np4", "show-@.m_p4"),
        Arguments.of("a\nb. what follows is no extension", "a_b. what follows is no extension-@"));
  }

  @ParameterizedTest
  @MethodSource("alteredNames")
  void dangerousNameIsMadeSafeAndMarkedWithItsHash(String relative, String name) {
    String key = ObjectKey.of("p", relative).value();

    assertThat(key.replaceFirst("-[0-9a-f]{8}(?=$|\\.)", "-@")).isEqualTo("p/" + name);
    assertThat(ObjectKey.of("p", relative).value()).isEqualTo(key);
  }

  @Test
  void hashIsThatOfTheNameAsItWas() {
    // printf 'line\nbreak.mp4' | sha256sum
    assertThat(ObjectKey.of("p", "line\nbreak.mp4").value()).isEqualTo("p/line_break-1465c795.mp4");
  }

  @Test
  void sameFileHasTheSameKeyHoweverItsPathIsWritten() {
    assertThat(ObjectKey.of("p", "/./live//a\nb.mp4")).isEqualTo(ObjectKey.of("p/", "live/a\nb.mp4"));
  }

  @Test
  void namesThatBecomeAlikeKeepDifferentKeys() {
    Set<String> keys = Stream.of("a_b.mp4", "a\nb.mp4", "a\rb.mp4", "a\\b.mp4", "a\0b.mp4")
        .map(name -> ObjectKey.of("p", name).value())
        .collect(Collectors.toSet());

    assertThat(keys).hasSize(5).contains("p/a_b.mp4");
  }

  @Test
  void keyOfExactlyTheLimitIsNotCut() {
    String name = "x".repeat(1024 - "p/.mp4".length()) + ".mp4";

    assertThat(ObjectKey.of("p", name).value()).isEqualTo("p/" + name).hasSize(1024);
  }

  @Test
  void longNameIsCutInItsStemAndKeepsItsExtension() {
    String name = "x".repeat(1025 - "p/.mp4".length()) + ".mp4";

    assertThat(ObjectKey.of("p", name).value()).hasSize(1024).matches("p/x+-[0-9a-f]{8}\\.mp4");
  }

  @Test
  void cutNeverSplitsACharacter() {
    for (int shift = 0; shift < 4; shift++) {
      String key = ObjectKey.of("p", "x".repeat(shift) + "😀".repeat(300) + ".mp4").value();

      assertThat(key).matches("p/x{" + shift + "}(😀)+-[0-9a-f]{8}\\.mp4");
      assertThat(bytes(key)).isBetween(1021, 1024);
    }
  }

  @Test
  void longNamesThatDifferAtTheirEndsKeepDifferentKeys() {
    String long1 = "x".repeat(2000) + "1.mp4";
    String long2 = "x".repeat(2000) + "2.mp4";

    assertThat(ObjectKey.of("p", long1)).isNotEqualTo(ObjectKey.of("p", long2)).isEqualTo(ObjectKey.of("p", long1));
  }

  @Test
  void foldersThatAreTooLongAreCutToo() {
    String key = ObjectKey.of("p", "folder/".repeat(400) + "show.mp4").value();

    assertThat(key).startsWith("p/folder/folder/").endsWith(".mp4");
    assertThat(bytes(key)).isLessThanOrEqualTo(1024);
  }

  @Test
  void nameFitsBehindTheLongestPrefix() {
    String prefix = "p".repeat(899);

    assertThat(ObjectKey.of(prefix, "y".repeat(255) + ".mp4").value())
        .startsWith(prefix + "/yyy").endsWith(".mp4").hasSize(1024);
  }

  @Test
  void prefixThatLeavesNoRoomIsRefused() {
    assertThatThrownBy(() -> ObjectKey.of("p".repeat(900), "show.mp4"))
        .isInstanceOf(InputFailure.class)
        .hasMessageEndingWith("has 901 bytes; allowed: 900, which leaves room for names within a key's 1024");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", ".", "././/"})
  void nameOfNothingIsRefused(String relative) {
    assertThatThrownBy(() -> ObjectKey.of("p", relative))
        .isInstanceOf(InputFailure.class)
        .hasMessage("the name \"" + relative
            + "\" has nothing but slashes and dots; a recording needs a name that can be a key");
  }

  @Test
  void noNameLeavesThePrefixAndEveryFileHasOneKeyOfItsOwn() {
    Random random = new Random(20261121);
    Map<String, String> fileOfKey = new HashMap<>();
    Map<String, String> keyOfFile = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      String name = randomName(random);
      String key = ObjectKey.of("the/prefix", name).value();
      String sameFile = Arrays.stream(name.split("/"))
          .filter(segment -> !segment.isEmpty() && !segment.equals("."))
          .collect(Collectors.joining("/"));

      assertThat(key).startsWith("the/prefix/").doesNotContain("//", "\\", "\0", "\n").doesNotEndWith("/");
      assertThat(key.split("/")).doesNotContain("..", ".", "");
      assertThat(bytes(key)).isLessThanOrEqualTo(1024);
      assertThat(fileOfKey.computeIfAbsent(key, k -> sameFile)).as("file of %s", key).isEqualTo(sameFile);
      assertThat(keyOfFile.computeIfAbsent(sameFile, f -> key)).as("key of %s", sameFile).isEqualTo(key);
    }
  }

  private static String randomName(Random random) {
    String[] pieces = {"a", "b", ".", "..", "/", "\\", "\n", "\0", "_", "-", " ", "é", "😀", ".mp4", "x".repeat(400)};
    return "n" + Stream.generate(() -> pieces[random.nextInt(pieces.length)])
        .limit(1 + random.nextInt(9))
        .collect(Collectors.joining());
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
