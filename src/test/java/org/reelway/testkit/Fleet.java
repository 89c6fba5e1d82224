package org.reelway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.reelway.testkit.CallbackReceiver.Received;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Several sidecars, each a process, on one real PostgreSQL and one real broker, in front of one store and one backend. Each sidecar has
 * a way of its own to the database and the broker, which can be cut. All that goes through is known to {@link #check}.
 */
public final class Fleet implements AutoCloseable {
  /** Callbacks of each recording beside recording.finished, by a step that an operator added: their order can be seen. */
  private static final int NUMBERED = 3;
  /** What was at a node that went away is taken over within a minute; the machine may be busy. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  public static final String SCHEMA = "reelway";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public final Postgres database;
  public final Broker broker;
  public final TestStore store;
  public final CallbackReceiver backend = new CallbackReceiver();
  private final Path folder;
  private final Path routes;
  private final Path mixer;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  /** By key, what is to be in the store. */
  private final Map<String, Path> originals = new LinkedHashMap<>();
  /** By key, from where it was taken. */
  private final Map<String, Path> places = new LinkedHashMap<>();
  private final Map<String, Path> mixed = new LinkedHashMap<>();
  private Path conference;

  /** One sidecar: how it is started, and the process where it runs. */
  public final class Node implements AutoCloseable {
    public final String name;
    public final ChildReelway.CommandLine line;
    public final Recordings recordings;
    private final Path own;
    private final TcpLink toDatabase = TcpLink.to(database.port());
    private final TcpLink toBroker = TcpLink.to(broker.port());
    private final TcpLink toStore = TcpLink.to(store.endpoint().getPort());
    private final List<ProcessHandle> held = new ArrayList<>();
    private ChildReelway child;

    private Node(String name, String roles, Path recordings) {
      this.name = name;
      this.own = folder.resolve(name);
      this.recordings = new Recordings(recordings);
      this.line = ChildReelway.sidecar(own, URI.create("http://127.0.0.1:" + toStore.port()))
          .set("reelway.node", name)
          .set("reelway.roles", roles)
          .set("reelway.recordings.folder", recordings)
          .set("reelway.recordings.tidy", "delete")
          .set("reelway.routes.folder", routes)
          .set("reelway.state.url", Postgres.address(SCHEMA, toDatabase.port()))
          .set("reelway.state.username", Postgres.USER)
          .set("reelway.queue.url", "tcp://127.0.0.1:" + toBroker.port())
          .set("reelway.mixer.settings", mixer)
          .set("reelway.callbacks.url", "cms=" + backend.uri("/hook"))
          .set("reelway.callbacks.allow-private", "127.0.0.1")
          .set("reelway.callbacks.retry-first", "100ms")
          .set("reelway.callbacks.retry-max", "1s");
    }

    public Node start() {
      try {
        Path program = own.resolve("state").resolve("ffmpeg");
        if (!Files.exists(program)) {
          Files.createDirectories(program.getParent());
          // Unpacked already: 90 MB for each node else.
          Files.createSymbolicLink(program, Path.of("target/ffmpeg").toAbsolutePath());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      child = line.start();
      return this;
    }

    public Node ready() {
      child.awaitLog("ready: ");
      return this;
    }

    public ChildReelway child() {
      return child;
    }

    /** Nothing that it sends reaches the store, and nobody is told. */
    public void silenceStore() {
      toStore.silence();
    }

    public void mendStore() {
      toStore.mend();
    }

    /** Nothing reaches database and broker, and nobody is told. */
    public void silence() {
      toDatabase.silence();
      toBroker.silence();
    }

    /** Connections to database and broker break, and there are no new ones. */
    public void cut() {
      toDatabase.cut();
      toBroker.cut();
    }

    public void mend() {
      toDatabase.mend();
      toBroker.mend();
    }

    /** SIGSTOP of its mixing ffmpegs: the mix takes as long as the test wants. @return whether there were any */
    public boolean holdMix() {
      List<ProcessHandle> programs = ffmpegs();
      programs.forEach(each -> ChildReelway.signal("STOP", each.pid()));
      held.addAll(programs);
      return !programs.isEmpty();
    }

    public boolean isHeld() {
      return !held.isEmpty();
    }

    public boolean isMixing() {
      return !ffmpegs().isEmpty();
    }

    public void letMixGo() {
      held.stream().filter(ProcessHandle::isAlive).forEach(each -> ChildReelway.signal("CONT", each.pid()));
      held.clear();
    }

    /** kill -9 of it and of its ffmpegs, as when its machine dies. */
    public void kill() {
      List<ProcessHandle> programs = ffmpegs();
      child.kill();
      programs.forEach(ProcessHandle::destroyForcibly);
    }

    private List<ProcessHandle> ffmpegs() {
      return ProcessHandle.of(child.pid()).stream().flatMap(ProcessHandle::descendants)
          .filter(each -> each.info().command().orElse("").endsWith("/ffmpeg")).toList();
    }

    public HttpCalls http() {
      return child.http();
    }

    public HttpCalls management() {
      return child.management();
    }

    /** A finished recording with its marker. @param name with folders, its key; no other one's ends with a slash and this */
    public String record(String name, int bytes) {
      Path file = recordings.random(name, bytes, name.hashCode());
      return mark(name, file);
    }

    private String mark(String key, Path file) {
      try {
        Path original = folder.resolve("originals").resolve(key);
        Files.createDirectories(original.getParent());
        Files.copy(file, original);
        originals.put(key, original);
        places.put(key, file);
        Recordings.mark(file);
        return key;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** A conference's file of many tracks, which is to be mixed and sent. @return key of the mix */
    public String recordConference(String name) throws Exception {
      return recordConference(name, conference());
    }

    /** @param media of its tracks */
    public String recordConference(String name, Path media) throws Exception {
      Path file = recordings.folder().resolve(name);
      Files.createDirectories(file.getParent());
      Files.copy(media, file);
      String order = "{\"file\": \"" + file + "\", \"recorderUri\": \"multi-recorder://" + name.replace('/', '-') + "\"}";
      // Refused for some seconds after the database or the way to it is back.
      await("a mix is ordered", () -> http().post("/mixes", "application/json", order).status() == 200);
      mark(name, file);
      String mix = name.replace(".mp4", "_mixed.mp4");
      mixed.put(mix, file);
      return mix;
    }

    @Override
    public void close() {
      if (child != null) {
        if (child.isAlive()) {
          kill();
        }
        held.forEach(ProcessHandle::destroyForcibly);
      }
      toDatabase.close();
      toBroker.close();
      toStore.close();
    }
  }

  public Fleet(Path folder) throws Exception {
    this.folder = folder;
    database = Postgres.start();
    database.execute("CREATE SCHEMA " + SCHEMA);
    broker = Broker.start(folder.resolve("broker"));
    store = TestStore.start(folder.resolve("store"));
    routes = Files.createDirectories(folder.resolve("routes"));
    copyRoutes();
    mixer = Files.writeString(
        folder.resolve("offline_mixer.json"),
        "{\"callbackUrl\":\"" + backend.uri("/callback") + "\",\"minAvailableSpace\":\"1M\",\"mixerVideoWidth\":\"320\","
            + "\"mixerVideoHeight\":\"180\",\"mixerVideoFps\":25}");
  }

  /** The shipped ones, with a step that an operator adds. */
  private void copyRoutes() throws IOException {
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path each : shipped.filter(Files::isRegularFile).toList()) {
        Files.copy(each, routes.resolve(each.getFileName()));
      }
    }
    Path verified = routes.resolve("30-recordings-verified.camel.yaml");
    String text = Files.readString(verified);
    String before = "        - setBody:\n            id: file-again\n";
    assertThat(text).contains(before);
    Files.writeString(verified, text.replace(before, """
        - loop:
            id: numbered
            expression:
              constant:
                expression: "%d"
            steps:
              - setHeader:
                  id: one-queue
                  name: CallbackQueue
                  expression:
                    simple:
                      expression: "numbers of ${header.RecordingFile}"
              - setHeader:
                  id: one-each
                  name: CallbackSubject
                  expression:
                    simple:
                      expression: "${exchangeProperty.CamelLoopIndex} of ${header.RecordingFile}"
              - setBody:
                  id: number
                  expression:
                    simple:
                      expression: '{"type": "numbered", "of": "${header.RecordingFile}", "number": ${exchangeProperty.CamelLoopIndex}}'
              - to:
                  id: tell-number
                  uri: kamelet:callback-outbox
                  parameters:
                    type: numbered
        """.formatted(NUMBERED).indent(8) + before));
  }

  /** @param roles as reelway.roles has them; it is started by {@link Node#start} */
  public Node node(String name, String roles) {
    return node(name, roles, folder.resolve(name).resolve("recordings"));
  }

  /** @param recordings a folder that another one may have as well */
  public Node node(String name, String roles, Path recordings) {
    Node node = new Node(name, roles, recordings);
    nodes.put(name, node);
    return node;
  }

  public Path folder(String name) {
    return folder.resolve(name);
  }

  /** Two streams for some seconds, encoded once. */
  private Path conference() throws Exception {
    if (conference == null) {
      conference = new MultiTrackMp4()
          .take("left", "a1", 0, 6, 1, 2).video("red", 320, 180, 25).audio(440, 48_000, "mono").and()
          .take("right", "b1", 1, 5, 1, 2).video("blue", 320, 180, 25).audio(880, 48_000, "mono").and()
          .write(folder.resolve("conference.mp4"));
    }
    return conference;
  }

  public boolean isDone(String key) {
    return numbersOf(key).distinct().count() == NUMBERED && of("recording.finished", key).findAny().isPresent() && !isMarked(key);
  }

  private boolean isMarked(String key) {
    return places.containsKey(key) && Recordings.isMarked(places.get(key));
  }

  /** Whether its backend was told anything of it. */
  public boolean isTold(String key) {
    return numbersOf(key).findAny().isPresent();
  }

  public boolean isMixed(String mix) {
    return !told(mix).isEmpty() && of("recording.finished", mix).findAny().isPresent();
  }

  public boolean allDone() {
    return originals.keySet().stream().allMatch(this::isDone) && mixed.keySet().stream().allMatch(this::isMixed);
  }

  /** What is left, for a failure's message. */
  public String left() {
    return "recordings " + originals.keySet().stream().filter(key -> !isDone(key)).toList() + ", mixes "
        + mixed.keySet().stream().filter(key -> !isMixed(key)).toList();
  }

  /** Callbacks of the mix. */
  private List<Received> told(String mix) {
    return received("/callback").stream()
        .filter(each -> json(each).path("multiRecorderFilePath").asText().endsWith("/" + mix.replace("_mixed.mp4", ".mp4")))
        .toList();
  }

  private Stream<Received> of(String type, String key) {
    String end = "/" + key + "\"";
    return received("/hook").stream().filter(each -> each.body().contains("\"" + type + "\"") && each.body().contains(end));
  }

  private Stream<Integer> numbersOf(String key) {
    return of("numbered", key).map(each -> json(each).path("number").asInt());
  }

  private List<Received> received(String path) {
    return backend.received().stream().filter(each -> each.path().equals(path)).toList();
  }

  private static JsonNode json(Received received) {
    try {
      return JSON.readTree(received.body());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** P1 at any instant: the untouched file, or an object with its bytes. */
  public void checkNothingIsLost() {
    originals.forEach((key, original) -> {
      Path file = places.get(key);
      byte[] left;
      try {
        left = Files.readAllBytes(file);
      } catch (IOException gone) {
        left = store.bytes(key);
      }
      assertThat(left).as("file or object %s", key).isEqualTo(Recordings.bytes(original));
    });
  }

  /** When all is done: one object for each recording and each mix, all told under one id each and in order, nothing left behind. */
  public void check() {
    checkNothingIsLost();
    List<String> keys = store.keys().stream().filter(key -> !key.startsWith(".reelway-probe/")).toList();
    assertThat(keys).as("one object each")
        .containsExactlyInAnyOrderElementsOf(Stream.concat(originals.keySet().stream(), mixed.keySet().stream()).toList());
    originals.forEach((key, original) -> {
      assertThat(store.bytes(key)).as("object %s", key).isEqualTo(Recordings.bytes(original));
      assertThat(places.get(key)).as("deleted").doesNotExist();
      assertThat(of("recording.finished", key).map(Received::id).distinct()).as("told of %s", key).hasSize(1);
      checkOrder(key);
    });
    mixed.keySet().forEach(mix -> {
      assertThat(told(mix).stream().map(Received::id).distinct()).as("callbacks of %s", mix).hasSize(1);
      assertThat(of("recording.finished", mix).map(Received::id).distinct()).as("told of %s", mix).hasSize(1);
    });
    backend.received().stream().collect(Collectors.groupingBy(Received::id)).forEach((id, all) ->
        assertThat(all.stream().map(Received::body).distinct()).as("bodies of %s", id).hasSize(1));
    assertThat(database.query("SELECT COUNT(*) FROM " + SCHEMA + ".callback WHERE state <> 'delivered'")).containsExactly("0");
    checkUploads();
  }

  /** What a kill leaves in the store is empty, or known: the janitor ends it. */
  private void checkUploads() {
    Set<String> known = Set.copyOf(database.query(
        "SELECT upload_id FROM " + SCHEMA + ".upload WHERE upload_id IS NOT NULL UNION SELECT upload_id FROM " + SCHEMA
            + ".abandoned_upload"));
    for (MultipartUpload upload : store.client().listMultipartUploads(list -> list.bucket(TestStore.BUCKET)).uploads()) {
      if (!known.contains(upload.uploadId())) {
        assertThat(store.parts(upload.key(), upload.uploadId())).as("parts of %s", upload).isEmpty();
      }
    }
  }

  /** Where an answer was lost one is told again, at any time; what counts is when each was told first. */
  private void checkOrder(String key) {
    assertThat(numbersOf(key).distinct().toList()).as("callbacks of %s come in order", key)
        .isEqualTo(IntStream.range(0, NUMBERED).boxed().toList());
  }

  public void await(String what, Callable<Boolean> condition) {
    try {
      Awaitility.await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(50)).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\nleft: " + left() + logs(), e);
    }
  }

  public void awaitAllDone() {
    await("all is done", this::allDone);
    await("no callback waits", () ->
        database.query("SELECT COUNT(*) FROM " + SCHEMA + ".callback WHERE state = 'waiting'").equals(List.of("0")));
  }

  private String logs() {
    return nodes.values().stream().filter(node -> node.child != null).map(node -> "\n--- " + node.name + "\n" + node.child.err())
        .collect(Collectors.joining());
  }

  /** Of all nodes. */
  public void checkLogs(String... never) {
    nodes.values().stream().filter(node -> node.child != null)
        .forEach(node -> {
          assertThat(node.child.err()).as(node.name).doesNotContain("\tat ");
          Stream.of(never).forEach(word -> assertThat(node.child.err()).as(node.name).doesNotContain(word));
        });
  }

  @Override
  public void close() throws Exception {
    nodes.values().forEach(Node::close);
    backend.close();
    store.close();
    broker.close();
    database.close();
  }
}
