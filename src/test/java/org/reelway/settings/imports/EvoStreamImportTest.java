package org.reelway.settings.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;
import org.reelway.settings.RoutingSettings;
import org.reelway.settings.Settings;

/** What the plugins' file of the EvoStream web services becomes; hunter2 is a secret in it. */
class EvoStreamImportTest {
  private static final Path SHIPPED = Path.of("src", "test", "resources", "evostream");
  private static final String API = "ems:http://127.0.0.1:7777";
  private static final String SOURCE = "rtmp://127.0.0.1:1935/live/{stream}";
  private static final String AMAZON =
      "\"aws_access_key\": \"an-access-key\", \"aws_secret_key\": \"hunter2\", \"default_bucket\": \"ems-files\"";

  @TempDir private Path folder;

  private static String enabled(String plugin, String parameters) {
    return "\"" + plugin + "\": {\"plugin_switch\": \"enabled\", \"parameters\": {" + parameters + "}}";
  }

  /** @param given pairs of key and value, as by --set */
  private ImportedSettings of(String plugins, String... given) throws IOException {
    return read(Files.writeString(folder.resolve("plugins.json"), "{" + plugins + "}"), given);
  }

  private static ImportedSettings read(Path file, String... given) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < given.length; i += 2) {
      map.put(given[i], given[i + 1]);
    }
    ImportedSettings imported = EvoStreamImport.read(file, map);
    Settings.load(null, Map.of(), imported.settings());
    assertThat(imported.notes().toString() + imported + imported.file("a test", false)).doesNotContain("hunter2");
    return imported;
  }

  @Test
  void theShippedFileOf2016HasAllDisabledAndSetsNothing() {
    ImportedSettings imported = read(SHIPPED.resolve("plugins-2016.json"));

    assertThat(imported.settings()).isEmpty();
    assertThat(imported.notes()).isEmpty();
  }

  @Test
  void theShippedFileOf2017MakesAGroupOfMediaServers() {
    Path file = SHIPPED.resolve("plugins-2017.json");

    assertThat(read(file, "reelway.routing.address", "192.0.2.2:1935").settings()).containsExactlyInAnyOrderEntriesOf(
        Map.of(
            "reelway.routing.address", "192.0.2.2:1935",
            "reelway.routing.members", "ems+http://username:password@192.0.2.3:8888/apiproxy, ems+http://192.0.2.4:7777",
            "reelway.routing.source", SOURCE,
            "reelway.servers.api", API));
    ImportedSettings without = read(file);
    assertThat(without.settings()).containsOnlyKeys("reelway.routing.source", "reelway.servers.api");
    assertThat(without.notes()).containsExactly(
        "StreamLoadBalancer.destination_ems_apiproxies is left out without reelway.routing.address: import with --set"
            + " reelway.routing.address=HOST:PORT, where the others reach RTMP of this EMS, such as a.example.com:1935",
        "StreamLoadBalancer gives no reelway.routing.members: set it");
  }

  @Test
  void aGroupOf2016NamesTheOthersByHostAndPerhapsThisServerItself() throws IOException {
    String plugin = enabled("StreamLoadBalancer", "\"destination_uri\": [\"a\", \"b\", \"b2\"]");

    for (String address : new String[] {"b", "B:1936"}) {
      assertThat(of(plugin, "reelway.routing.address", address).get("reelway.routing.members"))
          .isEqualTo("ems+http://a:7777, ems+http://b2:7777");
    }
  }

  @Test
  void userAndPasswordOfAProxyAreEscaped() throws IOException {
    ImportedSettings imported =
        of(
            enabled("StreamLoadBalancer", """
                "destination_ems_apiproxies": [
                  {"enable": true, "pseudoDomain": "api proxy", "address": "a", "ewsPort": "8888", "userName": "me@home",
                   "password": "hunter2,b/c:d+e %"}]
                """),
            "reelway.routing.address", "b:1935");

    assertThat(imported.get("reelway.routing.members"))
        .isEqualTo("ems+http://me%40home:hunter2%2Cb%2Fc%3Ad%2Be%20%25@a:8888/api%20proxy");
  }

  @Test
  void autoRouterSendsStreamsWithItsTokenOn() throws IOException {
    assertThat(of(enabled("StreamAutoRouter", "\"token\": \"forwardthese\", \"destination_uri\": \"192.0.2.3\"")).settings())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "reelway.routing.streams", "forwardthese",
                "reelway.routing.destinations", "rtmp://192.0.2.3/live/{stream}",
                "reelway.routing.source", SOURCE,
                "reelway.servers.api", API));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "\"a.example.com\" | rtmp://a.example.com/live/{stream}",
      "\"a.example.com:1936\" | rtmp://a.example.com:1936/live/{stream}",
      "\"[2001:db8::1]:1936\" | rtmp://[2001:db8::1]:1936/live/{stream}",
      "\"rtmp://a\" | rtmp://a/live/{stream}",
      "\"rtmps://a/app/\" | rtmps://a/app/{stream}",
      "\"rtmp://a/app/key\" | rtmp://a/app/key",
      "\"rtmp://a/app/{stream}?k=1,2\" | rtmp://a/app/{stream}?k=1%2C2",
      "\"srt://a:9000?streamid={stream}\" | srt://a:9000?streamid={stream}",
      "[\"a\", \"b:1936\", \"a\"] | rtmp://a/live/{stream}, rtmp://b:1936/live/{stream}",
  })
  void destinationMayBeHostOrUriOrSeveral(String json, String destinations) throws IOException {
    assertThat(of(enabled("StreamAutoRouter", "\"destination_uri\": " + json)).get("reelway.routing.destinations"))
        .isEqualTo(destinations);
  }

  @ParameterizedTest
  @CsvSource({
      "forward, a-forward-b, true",
      "forward, a-Forward-b, false",
      "'', anything, true",
      "glob:x, a-glob:x-b, true",
      "glob:x, x, false",
      "regex:., a, false",
      "' a', b a, true",
      "' a', ba, false",
  })
  void tokenIsAPartOfTheNameWhateverItLooksLike(String token, String stream, boolean sent) throws IOException {
    for (String name : new String[] {"token", "token_name"}) {
      ImportedSettings imported = of(enabled("StreamAutoRouter", "\"destination_uri\": \"a\", \"" + name + "\": \"" + token + "\""));
      Path file = Files.writeString(folder.resolve("imported"), imported.file("a test", true));

      assertThat(Settings.load(file, Map.of(), Map.of()).get(RoutingSettings.STREAMS).matches(stream)).isEqualTo(sent);
    }
  }

  @ParameterizedTest
  @CsvSource({"3600, 3600", "'\"3600\"', 3600", "'\" 60 \"', 60", "86399, 86399", "1, 1"})
  void recorderRecordsEveryStreamAndWhatItRecordsIsSent(String period, String rotation) throws IOException {
    String plugin = enabled("StreamRecorder", "\"file_location\": \"/var/media\", \"period_time\": " + period);

    assertThat(of(plugin).settings()).containsExactlyInAnyOrderEntriesOf(
        Map.of(
            "reelway.recorder.every-stream", "true",
            "reelway.recorder.folder", "/var/media",
            "reelway.recordings.folder", "/var/media",
            "reelway.recorder.rotation", rotation,
            "reelway.routing.source", SOURCE,
            "reelway.servers.api", API));
    assertThat(of(plugin, "reelway.recordings.folder", "/var").settings())
        .containsEntry("reelway.recordings.folder", "/var").containsEntry("reelway.recorder.folder", "/var/media");
  }

  @Test
  void amazonPluginsPublishToTheirBucketAsTheyDid() throws IOException {
    String plugins = enabled("AmazonHLSUpload", AMAZON) + "," + enabled("AmazonDASHUpload", AMAZON) + ","
        + enabled("AmazonHDSUpload", AMAZON + ", \"bootstrap\": \"boot\"");

    ImportedSettings imported = of(plugins, "reelway.live.folder", "/var/live");

    assertThat(imported.settings()).containsExactlyInAnyOrderEntriesOf(
        Map.of(
            "reelway.live.folder", "/var/live",
            "reelway.live.hds-bootstrap", "boot",
            "reelway.store.access-key", "an-access-key",
            "reelway.store.secret-key", "hunter2",
            "reelway.store.bucket", "ems-files",
            "reelway.store.acl", "public-read"));
    assertThat(imported.notes()).isEmpty();
    assertThat(imported.secrets()).containsExactly("reelway.store.access-key", "reelway.store.secret-key");
    assertThat(imported.file("a test", false))
        .contains("# from AmazonHLSUpload.default_bucket\nreelway.store.bucket=ems-files\n", "REELWAY_STORE_SECRET_KEY");
    assertThat(of(plugins, "reelway.live.folder", "/l", "reelway.store.profile", "media").settings())
        .containsKey("reelway.store.bucket").doesNotContainKeys("reelway.store.access-key", "reelway.store.secret-key");
  }

  @Test
  void recordingsDoNotBecomePublicBySilence() throws IOException {
    String plugins = enabled("AmazonHLSUpload", AMAZON) + ","
        + enabled("StreamRecorder", "\"file_location\": \"/var/media\", \"period_time\": 60");

    ImportedSettings imported = of(plugins, "reelway.live.folder", "/var/live");

    assertThat(imported.settings()).doesNotContainKey("reelway.store.acl");
    assertThat(imported.notes()).containsExactly(
        "AmazonHLSUpload made objects public-read; recordings, which go to the same bucket, would be public too: set"
            + " reelway.store.acl yourself");
    assertThat(of(plugins, "reelway.live.folder", "/var/live", "reelway.store.acl", "private").notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "\"StreamRecoder\": {\"plugin_switch\": \"enabled\"} | StreamRecoder is no plugin that is known; the nearest is"
          + " StreamRecorder",
      "\"AzureStreamManager\": {\"plugin_switch\": \"enabled\"} | AzureStreamManager is not taken over: Reelway does not manage"
          + " EMS instances in Azure",
      "StreamRecorder, \"file_location\": \"/a\", \"period\": 60 | StreamRecorder.period is no parameter of the plugin; the"
          + " nearest is period_time",
      "StreamRecorder, \"file_location\": \"/a\" | StreamRecorder gives no reelway.recorder.rotation: set it",
      "StreamRecorder, \"file_location\": \"/a\", \"period_time\": 86400 | StreamRecorder.period_time is left out: \"86400\";"
          + " allowed are whole seconds, 1 to 86399",
      "StreamRecorder, \"file_location\": \"C:\\\\media\", \"period_time\": 60 | StreamRecorder.file_location is left out:"
          + " \"C:\\media\" is no absolute path on this machine, or has a comma, which separates folders",
      "StreamAutoRouter, \"destination_uri\": [\"a\", \"b/hunter2\"] | StreamAutoRouter.destination_uri (not shown) is left out:"
          + " it is neither a host, host:port, nor a URI such as rtmp://host/app; several are an array",
      "StreamAutoRouter, \"destination_uri\": \"ftp://a/hunter2\" | StreamAutoRouter.destination_uri is left out, for"
          + " reelway.routing.destinations does not take it: the destination ftp://a/... cannot be used: its scheme \"ftp\" is none"
          + " of http, https, rtmp, rtmps, rtsp, rtsps, srt, udp",
      "StreamLoadBalancer, \"destination_uri\": [\"a:1935\"] | StreamLoadBalancer.destination_uri: \"a:1935\" is left out;"
          + " allowed is a host name or an IP address, without port (the API is asked on 7777)",
      "StreamLoadBalancer, \"destination_ems_apiproxies\": [{\"enable\": true, \"address\": \"a\", \"password\": \"hunter2\"}] |"
          + " StreamLoadBalancer.destination_ems_apiproxies: the proxy of \"a\" is left out; it needs address, pseudoDomain,"
          + " ewsPort (a number), userName, password and \"basic\" authentication",
      "AmazonHLSUpload, \"aws_access_key\": \"a\", \"aws_secret_key\": [\"hunter2\"] | AmazonHLSUpload.aws_secret_key is left"
          + " out: it is no text",
      "AmazonHLSUpload, \"default_bucket\": \"a b\" | AmazonHLSUpload.default_bucket is left out, for reelway.store.bucket does"
          + " not take it: \"a b\" is not valid here; allowed: 3 to 63 letters, digits, dots, hyphens and underscores",
      "AmazonHLSUpload, \"default_bucket\": \"abc\" | AmazonHLSUpload publishes nothing without reelway.live.folder: set it to"
          + " the folder above EMS's groups (targetFolder of createHLSStream, createHDSStream, createDASHStream)",
  })
  void whatReelwayDoesNotTakeIsNotedAndLeftOut(String plugin, String note) throws IOException {
    String json = plugin.startsWith("\"") ? plugin : enabled(plugin.split(", ", 2)[0], plugin.split(", ", 2)[1]);
    ImportedSettings imported =
        EvoStreamImport.read(Files.writeString(folder.resolve("plugins.json"), "{" + json + "}"), Map.of());

    assertThat(imported.notes()).contains(note);
    assertThat(imported.notes().toString()).doesNotContain("hunter2");
  }

  @Test
  void oneSettingCannotBeTwoThings() throws IOException {
    String plugins =
        enabled("AmazonHLSUpload", AMAZON) + "," + enabled("AmazonDASHUpload", AMAZON.replace("ems-files", "other"));

    assertThat(of(plugins, "reelway.live.folder", "/l").notes()).containsExactly(
        "AmazonDASHUpload.default_bucket is another one than AmazonHLSUpload.default_bucket, and there is one"
            + " reelway.store.bucket only: make them the same, or run a Reelway for each");
    assertThat(of(plugins, "reelway.live.folder", "/l", "reelway.store.bucket", "own-bucket").notes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "'' | FILE should hold {\"<plugin>\": {\"plugin_switch\": ..., \"parameters\": {...}}}",
      "[] | FILE should hold {\"<plugin>\": {\"plugin_switch\": ..., \"parameters\": {...}}}",
      "{\"StreamRecorder\": hunter2} | FILE:1 is no JSON that can be read, at column ",
      "{\"StreamRecorder\": {\"plugin_switch\": \"disabled\" | FILE:1 is no JSON that can be read, at column ",
      "{\"x\": {}, \"x\": {}} | FILE:1 is no JSON that can be read, at column ",
      "{} {} | FILE:1 is no JSON that can be read, at column ",
      "{\"StreamRecorder\": {\"plugin_switch\": \"on\"}} | StreamRecorder.plugin_switch is \"on\"; allowed is \"enabled\" or"
          + " \"disabled\"",
      "{\"StreamRecorder\": \"disabled\"} | StreamRecorder.plugin_switch is \"\"; allowed is \"enabled\" or \"disabled\"",
  })
  void aFileThatIsNoneIsRefused(String text, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("plugins.json"), text);

    assertThatThrownBy(() -> EvoStreamImport.read(file, Map.of())).isInstanceOf(InputFailure.class)
        .hasMessageStartingWith(message.replace("FILE", file.toString())).hasMessageNotContaining("hunter2");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    Path latin = Files.write(folder.resolve("latin"), "{\"ä\": {}}".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> read(folder.resolve("nowhere"))).hasMessage(
        folder.resolve("nowhere") + " is not there; name the plugins.json of the EvoStream web services");
    assertThatThrownBy(() -> read(folder.resolve("config.ini"))).hasMessage(
        folder.resolve("config.ini") + " belongs to the PHP web services; write its sections as a plugins.json"
            + " (docs/evostream.md)");
    assertThatThrownBy(() -> read(folder)).isInstanceOf(InputFailure.class).hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> read(latin)).hasMessageEndingWith("save it as UTF-8");
  }
}
