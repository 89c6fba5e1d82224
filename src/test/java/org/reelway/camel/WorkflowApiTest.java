package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;
import org.reelway.state.TestState;
import org.reelway.stream.workflow.Reached;
import org.reelway.stream.workflow.ScriptedDriver;
import org.reelway.stream.workflow.StreamDriver.RunningCost;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.WantedStream;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.HttpCalls.Answer;

/** The calls below {@code /streams} with the shipped routes, over HTTP; the driver does what a test says. */
class WorkflowApiTest {
  private static final String JSON = "application/json";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String ID = "0f5b5cbe6d3e4c34a7f1b0a3a2f9c1d4";

  @TempDir static Path folder;
  private static final ScriptedDriver DRIVER = new ScriptedDriver();
  private static CallbackReceiver backend;
  private static Sidecar sidecar;
  private static HttpCalls http;

  @BeforeAll
  static void start() throws IOException {
    backend = new CallbackReceiver();
    Map<String, String> settings = new HashMap<>(Map.of(
        "reelway.recordings.folder", Files.createDirectory(folder.resolve("recordings")).toRealPath().toString(),
        "reelway.state.folder", folder.resolve("state").toString(),
        "reelway.store.endpoint", "http://127.0.0.1:1",
        "reelway.store.bucket", "recordings",
        "reelway.store.access-key", "a", "reelway.store.secret-key", "b",
        "reelway.workflow.most", "20",
        "reelway.http.port", "0", "reelway.management.port", "0"));
    settings.put("reelway.callbacks.url", "backend=" + backend.uri("/hook"));
    settings.put("reelway.callbacks.allow-private", "127.0.0.1");
    sidecar = new Sidecar(TestState.load(settings), Path.of("."), Optional.of(DRIVER));
    sidecar.start();
    http = new HttpCalls(sidecar.http());
  }

  @AfterAll
  static void stop() throws IOException {
    sidecar.close();
    backend.close();
  }

  @BeforeEach
  void doAsAsked() {
    DRIVER.script = ScriptedDriver::facts;
    DRIVER.costs.clear();
    DRIVER.beforeCosts = () -> {};
  }

  @AfterEach
  void deleteAll() {
    DRIVER.script = ScriptedDriver::facts;
    http.get("/streams").json().forEach(stream -> {
      String id = stream.path("id").asText();
      http.post("/streams/" + id + "/stop", JSON, "");
      http.delete("/streams/" + id);
      DRIVER.wake(id);
    });
    await().until(() -> http.get("/streams").json().isEmpty());
  }

  private static Answer post(String path, String body) {
    return http.post(path, JSON, body.replace('\'', '"'));
  }

  private static String created() {
    return good(post("/streams", "{'name': 'one', 'description': 'a stream'}")).path("id").asText();
  }

