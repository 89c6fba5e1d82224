package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;

/** What the plugins' file of the EvoStream web services becomes. */
class EvoStreamSettingsTest {
  private static final String API = "ems:http://127.0.0.1:7777";
  private static final String SOURCE = "rtmp://127.0.0.1:1935/live/{stream}";
  private static final String AMAZON = """
      {"AmazonHLSUpload": {"plugin_switch": "enabled", "parameters": {
        "aws_access_key": "file-access", "aws_secret_key": "file-secret", "default_bucket": "ems-files"}}}
      """;

  @TempDir
  private Path folder;

  @Test
  void theShippedFileOf2016HasAllDisabledAndSetsNothing() {
    Settings settings = load(shipped("plugins-2016.json"), Map.of());

    assertThat(settings.takenOver()).isEmpty();
    assertThat(Settings.all()).filteredOn(settings::isSet).containsExactly(EvoStreamSettings.PLUGINS);
  }

  @Test
  void theShippedFileOf2017MakesAGroupOfMediaServers() {
    Settings settings = load(shipped("plugins-2017.json"), Map.of("reelway.routing.address", "192.0.2.2:1935"));

    assertSame(
        settings,
        Map.of(
            "reelway.routing.address", "192.0.2.2:1935",
            "reelway.routing.members",
            "ems+http://username:password@192.0.2.3:8888/apiproxy, ems+http://192.0.2.4:7777",
            "reelway.routing.source", SOURCE,
            "reelway.servers.api", API));
  }

  @Test
  void loadBalancerOf2016NamesTheOthersByHost() throws IOException {
    Settings settings =
        load(
            write("""
                {"StreamLoadBalancer": {"plugin_switch": "enabled", "parameters": {"destination_uri": ["a.example.com", "192.0.2.9"]}}}
                """),
            Map.of("reelway.routing.address", "b.example.com:1935"));

    assertThat(settings.text(RoutingSettings.MEMBERS))
        .isEqualTo("ems+http://a.example.com:7777, ems+http://192.0.2.9:7777");
  }

  @Test
  void theFileMayNameThisServerItself() throws IOException {
    Path file = write("""
        {"StreamLoadBalancer": {"plugin_switch": "enabled", "parameters": {"destination_uri": ["a", "b", "b2"]}}}
        """);

    for (String address : List.of("b", "B:1936")) {
      assertThat(load(file, Map.of("reelway.routing.address", address)).text(RoutingSettings.MEMBERS))
          .isEqualTo("ems+http://a:7777, ems+http://b2:7777");
    }
  }

  @Test
  void userAndPasswordOfAProxyAreEscaped() throws IOException {
    Settings settings =
        load(
            write("""
                {"StreamLoadBalancer": {"plugin_switch": "enabled", "parameters": {"destination_ems_apiproxies": [
                  {"enable": true, "pseudoDomain": "api proxy", "address": "a", "ewsPort": "8888", "userName": "me@home",
                   "password": "a,b/c:d+e %"}]}}}
                """),
            Map.of("reelway.routing.address", "b:1935"));

    assertThat(settings.text(RoutingSettings.MEMBERS))
        .isEqualTo("ems+http://me%40home:a%2Cb%2Fc%3Ad%2Be%20%25@a:8888/api%20proxy");
    assertThat(settings.effective().toString()).doesNotContain("me%40home", "a%2Cb");
  }

