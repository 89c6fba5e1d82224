package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.settings.HttpSettings;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.ServerSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.settings.StoreSettings;

/** {@code reelway init} gives settings that are valid, and lines for the media server that fit them. */
class InitCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("mine.properties");
  }

  private int init(String... words) {
    List<String> all = new ArrayList<>(List.of("init", "--out", file.toString()));
    all.addAll(List.of(words));
    return CommandLineProgram.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "nginx-rtmp, 'record_path /media/in;', 'http://127.0.0.1:9191/hooks/nginx-rtmp;', nginx-rtmp",
    "mediamtx, 'recordPath: /media/in/%path/%Y-%m-%d_%H-%M-%S-%f', 'reelway hook mediamtx segment-complete -c ', mediamtx",
    "srs, 'dvr_path        /media/in/[app]/[stream].[timestamp].flv;', 'http://127.0.0.1:9191/hooks/srs;', srs",
    "node-media-server, '\"path\": \"/media/in\"', 'http://127.0.0.1:9191/hooks/node-media-server', ",
    "wowza, '<StorageDir>/media/in</StorageDir>', 'reelway import wowza ', ",
    "evostream, 'pathToFile=/media/in/cam.mp4', 'url=\"http://127.0.0.1:9191/evowebservices\"', ems",
    "wcs, 'record_dir=/media/in', 'update app defaultApp http://127.0.0.1:9191/wcs', wcs"
  })
  void settingsAreValidAndTheServersLinesFitThem(String server, String recordings, String told, String api) {
    int code = init(
        server, "-s", "reelway.recordings.folder=/media/in", "-s", "reelway.http.port=9191", "-s", "reelway.store.bucket=films",
        "-s", "reelway.store.endpoint=https://s3.example.com");

    assertThat(code).as(err.toString()).isZero();
    Settings settings = Settings.load(file, Map.of(), Map.of());
    assertThat(settings.others()).isEmpty();
    assertThat(settings.get(RecordingSettings.FOLDER)).containsExactly(Path.of("/media/in"));
    assertThat(settings.get(StateSettings.FOLDER)).isEqualTo(folder.resolve("state"));
    assertThat(settings.get(HttpSettings.PORT)).isEqualTo(9191);
    assertThat(settings.require(StoreSettings.BUCKET)).isEqualTo("films");
    assertThat(settings.isSet(StoreSettings.PRIMARY.endpoint)).isTrue();
    assertThat(settings.isSet(ServerSettings.API)).isEqualTo(api != null);
    if (api != null) {
      assertThat(settings.get(ServerSettings.API)).extracting(each -> each.kind().word()).containsExactly(api);
    }
    assertThat(out.toString()).startsWith("Written: " + file + "\n\n").contains(recordings, told).doesNotContain("${")
        .contains("reelway check -c " + file + "\n").contains("\nMore: docs/");
    String page = out.toString().replaceAll("(?s).*\nMore: (docs/[a-z-]+\\.md).*", "$1");
    assertThat(Path.of(page)).exists();
  }

  @Test
  void everyServerHasItsTemplateAndEveryTemplateItsServer() throws Exception {
    URL folderOfTemplates = getClass().getResource("/init");
    try (Stream<Path> files = Files.list(Path.of(folderOfTemplates.toURI()))) {
      assertThat(files.map(each -> each.getFileName().toString().replace(".txt", "")))
          .containsExactlyInAnyOrderElementsOf(StartingPoint.SERVERS);
    }
    assertThat(CommandLineProgram.commandLine("init").getSubcommands().get("init").getUsageMessage())
        .contains(StartingPoint.SERVERS.get(0), StartingPoint.SERVERS.get(6));
  }

  @Test
  void aFileThatIsThereStaysUnlessItIsForced() throws Exception {
    Files.writeString(file, "mine");

    assertThat(init("srs")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo("reelway: " + file + " is there already; name a new file with --out, or write over it with --force\n");
    assertThat(file).hasContent("mine");
    assertThat(out.toString()).isEmpty();

    assertThat(init("srs", "--force")).isZero();
    assertThat(Files.readString(file)).startsWith("# SRS ");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
  }

  @Test
  void whatCannotBeIsToldAndNothingIsWritten() {
    assertThat(init("ngnix")).isEqualTo(2);
    assertThat(init("srs", "-s", "reelway.recordings.tidy=burn")).isEqualTo(2);
    assertThat(init("srs", "-s", "reelway.store.secret-key=hunter2")).isEqualTo(2);
    assertThat(init("srs", "-s", "reelway.live.folder=/var/lib/media/recordings/live")).isEqualTo(2);

    assertThat(err.toString()).contains(
        "reelway: \"ngnix\" is no media server that is known here; allowed: nginx-rtmp, mediamtx, srs, ",
        "reelway.recordings.tidy: \"burn\"", "reelway.store.secret-key is a secret", "reelway.live.folder").doesNotContain("hunter2");
    assertThat(file).doesNotExist();
  }
}