  private static JsonNode good(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static void refused(Answer answer, int status, String words) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.error()).contains(words);
    assertThat(answer.json().path("class").asText()).isEqualTo("input");
    assertThat(answer.json().size()).isEqualTo(2);
  }

  private static JsonNode example() throws IOException {
    Matcher example = Pattern.compile("(?s)<!-- example of a stream -->\n```json\n(.*?)```")
        .matcher(Files.readString(Path.of("docs", "api.md")));
    assertThat(example.find()).isTrue();
    return MAPPER.readTree(example.group(1));
  }

  @Test
  void aRecordIsTheDocumentedOneMemberByMember() throws IOException {
    JsonNode example = example();
    String id = good(post("/streams", "{'name': 'Sunday service', 'description': 'Main hall'}")).path("id").asText();
    good(post("/streams/" + id + "/start", ""));
    JsonNode live = good(post("/streams/" + id + "/live", ""));

    String told = MAPPER.writeValueAsString(live)
        .replace(live.path("current_session_id").asText(), example.path("current_session_id").asText()).replace(id, ID);
    // Times are today's.
    told = told.replaceAll("\\d{4}/\\d\\d/\\d\\d/" + ID + "-\\d{10}", "2026/11/30/" + ID + "-1796040900")
        .replaceAll("\"last_update\":\"\\d{10}\"", "\"last_update\":\"1796040930\"")
        .replaceAll("\"last_started\":\"\\d{10}\"", "\"last_started\":\"1796040900\"");
    assertThat(MAPPER.readTree(told)).isEqualTo(example);
    assertThat(live.fieldNames()).toIterable().as("in this order").containsExactlyElementsOf(example::fieldNames);
    assertThat(http.get("/streams").json().get(0)).as("in lists the same").isEqualTo(live);
    assertThat(http.get("/streams/" + id).json()).isEqualTo(live);
  }

  @Test
  void whatTheDriverOfAwsKnowsHasItsTypes() {
    DRIVER.script = (stream, facts) -> {
      facts.set(StreamFacts.LIVE_CHANNEL, "1234567");
      facts.set(StreamFacts.LIVE_INPUT, "7654321");
      facts.set(StreamFacts.PACKAGE_CHANNEL, stream.id());
      facts.set(StreamFacts.PACKAGE_ENDPOINT, stream.id() + "-hls");
      facts.set(StreamFacts.SSM_PATHS, "/Medialive_api/a,/Medialive_api/b");
      return Reached.done();
    };
    JsonNode made = good(post("/streams", "{'name': 'one', 'description': '', 'segment_length': '60'}"));
    assertThat(made.path("segment_length").isInt()).isTrue();
    assertThat(made.path("segment_length").asInt()).isEqualTo(60);
    assertThat(made.path("live_channel_id").asText()).isEqualTo("1234567");
    assertThat(made.path("live_input_id").asText()).isEqualTo("7654321");
    assertThat(made.path("package_channel_id")).isEqualTo(made.path("id"));
    assertThat(made.path("ssm_paths").toString()).isEqualTo("[\"/Medialive_api/a\",\"/Medialive_api/b\"]");
  }

  @Test
  void aStreamLivesByTheCallsOfItsClients() {
    String id = created();
    assertThat(good(http.get("/streams/" + id)).path("last_started").isNull()).isTrue();
    JsonNode started = good(post("/streams/" + id + "/start", "{'startover_window_seconds': 3600, 'path': 's3://recordings/shows/x'}"));
    String session = started.path("current_session_id").asText();
    assertThat(started.path("archives_path").path(session).asText()).isEqualTo("s3://recordings/shows/x/");
    assertThat(started.path("startover_window_seconds").asInt()).isEqualTo(3600);
    assertThat(good(post("/streams/" + id + "/live", "")).path("cloudfront_associated").asBoolean()).isTrue();
    assertThat(good(http.delete("/streams/" + id + "/live")).path("cloudfront_associated").asBoolean()).isFalse();
    JsonNode stopped = good(post("/streams/" + id + "/stop", ""));
    assertThat(stopped.path("started").asBoolean()).isFalse();
    assertThat(stopped.path("current_session_id").asText()).isEqualTo(session);
    assertThat(stopped.path("last_stopped").asText()).matches("\\d{10}");
    assertThat(good(http.delete("/streams/" + id)).path("state").asText()).isEqualTo("deleting");
    refused(http.get("/streams/" + id), 404, "no stream has the id \"" + id + "\"; GET /streams lists them");

    await().atMost(Duration.ofSeconds(30)).until(() -> backend.received().stream().filter(call -> call.body().contains(id)).count() == 2);
    List<String> told = backend.received().stream().map(call -> call.body()).filter(body -> body.contains(id)).toList();
    assertThat(told.get(0)).contains("\"type\":\"stream.session.opened\"", "\"archive\":\"s3://recordings/shows/x/\"", "viewer_endpoint")
        .doesNotContain("rtmp", "key1");
    assertThat(told.get(1)).contains("\"type\":\"stream.session.closed\"", "\"session_id\":\"" + session + "\"", "stopped_at");
  }

  @Test
  void theRegistryOfMediaServersIsWhereItWas() {
    assertThat(good(http.get("/streams/registry")).fieldNames()).toIterable().containsExactly("count", "streams", "servers", "eventsWaiting");
    assertThat(created()).matches("[0-9a-f]{32}");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {}                                                          | "name" is missing
      {'name': 'x'}                                               | "description" is missing
      {'name': null, 'description': 'y'}                          | "name" is missing
      {'name': 5, 'description': 'y'}                             | "name" is 5; it is a text, in quotes
      {'name': ' ', 'description': 'y'}                           | "name" is " "; it is a text of one line that is not empty
      {'name': 'a\\nb', 'description': 'y'}                       | it is a text of one line that is not empty
      {'name': 'a\\u0000b', 'description': 'y'}                   | "name" has a control character
      {'name': 'x', 'description': ['y']}                         | "description" is [y]; it is a text
      {'name': 'x', 'description': 'y', 'segment_length': 0}      | "segment_length" is 0; it is a whole number from 1 to 86400
      {'name': 'x', 'description': 'y', 'segment_length': 1.5}    | "segment_length" is 1.5; it is a whole number
      {'name': 'x', 'description': 'y', 'segment_length': 'long'} | "segment_length" is "long"; it is a whole number
      {'name': 'x', 'description': 'y', 'segment_length': 1e99}   | "segment_length" is 1.0E99; it is a whole number
      {'name': 'x', 'description': 'y', 'segment_length': {}}     | "segment_length" is {}; it is a whole number
      {'name': 'x', 'description': 'y', 'startover_window_seconds': -1} | "startover_window_seconds" is -1
      {'name': 'x', 'description': 'y', 'key_rotation_interval': 0}     | "key_rotation_interval" is 0
      {'name': 'x', 'description': 'y', 'archives_path': ['s3://recordings/a/']}       | "archives_path" is [s3://recordings/a/]; it is an object of texts
      {'name': 'x', 'description': 'y', 'archives_path': {'s': 7}}                     | "archives_path" has 7; each is a text of at most 1000
      {'name': 'x', 'description': 'y', 'archives_path': {'s': 's3://other/a/'}}       | "archives_path" is in the bucket "other"
      {'name': 'x', 'description': 'y', 'archives_path': {'s': 's3://recordings/../'}} | has an empty folder, or one of dots
      {'name': 'x', 'description': 'y', 'archives_path': {'a b': 's3://recordings/a/'}} | letters, digits, - and _
      {'name': 'x', 'desciption': 'y'}                            | there is no member "desciption"; did you mean "description"?
      {'name': 'x', 'description': 'y', 'rtmp1': 'mine'}          | there is no member "rtmp1"; allowed are name, description
      """)
  void whatIsWrongWithANewStreamIsNamed(String body, String words) {
    refused(post("/streams", body), 400, words);
    assertThat(http.get("/streams").json()).isEmpty();
  }

  @Test
  void archivesOfAnEarlierRecordAreTakenWithAStream() {
    JsonNode made = good(post(
        "/streams", "{'name': 'x', 'description': 'y', 'archives_path': {'old-1': 's3://recordings/2025/01/02/ab-1735812000/'}}"));
    assertThat(made.path("archives_path").path("old-1").asText()).isEqualTo("s3://recordings/2025/01/02/ab-1735812000/");
    assertThat(made.path("current_session_id").isNull()).isTrue();
  }

  @Test
  void aBodyThatIsNoObjectIsRefused() {
    String id = created();
    for (String path : List.of("/streams", "/streams/" + id, "/streams/" + id + "/start", "/streams/" + id + "/split")) {
      for (String body : List.of("[1]", "5", "\"x\"", "{")) {
        Answer answer = http.post(path, JSON, body);
        assertThat(answer.status()).as(path + " " + body + " " + answer.body()).isIn(400, 422);
        assertThat(answer.error()).doesNotContain("org.reelway", "jackson");
      }
      assertThat(http.post(path, JSON, "{\"name\": \"" + "x".repeat(70_000) + "\"}").status()).isEqualTo(413);
    }
    refused(post("/streams", "null"), 400, "\"name\" is missing");
    refused(post("/streams", "{'name': '" + "x".repeat(201) + "', 'description': ''}"), 400, "\"name\" has 201 characters; at most 200");
    refused(post("/streams", "{'name': 'x', 'description': '" + "x".repeat(2001) + "'}"), 400, "\"description\" has 2001 characters");
  }

  @Test
  void aWholeRecordMayBePostedBackAndWhatMayNotChangeIsNamed() throws IOException {
    String id = created();
    good(post("/streams/" + id + "/start", ""));
    Map<String, Object> record = MAPPER.readValue(http.get("/streams/" + id).body(), HashMap.class);
    record.put("name", "two");
    record.put("state", "stopped");
    JsonNode changed = good(http.post("/streams/" + id, JSON, MAPPER.writeValueAsString(record)));
    assertThat(changed.path("name").asText()).isEqualTo("two");
    assertThat(changed.path("state").asText()).isEqualTo("started");

    for (String member : record.keySet()) {
      if (Set.of("name", "description", "segment_length", "last_update", "state", "trouble").contains(member)) {
        continue;
      }
      Map<String, Object> other = new HashMap<>(record);
      other.put(member, "another");
      Answer answer = http.post("/streams/" + id, JSON, MAPPER.writeValueAsString(other));
      refused(answer, 400, "\"" + member + "\" is \"another\", and cannot be changed");
      assertThat(answer.error()).as("tells no key").doesNotContain("key1", "key2");
    }
    refused(post("/streams/" + id, "{'segment_length': 60}"), 409, "can change only while it is stopped");
    refused(post("/streams/" + id, "{'segmentlength': 60}"), 400, "did you mean \"segment_length\"?");
    refused(post("/streams/" + id, "{'name': null}"), 400, "\"name\" is missing");
    good(post("/streams/" + id + "/stop", ""));
    JsonNode last = good(post("/streams/" + id, "{'segment_length': 60}"));
    assertThat(last.path("segment_length").asInt()).isEqualTo(60);
    assertThat(last.path("description").asText()).isEqualTo("a stream");
    assertThat(good(post("/streams/" + id, "{}")).path("name").asText()).isEqualTo("two");
  }

  @Test
  void anUnknownStreamIsNotFoundByAnyCall() {
    for (String path : List.of("", "/start", "/stop", "/live")) {
      refused(post("/streams/none" + path, ""), 404, "no stream has the id \"none\"");
    }
    refused(post("/streams/none/split", "{'session_id': 's', 'timestamp_list': [{'start': 0, 'end': 1}]}"), 404, "no stream has the id");
    refused(http.get("/streams/none"), 404, "no stream has the id");
    refused(http.delete("/streams/none"), 404, "no stream has the id");
    refused(http.delete("/streams/none/live"), 404, "no stream has the id");
    assertThat(http.get("/streams/none/start").status()).isEqualTo(405);
  }

  @Test
  void whatDoesNotGoInAStateIsAConflict() {
    String id = created();
    refused(post("/streams/" + id + "/stop", ""), 409, "is not started: it is stopped");
    good(post("/streams/" + id + "/start", ""));
    refused(post("/streams/" + id + "/start", ""), 409, "is started; stop it first");
    refused(http.delete("/streams/" + id), 409, "is started; stop it first");
    DRIVER.script = (stream, facts) -> Reached.waiting(Duration.ofHours(1), "the last segment");
    JsonNode stopping = good(post("/streams/" + id + "/stop", ""));
    assertThat(stopping.path("state").asText()).isEqualTo("stopping");
    assertThat(stopping.path("trouble").asText()).isEqualTo("the last segment");
    refused(post("/streams/" + id + "/start", ""), 409, "is stopping");
    good(http.delete("/streams/" + id));
    for (String path : List.of("/start", "/stop", "/live", "")) {
      Answer answer = post("/streams/" + id + path, "");
      assertThat(answer.status()).as(path).isEqualTo(409);
    }
    good(http.delete("/streams/" + id));
  }

  @Test
  void ofConcurrentStartsOneIsTaken() throws Exception {
    String id = created();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        calls.add(threads.submit(() -> post("/streams/" + id + "/start", "").status()));
      }
      List<Integer> answers = new ArrayList<>();
      for (Future<Integer> call : calls) {
        answers.add(call.get());
      }
      assertThat(answers).containsExactlyInAnyOrder(200, 409, 409, 409, 409, 409);
    } finally {
      threads.shutdownNow();
    }
    assertThat(http.get("/streams/" + id).json().path("archives_path")).hasSize(1);
  }

  @Test
  void anArchiveInAFolderThatNoFileSystemTakesIsRefused() throws Exception {
    String path = "s3://recordings/" + "x".repeat(256) + "/";
    refused(post("/streams/" + created() + "/start", "{'path': '" + path + "'}"), 400, "a folder whose name is longer than 255 bytes");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {'pth': 's3://recordings/x/'}           | there is no member "pth"; did you mean "path"?
      {'path': 'x'}                           | "path" is "x"; allowed is s3://bucket/prefix/
      {'path': 's3://other/x/'}               | "path" is in the bucket "other"; archives go to reelway.store.bucket, which is "recordings"
      {'path': 's3://recordings/../x/'}       | has an empty folder, or one of dots
      {'path': 's3://recordings/half\\ud800/'} | "path" has half a character
      {'path': 5}                             | "path" is 5; it is a text
      {'startover_window_seconds': 'x'}       | "startover_window_seconds" is "x"
      {'startover_window_seconds': 1209601}   | it is a whole number from 0 to 1209600
      {'key_rotation_interval': true}         | "key_rotation_interval" is true
      """)
  void whatIsWrongWithAStartIsNamed(String body, String words) {
    String id = created();
    refused(post("/streams/" + id + "/start", body), 400, words);
    assertThat(http.get("/streams/" + id).json().path("started").asBoolean()).isFalse();
  }

  @Test
  void aPathThatIsTakenIsAConflict() {
    good(post("/streams/" + created() + "/start", "{'path': 's3://recordings/taken/'}"));
    refused(post("/streams/" + created() + "/start", "{'path': 's3://recordings/taken/deeper/'}"), 409, "the archive of another session is at");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      400 | {'timestamp_list': [{'start': 0, 'end': 1}]}                                            | "session_id" is missing
      400 | {'session_id': 's'}                                                                     | "timestamp_list" is missing
      400 | {'session_id': 's', 'timestamp_list': []}                                               | "timestamp_list" is missing or empty
      400 | {'session_id': 's', 'timestamp_list': 5}                                                | "timestamp_list" is 5; it is an array
      400 | {'session_id': 's', 'timestamp_list': [5]}                                              | "timestamp_list[0]" is 5
      400 | {'session_id': 's', 'timestamp_list': [{'start': 0, 'stop': 1}]}                        | "timestamp_list[0]" is {start=0, stop=1}; it is an object of start and end
      400 | {'session_id': 's', 'timestamp_list': [{'start': -1, 'end': 1}]}                        | "timestamp_list[0].start" is "-1"
      400 | {'session_id': 's', 'timestamp_list': [{'start': 2, 'end': 1}]}                         | is not before its end
      400 | {'session_id': 's', 'timestamp_list': [{'start': {}, 'end': 1}]}                        | "start"
      400 | {'session_id': 's', 'timestamp_list': [{'start': 0, 'end': 1}], 'name_modifier': '../x'} | "name_modifier" is "../x"
      400 | {'session_id': 's', 'timestamp_list': [{'start': 0, 'end': 1}], 'format': 'avi'}        | "format" is "avi"
      400 | {'session_id': 's', 'timestamp_list': [{'start': 0, 'end': 1}], 'exact': 'yes'}         | "exact" is "yes"; it is true or false
      400 | {'session_id': 's', 'timestamp_list': [{'start': 0, 'end': 1}], 'modifier': 'x'}        | there is no member "modifier"
      404 | {'session_id': 's', 'timestamp_list': [{'start': 0, 'end': 1}]}                         | "session_id" is "s", and no session of the stream
      """)
  void whatIsWrongWithASplitIsNamed(int status, String body, String words) {
    refused(post("/streams/" + created() + "/split", body), status, words);
  }

  @Test
  void streamsComeInPages() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(created());
    }
    List<String> paged = new ArrayList<>();
    JsonNode page = good(http.get("/streams?limit=2"));
    while (!page.isEmpty()) {
      assertThat(page.size()).isLessThanOrEqualTo(2);
      page.forEach(stream -> paged.add(stream.path("id").asText()));
      page = good(http.get("/streams?limit=2&after=" + paged.get(paged.size() - 1)));
    }
    assertThat(paged).containsExactlyElementsOf(ids.stream().sorted().toList());
    assertThat(good(http.get("/streams"))).hasSize(5);
    for (String limit : List.of("0", "-1", "1001", "x", "")) {
      refused(http.get("/streams?limit=" + limit), 400, "allowed are 1 to 1000");
    }
  }

  @Test
  void whatRunsIsListedWithItsStream() {
    String id = created();
    DRIVER.costs.add(new RunningCost(id, "MediaLive channel 1, RUNNING", true));
    DRIVER.costs.add(new RunningCost("", "MediaLive channel 2, RUNNING", false));
    JsonNode costs = good(http.get("/streams?cost=true"));
    assertThat(costs.toString()).isEqualTo(
        "[{\"stream\":\"" + id + "\",\"what\":\"MediaLive channel 1, RUNNING\",\"wanted\":true},"
            + "{\"stream\":null,\"what\":\"MediaLive channel 2, RUNNING\",\"wanted\":false}]");
    refused(http.get("/streams?cost=yes"), 400, "cost is \"yes\"; allowed are true, false");
    HttpCalls management = new HttpCalls(sidecar.management());
    assertThat(management.get("/observe/health?data=true").body()).contains("MediaLive channel 2, RUNNING runs, and nobody wants it");
    DRIVER.costs.clear();
    DRIVER.beforeCosts = () -> {};
    good(http.get("/streams?cost=true"));
  }

  @Test
  void oneMoreStreamThanMayBeIsRefused() {
    for (int i = 0; i < 20; i++) {
      created();
    }
    Answer answer = post("/streams", "{'name': 'x', 'description': ''}");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isNotEmpty();
    assertThat(answer.error()).contains("set reelway.workflow.most to more");
  }

  @Test
  void aStreamThatCannotBeIsFailedAndHealthAndMetricsSaySo() {
    DRIVER.script = (stream, facts) -> {
      throw new InputFailure("the template of channels has no output");
    };
    JsonNode failed = good(post("/streams", "{'name': 'x', 'description': ''}"));
    assertThat(failed.path("state").asText()).isEqualTo("failed");
    assertThat(failed.path("trouble").asText()).isEqualTo("the template of channels has no output");
    HttpCalls management = new HttpCalls(sidecar.management());
    assertThat(management.get("/observe/health?data=true").body()).contains("is failed: the template of channels has no output");
    assertThat(management.get("/observe/metrics").body())
        .contains("reelway_workflow_streams{state=\"failed\"} 1.0").contains("reelway_workflow_failures_total{class=\"input\"}");
  }

  @Test
  void aHungDriverIsNotWaitedForByMoreThanAFewCalls() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch released = new CountDownLatch(1);
    DRIVER.script = (stream, facts) -> {
      hang(released);
      return ScriptedDriver.facts(stream, facts);
    };
    try {
      List<Future<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(threads.submit(() -> post("/streams", "{'name': 'x', 'description': ''}")));
      }
      await().atMost(Duration.ofSeconds(8)).until(() -> calls.stream().filter(Future::isDone).count() >= 4);
      assertThat(http.get("/recordings").status()).isEqualTo(200);
    } finally {
      released.countDown();
      threads.shutdown();
    }
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatRunsIsAskedForByOneCallAtATime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(10);
    CountDownLatch released = new CountDownLatch(1);
    DRIVER.beforeCosts = () -> hang(released);
    try {
      List<Future<Answer>> calls = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        calls.add(threads.submit(() -> http.get("/streams?cost=true")));
      }
      await().atMost(Duration.ofSeconds(10)).until(() -> calls.stream().filter(Future::isDone).count() == 9);
      for (Future<Answer> call : calls) {
        if (call.isDone()) {
          assertThat(call.get().status()).isEqualTo(503);
          assertThat(call.get().body()).contains("what runs is being looked for");
        }
      }
    } finally {
      released.countDown();
      threads.shutdown();
    }
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    good(http.get("/streams?cost=true"));
  }

  private static void hang(CountDownLatch released) {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatHappenedWaitsForItsRouteAndIsToldOnce() throws Exception {
    String id = created();
    sidecar.camelContext().getRouteController().stopRoute("workflow-told");
    try {
      good(post("/streams/" + id + "/start", ""));
      good(post("/streams/" + id + "/stop", ""));
      assertThat(bean("EventsWaiting")).isEqualTo(2L);
    } finally {
      sidecar.camelContext().getRouteController().startRoute("workflow-told");
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> bean("EventsWaiting").equals(0L));
    await().atMost(Duration.ofSeconds(30)).until(() -> backend.received().stream().filter(call -> call.body().contains(id)).count() == 2);
    assertThat(backend.received().stream().filter(call -> call.body().contains(id)).map(call -> call.body()))
        .satisfiesExactly(body -> assertThat(body).contains("session.opened"), body -> assertThat(body).contains("session.closed"));
  }

  private static Object bean(String attribute) throws JMException {
    return ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName("org.reelway:type=Workflow"), attribute);
  }

  @Test
  void jmxTellsOfStreamsAndLooksAtOne() throws Exception {
    DRIVER.script = (stream, facts) -> {
      throw new InputFailure("no template");
    };
    String id = created();
    assertThat(bean("Failed")).isEqualTo(1L);
    assertThat(bean("Streams").toString()).contains(id, "one: failed, no template");
    DRIVER.script = ScriptedDriver::facts;
    ManagementFactory.getPlatformMBeanServer().invoke(
        new ObjectName("org.reelway:type=Workflow"), "lookAt", new Object[] {id}, new String[] {String.class.getName()});
    await().until(() -> bean("Stopped").equals(1L));
    assertThat(ManagementFactory.getPlatformMBeanServer().getMBeanInfo(new ObjectName("org.reelway:type=Workflow")).getAttributes())
        .allSatisfy(attribute -> assertThat(attribute.getDescription()).isNotBlank().isNotEqualTo(attribute.getName()));
  }

  /** Not a test of what a driver does, but that it is asked as the API was. */
  @Test
  void theDriverIsAskedForWhatWasPosted() {
    String id = good(post("/streams", "{'name': 'n', 'description': 'd', 'segment_length': 10, 'startover_window_seconds': 20,"
        + " 'key_rotation_interval': 30}")).path("id").asText();
    WantedStream asked = DRIVER.asked.stream().filter(stream -> stream.id().equals(id)).findFirst().orElseThrow();
    assertThat(asked).isEqualTo(new WantedStream(
        id, "n", "d", Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(30), WantedStream.Wanted.STOPPED, false,
        Optional.empty()));
  }
}
