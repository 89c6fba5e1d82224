package org.reelway.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.reelway.camel.Domain;
import org.reelway.camel.StoreFactory;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.settings.Settings;
import org.reelway.settings.StoreSettings;
import org.reelway.transfer.habits.HabitsFile;
import org.reelway.transfer.habits.HabitsFile.Difference;
import org.reelway.transfer.habits.StoreHabits;
import org.reelway.transfer.store.S3Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reelway probe}: what the store does, as a file to keep and to compare with another day or another store. */
@Command(
    name = "probe",
    description = {
      "Asks the store for its habits: conditions, checksums, lists, errors, sizes; prints them, or writes a file.",
      "Sends about 16 MiB, below the prefix in a folder of its own, and removes it again. Whether recordings would"
          + " travel is told by: reelway check."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:probed; where compared: nothing differs",
      "1:something differs",
      "2:it could not be told, or the settings or a file are wrong"
    })
final class ProbeCommand implements Callable<Integer> {
  /** It could not be told. */
  private static final int CANNOT = 2;

  @Mixin private SettingsOptions options;

  @Option(names = "--out", paramLabel = "FILE", description = "Write what is found here (replaced where it is there).")
  private Path out;

  @Option(names = "--compare", paramLabel = "FILE", description = "Tell what differs from this earlier probe.")
  private Path before;

  @Option(
      names = "--with",
      paramLabel = "FILE",
      description = "With --compare: take this file for what is now, and ask no store.")
  private Path now;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try {
      if (now != null && (before == null || out != null)) {
        throw new InputFailure("--with FILE is the second file of a comparison: it needs --compare FILE, and no --out");
      }
      HabitsFile earlier = before == null ? null : read(before);
      HabitsFile found = now == null ? probe() : read(now);
      if (out != null) {
        write(found);
      }
      if (earlier != null) {
        return compare(earlier, found);
      }
      if (out == null) {
        spec.commandLine().getOut().print(found.text());
        spec.commandLine().getOut().flush();
      }
      return 0;
    } catch (Failure e) {
      err().println("reelway: " + e.getMessage());
      for (Throwable left : e.getSuppressed()) {
        err().println("reelway: the probe could not clean up: " + left.getMessage());
      }
      return CANNOT;
    }
  }

  private HabitsFile probe() {
    Settings settings = options.load(Set.of(StoreSettings.BUCKET));
    requireWritable();
    String bucket = settings.require(StoreSettings.BUCKET);
    try (S3Store store = StoreFactory.connect(settings)) {
      StoreHabits.Found found =
          new StoreHabits(
                  store,
                  bucket,
                  settings.get(StoreSettings.PREFIX),
                  prefix -> Domain.probe(store, bucket, prefix, settings),
                  Clock.systemUTC())
              .find(new Version().getVersion()[0]);
      found.left().forEach(left -> err().println("reelway: the probe could not clean up: " + left));
      return found.file();
    }
  }

  /** Before anything is asked: a probe that nobody gets to see would be for nothing. */
  private void requireWritable() {
    if (out != null && (Files.isDirectory(out) || !Files.isDirectory(out.toAbsolutePath().getParent()))) {
      throw new InputFailure(
          out + " cannot be written: it is a folder, or its folder is not there; name another file with --out");
    }
  }

  private void write(HabitsFile found) {
    try {
      Files.writeString(out, found.text());
    } catch (IOException e) {
      throw new OurFailure(out + " cannot be written: " + e, e);
    }
  }

  private static HabitsFile read(Path file) {
    try {
      return HabitsFile.read(file.toString(), Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new InputFailure(file + " is no text; name a file that reelway probe --out wrote", e);
    } catch (IOException e) {
      throw new InputFailure(file + " cannot be read: " + e + "; name a file that reelway probe --out wrote", e);
    }
  }

  private int compare(HabitsFile earlier, HabitsFile found) {
    List<Difference> differences = earlier.differencesTo(found);
    PrintWriter print = spec.commandLine().getOut();
    if (!differences.isEmpty()) {
      List<List<String>> rows =
          differences.stream()
              .map(one -> List.of(one.habit(), told(one.before()), told(one.now())))
              .toList();
      print.println(new ConsoleTable(List.of("habit", "before", "now"), rows).text());
    }
    print.println(
        differences.isEmpty()
            ? "nothing differs in " + found.habits().size() + " habits"
            : differences.size() + " of " + found.habits().size() + " habits differ");
    return differences.isEmpty() ? 0 : CommandLineProgram.FAILED;
  }

  private static String told(String value) {
    return value == null ? "(not told)" : value;
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
