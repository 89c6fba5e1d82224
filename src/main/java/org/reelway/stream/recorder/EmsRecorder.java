package org.reelway.stream.recorder;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.servers.EmsCli;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recorder of an EvoStream Media Server: its commands {@code record} and {@code removeConfig}. EMS keeps variables that
 * begin with {@code _}; by them its recordings are known for ours, also after a restart of either.
 */
final class EmsRecorder implements ServerRecorder {
  /** Its events tell the stream by this. */
  static final String STREAM = "_localStreamName";
  static final String INSTANCE = "_reelwayInstance";
  static final String RECORDING = "_reelwayRecording";
  static final String ORDER = "_reelwayOrder";
  private static final Logger LOG = LoggerFactory.getLogger(EmsRecorder.class);

  private final EmsCli cli;
  private final String instance;
  private final ServerFiles files;
  private final FinishedFiles finished;
  private final Clock clock;
  private final String life = UUID.randomUUID().toString();
  private final AtomicLong begun = new AtomicLong();
  private final Set<String> takenOver = ConcurrentHashMap.newKeySet();
  private final Map<String, EmsRecording> active = new ConcurrentHashMap<>();

  EmsRecorder(EmsCli cli, String instance, ServerFiles files, FinishedFiles finished, Clock clock) {
    this.cli = cli;
    this.instance = instance;
    this.files = files;
    this.finished = finished;
    this.clock = clock;
  }

  @Override
  public String by() {
    return "ems";
  }

  @Override
  public String server() {
    return cli.server().name();
  }

  @Override
  public Optional<String> unable(RecordingOrder order) {
    if (!EmsCli.canSay(order.stream().name())) {
      return Optional.of("EMS cannot be told the stream's name: it holds a space, a quote, a backslash or a control character");
    }
    if (!EmsCli.canSay(order.folder().toString())) {
      return Optional.of("EMS cannot be told the folder " + order.folder() + ": it holds a space, a quote or a backslash");
    }
    return order.name().isKnownAtStart()
        ? Optional.empty()
        : Optional.of("the name " + order.name() + " has what is not known before the recording ends, or by EMS never");
  }

  @Override
  public ServerRecording recording(RecordingOrder order) {
    return new EmsRecording(order, this, cli, files, finished, clock);
  }

  /**
   * A recording that EMS is configured to make.
   *
   * @param config id of the configuration's entry
   * @param recording id that we gave it; @param digest of the order
   */
  record Configured(String config, String stream, String recording, String digest) {}

  /** Those of this installation. */
  List<Configured> ours() {
    return cli.call("listConfig").object("data").objects("record").stream()
        .filter(each -> each.text(INSTANCE).equals(instance) && !each.text(RECORDING).isEmpty())
        .map(each -> new Configured(
            each.text("configId"), each.text(STREAM), each.text(RECORDING), each.text(ORDER)))
        .toList();
  }

  /** Ends it, and the stream that writes it. */
  void remove(Configured configured) {
    cli.call("removeConfig", Map.of("id", configured.config()));
  }

  /** The stream that writes the recording now; empty where there is none. */
  Optional<EventJson> writer(String recording) {
    return cli.call("listStreams", Map.of("disableInternalStreams", "0")).objects("data").stream()
        .filter(stream -> !stream.text("type").startsWith("I"))
        .filter(stream -> isOf(stream.optionalObject("recordSettings"), recording))
        .findFirst();
  }

  private boolean isOf(EventJson settings, String recording) {
    return settings.text(INSTANCE).equals(instance) && settings.text(RECORDING).equals(recording);
  }

  /** Of a recording that is to be begun. */
  String newId() {
    return life + "." + begun.incrementAndGet();
  }

  String instance() {
    return instance;
  }

  /** Whether the recording is one of a Reelway that was killed, and nobody here has it. */
  boolean isLeft(String recording) {
    return !recording.startsWith(life) && !takenOver.contains(recording);
  }

  /** @param recording looks after the one with the id from now on */
  void took(String id, EmsRecording recording) {
    if (!id.startsWith(life)) {
      takenOver.add(id);
    }
    active.put(id, recording);
  }

  /** It has ended. */
  void left(String id) {
    active.remove(id);
  }

  private boolean isWanted(String id) {
    EmsRecording recording = active.get(id);
    return recording != null && !recording.isUnwanted();
  }

  @Override
  public void endUnwanted() {
    // Beginnings wait meanwhile: what they take over must not be ended.
    synchronized (this) {
      active.values().removeIf(EmsRecording::isUnwanted);
      for (Configured each : ours()) {
        if (!isWanted(each.recording())) {
          remove(each);
          LOG.info("ended the recording of stream {} by EMS {}: nobody wants it any more", each.stream(), server());
        }
      }
      files.endThose(this::isLeft).forEach(each -> finished.finished(each.file(), each.stream()));
    }
  }

  private boolean isLeft(ServerFiles.Recording recording) {
    return recording.by().equals(by()) && recording.server().equals(server())
        && active.values().stream().noneMatch(each -> each.recording().equals(recording));
  }
}
