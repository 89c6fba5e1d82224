package org.reelway.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.reelway.app.demo.EmbeddedStore;
import org.reelway.camel.Sidecar;
import org.reelway.settings.Settings;
import org.reelway.state.TestState;
import picocli.CommandLine;

/** A real store, a real sidecar in this process, and commands that get the same settings by a file. */
final class SidecarFixture implements AutoCloseable {
  static final String BUCKET = "recordings";

  final Map<String, String> settings = new LinkedHashMap<>();
  final EmbeddedStore store;
  final Path recordings;
  private final Path file;
  private final StringWriter said = new StringWriter();

  SidecarFixture(Path folder) throws IOException {
    file = folder.resolve("application.properties");
    store = EmbeddedStore.start(folder.resolve("store"), 0, "key", "secret-of-the-store");
    recordings = Files.createDirectory(folder.resolve("recordings")).toRealPath();
    settings.put("reelway.recordings.folder", recordings.toString());
    settings.put("reelway.state.folder", folder.resolve("state").toString());
    settings.putAll(TestState.place(folder.resolve("state")));
    settings.put("reelway.store.endpoint", store.endpoint().toString());
    settings.put("reelway.store.bucket", BUCKET);
    settings.put("reelway.store.access-key", "key");
    settings.put("reelway.store.secret-key", "secret-of-the-store");
    settings.put("reelway.http.port", "0");
    settings.put("reelway.management.port", "0");
  }

  /** Runs; from now on commands are told its ports. */
  Sidecar started() {
    Sidecar sidecar = new Sidecar(Settings.load(null, Map.of(), settings), Path.of("."));
    sidecar.start();
    settings.put("reelway.http.port", String.valueOf(sidecar.http().getPort()));
    settings.put("reelway.management.port", String.valueOf(sidecar.management().getPort()));
    return sidecar;
  }

  /** @return the exit code */
  int command(String... words) {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.addAll(List.of("-c", settingsFile().toString()));
    said.getBuffer().setLength(0);
    PrintWriter writer = new PrintWriter(said, true);
    CommandLine commandLine = CommandLineProgram.commandLine().setOut(writer).setErr(writer);
    return commandLine.execute(arguments.toArray(String[]::new));
  }

  private Path settingsFile() {
    Properties all = new Properties();
    all.putAll(settings);
    try (Writer writer = Files.newBufferedWriter(file)) {
      all.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  /** What the last command printed. */
  String said() {
    return said.toString();
  }

  Path file(String name, String content) {
    try {
      return Files.writeString(recordings.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