  @Test
  void autoRouterSendsStreamsWithItsTokenOn() throws IOException {
    Settings settings = load(router("\"forwardthese\"", "\"192.0.2.3\""), Map.of());

    assertSame(
        settings,
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
    Settings settings = load(router("\"\"", json), Map.of());

    assertThat(settings.text(RoutingSettings.DESTINATIONS)).isEqualTo(destinations);
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
    Settings settings = load(router("\"" + token + "\"", "\"a\""), Map.of());

    assertThat(settings.get(RoutingSettings.STREAMS).matches(stream)).isEqualTo(sent);
  }

  @Test
  void tokenMayBeMissingOrBeCalledByItsOtherName() throws IOException {
    String file = """
        {"StreamAutoRouter": {"plugin_switch": "enabled", "parameters": {"destination_uri": "a" TOKEN}}}
        """;

    assertThat(load(write(file.replace("TOKEN", "")), Map.of()).text(RoutingSettings.STREAMS)).isEmpty();
    assertThat(load(write(file.replace("TOKEN", ", \"token_name\": \"x\"")), Map.of()).text(RoutingSettings.STREAMS))
        .isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource({"3600, 3600", "'\"3600\"', 3600", "'\" 60 \"', 60", "86399, 86399", "1, 1"})
  void recorderRecordsEveryStreamAndWhatItRecordsIsSent(String period, String rotation) throws IOException {
    Settings settings = load(recorder(period), Map.of());

    assertSame(
        settings,
        Map.of(
            "reelway.recorder.every-stream", "true",
            "reelway.recorder.folder", "/var/media",
            "reelway.recordings.folder", "/var/media",
            "reelway.recorder.rotation", rotation,
            "reelway.routing.source", SOURCE,
            "reelway.servers.api", API));
  }

  @Test
  void recorderBelowTheUsersOwnFolderAddsNone() throws IOException {
    Settings settings = load(recorder("60"), Map.of("reelway.recordings.folder", "/var"));

    assertThat(settings.text(RecorderSettings.FOLDER)).isEqualTo("/var/media");
    assertThat(settings.text(RecordingSettings.FOLDER)).isEqualTo("/var");
    assertThat(settings.takenOver()).noneMatch(each -> !each.own().isEmpty());
  }

  @Test
  void amazonPluginsPublishToTheirBucketAsTheyDid() throws IOException {
    Path file = write("""
        {"AmazonHLSUpload": {"plugin_switch": "enabled", "parameters": {
           "aws_access_key": "file-access", "aws_secret_key": "file-secret", "default_bucket": "ems-files"}},
         "AmazonDASHUpload": {"plugin_switch": "enabled", "parameters": {
           "aws_access_key": "file-access", "aws_secret_key": "file-secret", "default_bucket": "ems-files"}},
         "AmazonHDSUpload": {"plugin_switch": "enabled", "parameters": {
           "aws_access_key": "file-access", "aws_secret_key": "file-secret", "default_bucket": "ems-files",
           "bootstrap": "boot"}}}
        """);

    assertSame(
        load(file, Map.of("reelway.live.folder", "/var/live")),
        Map.of(
            "reelway.live.folder", "/var/live",
            "reelway.live.hds-bootstrap", "boot",
            "reelway.store.access-key", "file-access",
            "reelway.store.secret-key", "file-secret",
            "reelway.store.bucket", "ems-files",
            "reelway.store.acl", "public-read"));
  }

  @Test
  void whatTheUserSetsHimselfWinsWhereverHeSetsItAndIsTold() throws IOException {
    Path plugins = write("""
        {"StreamRecorder": {"plugin_switch": "enabled",
          "parameters": {"file_location": "/var/media",
                         "period_time": 60}},
         "StreamAutoRouter": {"plugin_switch": "enabled",
          "parameters": {"destination_uri": "a"}}}
        """);
    Path file = Files.writeString(folder.resolve("application.properties"), """
        reelway.evostream.plugins=%s
        reelway.recorder.rotation=120
        reelway.recorder.folder=
        reelway.routing.source=%s
        """.formatted(plugins, SOURCE));

    Settings settings =
        Settings.load(
            file, Map.of("REELWAY_ROUTING_DESTINATIONS", "rtmp://b/live/{stream}"),
            Map.of("reelway.servers.api", ""));

    assertThat(settings.text(RecorderSettings.ROTATION)).isEqualTo("120");
    assertThat(settings.text(RoutingSettings.DESTINATIONS)).isEqualTo("rtmp://b/live/{stream}");
    assertThat(settings.isSet(ServerSettings.API)).isFalse();
    assertThat(settings.text(RecorderSettings.FOLDER)).as("an empty line is none").isEqualTo("/var/media");
    assertThat(settings.takenOver()).extracting(each -> each.setting().key(), TakenOver::source)
        .contains(
            tuple("reelway.recorder.rotation", file + ":2 (wins over " + plugins + ":3: StreamRecorder.period_time)"),
            tuple(
                "reelway.routing.destinations",
                "environment REELWAY_ROUTING_DESTINATIONS (wins over " + plugins
                    + ":5: StreamAutoRouter.destination_uri)"),
            tuple("reelway.servers.api", "--set (wins over " + plugins + ":1: StreamRecorder)"),
            tuple("reelway.routing.source", file + ":4 (the same as " + plugins + ":1: StreamRecorder)"),
            tuple("reelway.recorder.folder", plugins + ":2: StreamRecorder.file_location"));
  }

  @Test
  void whatTheUserSetsIsNotMissedInTheFile() throws IOException {
    Path plugins = write("""
        {"AmazonHLSUpload": {"plugin_switch": "enabled", "parameters": {
          "aws_access_key": "file-access", "aws_secret_key": "", "default_bucket": ""}}}
        """);

    Settings settings =
        load(
            plugins,
            Map.of(
                "reelway.store.secret-key", "own", "reelway.store.bucket", "own-bucket", "reelway.live.folder", "/l"));

    assertThat(settings.get(StoreSettings.BUCKET)).isEqualTo("own-bucket");
    assertThat(settings.text(StoreSettings.PRIMARY.accessKey)).isEqualTo("file-access");
  }

  @Test
  void pluginsThatDifferAreNoTroubleWhereTheUserDecides() throws IOException {
    String hls = AMAZON.strip();
    Path file =
        write(hls.substring(0, hls.length() - 1) + "," + hls.substring(1).replace("HLS", "DASH").replace("ems-", "dash-"));

    Settings settings =
        load(file, Map.of("reelway.store.bucket", "own-bucket", "reelway.live.folder", "/var/live"));

    assertThat(settings.get(StoreSettings.BUCKET)).isEqualTo("own-bucket");
  }

  @Test
  void aProfileOfTheUserTakesThePlaceOfTheFilesPair() throws IOException {
    Settings settings =
        load(write(AMAZON), Map.of("reelway.store.profile", "media", "reelway.live.folder", "/var/live"));

    assertThat(settings.isSet(StoreSettings.PRIMARY.accessKey)).isFalse();
    assertThat(settings.isSet(StoreSettings.PRIMARY.secretKey)).isFalse();
    assertThat(settings.get(StoreSettings.BUCKET)).isEqualTo("ems-files");
  }

  @Test
  void secretsOfTheFileAreShownNowhere() throws IOException {
    Settings settings = load(write(AMAZON), Map.of("reelway.live.folder", "/var/live"));

    assertThat(settings.text(StoreSettings.SECRET_KEY)).isEqualTo("file-secret");
    assertThat(List.of(settings, settings.takenOver(), settings.placeholders(), settings.effective()).toString())
        .contains("ems-files").doesNotContain("file-access", "file-secret");
  }

  @Test
  void withoutTheSettingNothingIsRead() {
    assertThat(Settings.load(null, Map.of(), Map.of("reelway.evostream.plugins", "")).takenOver()).isEmpty();
  }

  private static Tuple tuple(String key, String source) {
    return Tuple.tuple(key, source);
  }

  /** The very settings, secrets included, that somebody would write by hand. */
  private static void assertSame(Settings settings, Map<String, String> byHand) {
    assertThat(texts(settings)).isEqualTo(texts(Settings.load(null, Map.of(), byHand)));
  }

  private static Map<String, String> texts(Settings settings) {
    Map<String, String> texts = new LinkedHashMap<>();
    Settings.all().stream()
        .filter(setting -> setting != EvoStreamSettings.PLUGINS)
        .forEach(setting -> texts.put(setting.key(), settings.isSet(setting) + " " + settings.text(setting)));
    return texts;
  }

  private static Settings load(Path plugins, Map<String, String> others) {
    Map<String, String> all = new HashMap<>(others);
    all.put("reelway.evostream.plugins", plugins.toString());
    return Settings.load(null, Map.of(), all);
  }

  private Path router(String token, String destination) throws IOException {
    return write(
        "{\"StreamAutoRouter\": {\"plugin_switch\": \"enabled\", \"parameters\": {\"token\": " + token
            + ", \"destination_uri\": " + destination + "}}}");
  }

  private Path recorder(String period) throws IOException {
    return write(
        "{\"StreamRecorder\": {\"plugin_switch\": \"enabled\", \"parameters\": {\"file_location\": \"/var/media\","
            + " \"period_time\": " + period + "}}}");
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("plugins.json"), json);
  }

  private static Path shipped(String name) {
    try {
      return Path.of(EvoStreamSettingsTest.class.getResource("/evostream/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new InputFailure(name, e);
    }
  }
}
