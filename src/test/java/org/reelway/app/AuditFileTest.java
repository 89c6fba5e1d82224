package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** {@code reelway.log.audit-file}. */
class AuditFileTest {
  private static final Logger AUDIT = (Logger) LoggerFactory.getLogger("reelway.audit");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void begin() {
    file = folder.resolve("audit.log");
    AuditFile.begin(file, false);
    AUDIT.setLevel(Level.INFO);
  }

  @AfterEach
  void end() {
    List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
    AUDIT.iteratorForAppenders().forEachRemaining(appenders::add);
    appenders.stream().filter(RollingFileAppender.class::isInstance).forEach(mine -> {
      AUDIT.detachAppender(mine);
      mine.stop();
    });
    AUDIT.setLevel(null);
  }

  private static List<String> words(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(line -> line.replaceFirst("\\S+ ", "")).toList();
  }

  @Test
  void aFileThatOthersRenameOrDeleteIsMadeAnew() throws Exception {
    AUDIT.info("one");
    Path renamed = Files.move(file, folder.resolve("audit.log.1"));
    AUDIT.info("two");
    assertThat(words(renamed)).containsExactly("one");
    assertThat(words(file)).containsExactly("two");

    Files.move(file, renamed, StandardCopyOption.REPLACE_EXISTING);
    Files.createFile(file);
    AUDIT.info("three");
    assertThat(words(file)).as("made by who renamed it").containsExactly("three");

    Files.delete(file);
    AUDIT.info("four");
    assertThat(words(file)).containsExactly("four");
    AUDIT.info("five");
    assertThat(words(file)).containsExactly("four", "five");
  }

  @Test
  void aFileThatCannotBeMadeAnewIsWrittenAgainWhenItCan() throws Exception {
    Files.move(file, folder.resolve("audit.log.1"));
    Files.createDirectory(file);
    AUDIT.info("nowhere but in the file before");
    Files.delete(file);
    AUDIT.info("again");

    assertThat(words(file)).containsExactly("again");
    assertThat(words(folder.resolve("audit.log.1"))).containsExactly("nowhere but in the file before");
  }
}
