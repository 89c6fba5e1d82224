package org.reelway.stream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
  @TempDir Path temp;
  private Path logs;
  private Path file;
  private EventLog log;

  @BeforeEach
  void open() throws Exception {
    logs = Files.createDirectories(temp.resolve("logs"));
    file = logs.resolve("events.json");
    log = again();
  }

  private EventLog again() {
    return EventLog.open(temp.resolve("note.json"), logs);
  }

  private static void append(Path file, String text) throws Exception {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private List<String> read(Path from) {
    List<String> texts = new ArrayList<>();
    for (EventLog.Line line : log.lines(from.toString())) {
      texts.add(new String(line.text(), StandardCharsets.UTF_8));
      log.passed(line);
    }
    log.save();
    return texts;
  }

  @Test
  void wholeLinesAreReadOnceAndALineThatIsBeingWrittenWaits() throws Exception {
    append(file, "one\r\n\ntwo\nthr");
    assertThat(read(file)).containsExactly("one", "two");
    assertThat(read(file)).isEmpty();
    append(file, "ee\n\n");
    assertThat(read(file)).containsExactly("three");
    assertThat(log.lines(file.toString())).isEmpty();
  }

  @Test
  void aRestartGoesOnWhereTheLastSavedLineWasAndALineThatWasNotSavedComesWithTheSamePlace() throws Exception {
    append(file, "one\n");
    read(file);
    append(file, "two\ntwo\n");
    List<EventLog.Line> before = log.lines(file.toString());
    log.passed(before.get(0));

    log = again();

    List<EventLog.Line> after = log.lines(file.toString());
    assertThat(after).extracting(EventLog.Line::place).isEqualTo(before.stream().map(EventLog.Line::place).toList())
        .doesNotHaveDuplicates();
    read(file);
    log = again();
    assertThat(read(file)).isEmpty();
  }

  @Test
  void aFileThatIsRenamedGoesOnUnderItsNewNameAndANewOneBeginsAtItsStart() throws Exception {
    append(file, "a longer one\n");
    read(file);
    append(file, "late\n");
    Path rotated = Files.move(file, logs.resolve("events.json.1"));
    append(file, "new\n");

    assertThat(read(rotated)).containsExactly("late");
    assertThat(read(file)).containsExactly("new");
  }

  @Test
  void aFileThatWasCutAndWrittenAnewIsReadFromItsStartAlsoWhereItIsLongerByNow() throws Exception {
    append(file, "one\n");
    read(file);

    Files.writeString(file, "n\n");
    assertThat(read(file)).containsExactly("n");
    Files.writeString(file, "another beginning\nand more\n");
    assertThat(read(file)).containsExactly("another beginning", "and more");
  }

  @Test
  void aCopyOfAFileThatIsThenEmptiedGoesOnWhereTheFileWas() throws Exception {
    String first = "a first line " + "x".repeat(300);
    append(file, first + "\ntwo\n");
    read(file);
    append(file, "late\n");

    Path copy = Files.copy(file, logs.resolve("events.json.1"));
    Files.writeString(file, "");
    append(file, "new\n");

    assertThat(read(copy)).containsExactly("late");
    assertThat(read(file)).containsExactly("new");
    assertThat(read(copy)).isEmpty();
    log = again();
    assertThat(read(copy)).isEmpty();
    assertThat(read(file)).isEmpty();
  }

  @Test
  void ofVeryShortLinesNotAllComeAtOnce() throws Exception {
    append(file, "x\n".repeat(25_000));
    assertThat(read(file)).hasSize(10_000);
    assertThat(read(file)).hasSize(10_000);
    assertThat(read(file)).hasSize(5_000);
    assertThat(read(file)).isEmpty();
  }

  @Test
  void whatFilesHoldBeforeTheFirstStartIsPassedOver() throws Exception {
    Files.delete(temp.resolve("note.json"));
    append(file, "old\nold too\nhal");

    log = again();

    append(file, "f\nnew\n");
    assertThat(read(file)).containsExactly("half", "new");
  }

  @Test
  void aLineWithoutEndHoldsUpNothing() throws Exception {
    append(file, "x".repeat(1 << 20));
    append(file, "x\nnext\n");

    assertThat(read(file)).isEmpty();
    assertThat(read(file)).containsExactly("x", "next");
  }

  @Test
  void manyLinesComeBitByBit() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 300_000; i++) {
      all.append("line ").append(i).append('\n');
    }
    append(file, all.toString());
    List<String> texts = new ArrayList<>();
    for (List<String> some = read(file); !some.isEmpty(); some = read(file)) {
      texts.addAll(some);
    }
    assertThat(texts).hasSize(300_000).endsWith("line 299999");
  }

  @Test
  void aFolderThatIsAwayForAWhileIsNotReadAnewWhenItIsBack() throws Exception {
    append(file, "one\n");
    log.lines(file.toString()).forEach(log::passed);
    Path away = Files.move(logs, temp.resolve("unmounted"));

    log.save();

    Files.move(away, logs);
    log = again();
    assertThat(read(file)).isEmpty();
  }

  @Test
  void whatOneLookOfManyTellsOfOldLinesIsPassedOverToItsEnd() throws Exception {
    Files.delete(temp.resolve("note.json"));
    append(file, "\n".repeat(10) + "x".repeat(1 << 20) + "\nold\n");

    log = again();

    append(file, "new\n");
    assertThat(read(file)).containsExactly("new");
  }

  @Test
  void filesThatAreGoneAreForgotten() throws Exception {
    append(file, "one\n");
    read(file);
    Files.delete(file);
    assertThat(read(file)).isEmpty();
    Path other = logs.resolve("events.2");
    append(other, "two\n");
    read(other);
    assertThat(Files.readString(temp.resolve("note.json")).split("offset", -1)).hasSize(2);
  }
}
