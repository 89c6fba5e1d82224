package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.settings.ObjectGroup.CannedAcl;
import org.reelway.settings.RecordingSettings.OnRestart;
import org.reelway.settings.StoreGroup.ChecksumChoice;
import org.reelway.settings.StoreGroup.PathStyle;

class SettingsTest {
  private static final List<Class<?>> HOLDERS = List.of(
      RecordingSettings.class, RetentionSettings.class, RepairSettings.class, TransferSettings.class,
      JanitorSettings.class, LiveSettings.class, ServerSettings.class, RoutingSettings.class, RecorderSettings.class,
      MultiRecorderSettings.class, WorkflowSettings.class, AwsLiveSettings.class, MixerSettings.class, ProgramSettings.class,
      CallbackSettings.class, StoreSettings.class, NamedStores.class, BackupSettings.class, HttpSettings.class, ManagementSettings.class,
      JmxSettings.class, StateSettings.class, NodeSettings.class, QueueSettings.class, RouteSettings.class,
      ShutdownSettings.class, LogSettings.class, TelemetrySettings.class);

  @TempDir
  private Path folder;

  @Test
  void nothingGivenMeansDefaults() {
    Settings settings = Settings.load(null, Map.of(), Map.of());

    assertThat(settings.get(RecordingSettings.FOLDER)).containsExactly(Path.of("recordings"));
    assertThat(settings.get(RecordingSettings.RESCAN_EVERY)).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.get(RecordingSettings.EXTENSIONS))
        .containsExactly("mp4", "m4v", "mov", "m4a", "ts", "flv", "mkv", "webm");
    assertThat(settings.get(RecordingSettings.ON_RESTART)).isEqualTo(OnRestart.RESUME);
    assertThat(settings.get(TransferSettings.PART_SIZE)).isEqualTo(16L * 1024 * 1024);
    assertThat(settings.get(TransferSettings.KEY)).isNull();
    assertThat(settings.get(StoreSettings.BUCKET)).isNull();
    assertThat(settings.get(StoreSettings.PREFIX)).isEmpty();
    assertThat(settings.get(StoreSettings.PATH_STYLE)).isEqualTo(PathStyle.AUTO);
    assertThat(settings.get(HttpSettings.PORT)).isEqualTo(8090);
    assertThat(settings.get(ManagementSettings.PORT)).isEqualTo(9876);
    assertThat(Settings.all()).noneMatch(settings::isSet);
  }

  @Test
  void overrideWinsOverEnvironmentOverFileOverDefault() throws IOException {
    Path file = write("reelway.http.port=1\nreelway.management.port=2\nreelway.transfer.attempts=3");
    Map<String, String> environment = Map.of("REELWAY_HTTP_PORT", "10", "REELWAY_MANAGEMENT_PORT", "11");
    Map<String, String> overrides = Map.of("reelway.http.port", "20");

    Settings settings = Settings.load(file, environment, overrides);

    assertThat(settings.get(HttpSettings.PORT)).isEqualTo(20);
    assertThat(settings.get(ManagementSettings.PORT)).isEqualTo(11);
    assertThat(settings.get(TransferSettings.ATTEMPTS)).isEqualTo(3);
    assertThat(settings.get(TransferSettings.PARTS_AT_ONCE)).isEqualTo(4);
    assertThat(settings.isSet(HttpSettings.PORT)).isTrue();
    assertThat(settings.isSet(TransferSettings.PARTS_AT_ONCE)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("org.reelway.settings.Settings#all")
  void everySettingHasATwinInTheEnvironment(Setting<?> setting) {
    assertThat(setting.env()).isEqualTo(setting.key().toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"));
    assertThat(Settings.all()).filteredOn(other -> other.env().equals(setting.env())).containsExactly(setting);
    assertThat(Sources.isForeign(setting.env(), "8090")).isFalse();
    assertThat(Settings.load(null, Map.of(setting.env(), setting.defaultText()), Map.of())).isNotNull();
  }

  @Test
  void twinOfAHyphenatedKeyHasUnderscores() {
    Settings settings = Settings.load(null, Map.of("REELWAY_STORE_PATH_STYLE", "true"), Map.of());

    assertThat(settings.get(StoreSettings.PATH_STYLE)).isEqualTo(PathStyle.TRUE);
  }

  @Test
  void blankInTheFileMeansDefault() throws IOException {
    Settings settings = Settings.load(write("reelway.http.port=\nreelway.store.bucket=   "), Map.of(), Map.of());

    assertThat(settings.get(HttpSettings.PORT)).isEqualTo(8090);
    assertThat(settings.isSet(HttpSettings.PORT)).isFalse();
    assertThat(settings.get(StoreSettings.BUCKET)).isNull();
  }

  @Test
  void emptyVariableDoesNotHideTheFile() throws IOException {
    Settings settings = Settings.load(write("reelway.http.port=1"), Map.of("REELWAY_HTTP_PORT", ""), Map.of());

    assertThat(settings.get(HttpSettings.PORT)).isEqualTo(1);
  }

  @Test
  void emptyOverrideGoesBackToTheDefault() throws IOException {
    Settings settings =
        Settings.load(write("reelway.http.port=1"), Map.of("REELWAY_HTTP_PORT", "2"), Map.of("reelway.http.port", ""));

    assertThat(settings.get(HttpSettings.PORT)).isEqualTo(8090);
    assertThat(settings.isSet(HttpSettings.PORT)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "REELWAY_HOME, /opt/reelway",
    "REELWAY_JAVA, /usr/bin/java",
    "REELWAY_JAVA_OPTS, -Xmx96m",
    "REELWAY_CHILD_OF, program-1",
    "REELWAY_SERVICE_HOST, 10.0.0.1",
    "REELWAY_SERVICE_PORT, 8090",
    "REELWAY_SERVICE_PORT_HTTP, 8090",
    "REELWAY_PORT, tcp://10.0.0.1:8090",
    "REELWAY_PORT_8090_TCP, tcp://10.0.0.1:8090",
    "REELWAY_PORT_8090_TCP_ADDR, 10.0.0.1",
    "REELWAY_HTTP_PORT, tcp://10.0.0.1:80",
    "REELWAY_HTTP_SERVICE_HOST, 10.0.0.1",
    "PATH, /bin",
    "NOT_REELWAY_HTTP_PORT, x"
  })
  void variableOfTheLauncherOrOfKubernetesIsLeftAlone(String name, String value) {
    Settings settings = Settings.load(null, Map.of(name, value), Map.of());

    assertThat(Settings.all()).noneMatch(settings::isSet);
  }

  @Test
  void fileIsReadLikeEveryPropertiesFile() throws IOException {
    Path file = write("\uFEFF# comment \\\n"
        + "  ! another\r\n"
        + "reelway.store.prefix : Aufführung/\\u00e9t\\u00e9\r\n"
        + "reelway.recordings.folder=one,\\\n"
        + "    #two,\\\r\n"
        + "    C\\:\\\\three\n"
        + "reelway.http.port 81\n"
        + "own\\ key\\=x = a = b \n"
        + "own.last=ends with a backslash \\\\\n"
        + "camel.main.name=reel\n"
        + "reelway.management.port=82\\");

    Settings settings = Settings.load(file, Map.of(), Map.of());

    assertThat(settings.get(StoreSettings.PREFIX)).isEqualTo("Aufführung/été");
    assertThat(settings.get(RecordingSettings.FOLDER))
        .containsExactly(Path.of("one"), Path.of("#two"), Path.of("C:\\three"));
    assertThat(settings.get(HttpSettings.PORT)).isEqualTo(81);
    assertThat(settings.get(ManagementSettings.PORT)).isEqualTo(82);
    assertThat(settings.others()).containsExactly(
        entry("own key=x", "a = b "),
        entry("own.last", "ends with a backslash \\"),
        entry("camel.main.name", "reel"));
  }

  @Test
  void lineNumbersCountContinuedLines() throws IOException {
    Path file = write("a=1\\\n 2\\\n 3\n\nb=2\nreelway.http.port=\\\n8\\\n1");

    PropertiesFile read = PropertiesFile.read(file);

    assertThat(read.entries()).containsExactly(
        new PropertiesFile.Entry(1, "a", "123"),
        new PropertiesFile.Entry(5, "b", "2"),
        new PropertiesFile.Entry(6, "reelway.http.port", "81"));
  }

  @Test
  void valuesAreParsedToTheirTypes() {
    Settings settings = Settings.load(null, Map.of(), Map.of(
        "reelway.recordings.settle-time", "0s",
        "reelway.transfer.retry-first", "500ms",
        "reelway.state.history", "3650d",
        "reelway.transfer.part-size", "8MB",
        "reelway.transfer.multipart-threshold", "0",
        "reelway.recordings.extensions", "MP4, flv,mp4",
        "reelway.store.endpoint", "http://[::1]:9000/storage/v1/s3",
        "reelway.store.bucket", "Old_Bucket",
        "reelway.store.checksum", "crc64nvme"));

    assertThat(settings.get(RecordingSettings.SETTLE_TIME)).isZero();
    assertThat(settings.get(TransferSettings.RETRY_FIRST)).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.get(StateSettings.HISTORY)).isEqualTo(Duration.ofDays(3650));
    assertThat(settings.get(TransferSettings.PART_SIZE)).isEqualTo(8_000_000L);
    assertThat(settings.get(TransferSettings.MULTIPART_THRESHOLD)).isZero();
    assertThat(settings.get(RecordingSettings.EXTENSIONS)).containsExactly("mp4", "flv");
    assertThat(settings.get(StoreSettings.ENDPOINT)).isEqualTo(URI.create("http://[::1]:9000/storage/v1/s3"));
    assertThat(settings.require(StoreSettings.BUCKET)).isEqualTo("Old_Bucket");
    assertThat(settings.get(StoreSettings.CHECKSUM)).isEqualTo(ChecksumChoice.CRC64NVME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "localhost", "LOCALHOST"})
  void loopbackNeedsNoPassword(String host) {
    Settings settings = Settings.load(null, Map.of("REELWAY_HTTP_HOST", host), Map.of());

    assertThat(settings.get(HttpSettings.HOST)).isEqualTo(host);
  }

  @Test
  void openHostWithPasswordIsFine() {
    Settings settings = Settings.load(null, Map.of(
        "REELWAY_HTTP_HOST", "0.0.0.0", "REELWAY_HTTP_USERNAME", "me", "REELWAY_HTTP_PASSWORD", "a secret, with :"),
        Map.of());

    assertThat(settings.get(HttpSettings.PASSWORD)).isEqualTo("a secret, with :");
  }

  @Test
  void bothServersMayTakeAnyFreePort() {
    Settings settings =
        Settings.load(null, Map.of("REELWAY_HTTP_PORT", "0", "REELWAY_MANAGEMENT_PORT", "0"), Map.of());

    assertThat(settings.get(HttpSettings.PORT)).isZero();
  }

  @Test
  void secretsAreMaskedWhereverSettingsAreShown() {
    Settings settings = Settings.load(null, Map.of(
        "REELWAY_STORE_ACCESS_KEY", "AKIA1",
        "REELWAY_STORE_SECRET_KEY", "hunter2",
        "REELWAY_STORE_SESSION_TOKEN", "hunter3",
        "REELWAY_HTTP_USERNAME", "me",
        "REELWAY_HTTP_PASSWORD", "hunter4"), Map.of());

    assertThat(settings.get(StoreSettings.SECRET_KEY)).isEqualTo("hunter2");
    assertThat(settings.effective())
        .containsEntry("reelway.store.access-key", "*****")
        .containsEntry("reelway.store.secret-key", "*****")
        .containsEntry("reelway.store.session-token", "*****")
        .containsEntry("reelway.http.password", "*****")
        .containsEntry("reelway.management.password", "")
        .containsEntry("reelway.http.username", "me");
    assertThat(settings.placeholders())
        .doesNotContainKeys("reelway.store.access-key", "reelway.store.secret-key", "reelway.store.session-token",
            "reelway.http.password", "reelway.management.password", "reelway.telemetry.headers", "reelway.state.password",
            "reelway.queue.password");
    assertThat(settings + " " + settings.placeholders() + settings.effective()).doesNotContain("hunter", "AKIA1");
  }

  @Test
  void aSettingInForceKnowsWhoGaveItAndWhetherItsValueIsAnotherOneThanTheDefault() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.properties"), """
        # where
        reelway.store.bucket = mine
        reelway.recordings.settle-time=120s
        reelway.recordings.tidy=keep
        reelway.state.folder=
        """);
    Settings settings = Settings.load(
        file, Map.of("REELWAY_STORE_BUCKET", "other", "REELWAY_STORE_ACCESS_KEY", "AKIA1", "REELWAY_STORE_SECRET_KEY", "hunter2"),
        Map.of("reelway.recordings.rescan-every", "1m", "reelway.store.prefix", ""));

    assertThat(settings.inForce()).hasSameSizeAs(Settings.all()).contains(
        new InForce("reelway.store.bucket", "other", "environment REELWAY_STORE_BUCKET", true, false),
        new InForce("reelway.store.secret-key", "*****", "environment REELWAY_STORE_SECRET_KEY", true, true),
        new InForce("reelway.http.password", "", "default", false, true),
        new InForce("reelway.recordings.settle-time", "120s", file + ":3", false, false),
        new InForce("reelway.recordings.tidy", "keep", file + ":4", false, false),
        new InForce("reelway.state.folder", "state", "default", false, false),
        new InForce("reelway.recordings.rescan-every", "1m", "--set", true, false));
  }

  @Test
  void placeholdersHoldEveryOtherKeyWithItsEffectiveText() {
    Settings settings = Settings.load(null, Map.of("REELWAY_STORE_BUCKET", " a-bucket "), Map.of());

    assertThat(settings.placeholders())
        .containsEntry("reelway.store.bucket", "a-bucket")
        .containsEntry("reelway.store.prefix", "")
        .containsEntry("reelway.store.endpoint", "")
        .containsEntry("reelway.recordings.rescan-every", "15s")
        .hasSize((int) Settings.all().stream().filter(setting -> !setting.secret()).count());
    assertThat(settings.effective()).hasSameSizeAs(Settings.all());
  }

  @Test
  void everyDeclaredConstantIsListedOnceAndNamedAsItsKey() throws IllegalAccessException {
    Set<Setting<?>> declared = new LinkedHashSet<>();
    for (Class<?> holder : HOLDERS) {
      for (Field field : holder.getDeclaredFields()) {
        if (Modifier.isPublic(field.getModifiers())) {
          Object constant = field.get(null);
          declared.addAll(constant instanceof Setting<?> one ? named(field, one) : inFields(constant));
        }
      }
    }

    assertThat(Settings.all()).containsExactlyElementsOf(declared);
    assertThat(Settings.all()).extracting(Setting::key).doesNotHaveDuplicates();
  }

  /** A group of settings holds them in fields of its own. */
  private static List<Setting<?>> inFields(Object group) throws IllegalAccessException {
    List<Setting<?>> settings = new ArrayList<>();
    for (Field field : group.getClass().getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers()) && field.get(group) instanceof Setting<?> setting) {
        settings.addAll(named(field, setting));
      }
    }
    return settings;
  }

  private static List<Setting<?>> named(Field field, Setting<?> setting) {
    String lastWord = setting.key().substring(setting.key().lastIndexOf('.') + 1);
    assertThat(field.getName().replace("_", "")).isEqualToIgnoringCase(lastWord.replace("-", ""));
    return List.of(setting);
  }

  @Test
  void whatObjectsCarryIsReadInItsOrder() {
    Settings settings = Settings.load(null, Map.of(
        "REELWAY_STORE_TAGS", "keep=90d, Sendung = {stream}",
        "REELWAY_STORE_METADATA", "station=studio-1,day={date:yyyy-MM-dd},empty=",
        "REELWAY_STORE_CONTENT_TYPES", "mp4=video/mp4; codecs=avc1,xyz=application/x-own",
        "REELWAY_STORE_ENCRYPTION", "kms",
        "REELWAY_STORE_KMS_CONTEXT", "b=2,a=1 and more",
        "REELWAY_STORE_KMS_BUCKET_KEY", "true",
        "REELWAY_STORE_ACL", "bucket-owner-full-control",
        "REELWAY_STORE_MAX_OBJECT_SIZE", "48TiB"), Map.of());

    assertThat(settings.get(StoreSettings.OBJECTS.tags))
        .containsExactly(entry("keep", "90d"), entry("Sendung", "{stream}"));
    assertThat(settings.get(StoreSettings.OBJECTS.metadata)).containsExactly(
        entry("station", "studio-1"), entry("day", "{date:yyyy-MM-dd}"), entry("empty", ""));
    assertThat(settings.get(StoreSettings.OBJECTS.contentTypes))
        .containsExactly(entry("mp4", "video/mp4; codecs=avc1"), entry("xyz", "application/x-own"));
    assertThat(settings.get(StoreSettings.OBJECTS.kmsContext)).containsExactly(entry("b", "2"), entry("a", "1 and more"));
    assertThat(settings.get(StoreSettings.OBJECTS.kmsBucketKey)).isTrue();
    assertThat(settings.get(StoreSettings.OBJECTS.acl)).isEqualTo(CannedAcl.BUCKET_OWNER_FULL_CONTROL);
    assertThat(settings.get(StoreSettings.OBJECTS.maxObjectSize)).isEqualTo(48L << 40);
  }

  @Test
  void aSecondStoreHasTheSameSettingsAndRulesUnderAnotherName() {
    StoreGroup other = new StoreGroup("reelway.other", "Another bucket.");

    List<Setting<?>> all = allOf(other);
    assertThat(all).extracting(Setting::key).containsExactlyElementsOf(
        allOf(StoreSettings.PRIMARY).stream()
            .map(setting -> setting.key().replace("reelway.store.", "reelway.other."))
            .toList());
    assertThat(other.rules()).hasSameSizeAs(StoreSettings.PRIMARY.rules())
        .allMatch(rule -> all.contains(rule.about()) && all.containsAll(rule.reads()));
  }

  private static List<Setting<?>> allOf(StoreGroup group) {
    List<Setting<?>> all = new ArrayList<>(group.settings());
    all.addAll(group.objects.settings());
    return all;
  }

  @Test
  void everySecretIsKnownAsSuch() {
    assertThat(Settings.all()).filteredOn(Setting::secret).extracting(Setting::key)
        .containsExactlyInAnyOrder("reelway.store.access-key", "reelway.store.secret-key",
            "reelway.store.session-token", "reelway.store.proxy-password", "reelway.store.customer-key",
            "reelway.backup.access-key", "reelway.backup.secret-key", "reelway.backup.session-token",
            "reelway.backup.proxy-password", "reelway.backup.customer-key", "reelway.routing.destinations", "reelway.routing.members",
            "reelway.servers.api", "reelway.transfer.manifest-secret",
            "reelway.callbacks.url", "reelway.callbacks.events-url", "reelway.callbacks.secret",
            "reelway.callbacks.old-secret",
            "reelway.http.password", "reelway.management.password", "reelway.telemetry.headers", "reelway.state.password",
            "reelway.queue.password");
  }

  @Test
  void requiredSettingThatIsThereIsNoProblem() {
    Settings settings =
        Settings.load(null, Map.of("REELWAY_STORE_BUCKET", "abc"), Map.of(), Set.of(StoreSettings.BUCKET));

    assertThat(settings.require(StoreSettings.BUCKET)).isEqualTo("abc");
  }

  private Path write(String content) throws IOException {
    return Files.writeString(folder.resolve("application.properties"), content);
  }
}
