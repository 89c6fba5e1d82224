package org.reelway.camel;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.reelway.callback.MixedRecording;
import org.reelway.callback.MultiRecorderCallback;
import org.reelway.callback.MultiRecorderCallbacks;
import org.reelway.conference.multirecorder.MultiRecorders;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.flow.RecordingWork;

/** What routes are handed of conferences, and ask about them: multi-recordings, their mixes, and what backends are told. */
public final class ConferenceSteps {
  private static final String FILE = "RecordingFile";
  private static final String URI = "RecorderUri";
  private static final String MIX = "ReelwayMix";

  private final MultiRecorderCallbacks callbacks;
  private final BooleanSupplier hasBackend;
  private final BiConsumer<Path, String> mixer;
  private final BiConsumer<Path, String> sent;
  private final RouteSource<MultiRecorders.Finished> multiRecordings =
      new RouteSource<>("multi-recordings", ConferenceSteps::fill);
  private final RouteSource<Mix> mixes = new RouteSource<>("mixes", ConferenceSteps::fill);
  private final RouteSource<Mix> uploadedMixes = new RouteSource<>("mixes?state=uploaded", ConferenceSteps::fill);

  /** @param isOurs false for one that another program made, which only told of it */
  private record Mix(MixedRecording made, boolean isOurs) {}

  /**
   * @param hasBackend whether the mixer's settings have an address to tell
   * @param mixer has a file mixed, of the multi-recorder with this URI (empty for none)
   * @param sent is told of a file that is in the store, and told of, and of its key
   */
  ConferenceSteps(
      MultiRecorderCallbacks callbacks, BooleanSupplier hasBackend, BiConsumer<Path, String> mixer, BiConsumer<Path, String> sent) {
    this.sent = sent;
    this.callbacks = callbacks;
    this.hasBackend = hasBackend;
    this.mixer = mixer;
  }

  /** A multi-recording is whole: comes again until this returns. */
  void recorded(MultiRecorders.Finished finished) {
    multiRecordings.give(finished);
  }

  /** A mix is there: comes again until this returns. Its upload is awaited before anything can send it. */
  void mixed(MixedRecording made) {
    if (hasBackend.getAsBoolean()) {
      callbacks.awaitUpload(made);
    }
    mixes.give(new Mix(made, true));
  }

  /** What others left to be told, and what is uploaded by now. */
  void look() {
    callbacks.look(left -> mixes.give(new Mix(left, false)), done -> uploadedMixes.give(new Mix(done, true)));
  }

  private static void fill(MultiRecorders.Finished finished, Exchange exchange) {
    Message message = exchange.getMessage();
    message.setBody(finished.file().toFile());
    message.setHeader(FILE, finished.file().toString());
    message.setHeader(URI, finished.uri());
  }

  private static void fill(Mix mix, Exchange exchange) {
    MixedRecording made = mix.made();
    exchange.setProperty(MIX, mix);
    Message message = exchange.getMessage();
    message.setBody(Path.of(made.mix().file()).toFile());
    message.setHeader(FILE, made.mix().file());
    message.setHeader("MixedOf", made.recording().file());
    message.setHeader(URI, made.recorderUri());
    message.setHeader("MixMadeBy", mix.isOurs() ? "sidecar" : "command");
  }

  /** Whether the mixer's settings have an address, and {@code reelway.callbacks.multi-recorder} names what has happened. */
  public boolean isTold(Exchange exchange) {
    Mix mix = mix(exchange);
    boolean isUploaded = mix.made().next() == MultiRecorderCallback.Step.UPLOADED;
    return isUploaded || !mix.isOurs() || hasBackend.getAsBoolean() && callbacks.tellsMixed();
  }

  /** The body of WCS's {@code multiRecorderCallback}. */
  public Map<String, Object> payload(Exchange exchange) {
    return CallbackSteps.named(callbacks.payload(mix(exchange).made()), exchange);
  }

  /** Notes that a verified recording is in the store, for a backend that is told once a conference's files are there. */
  public void verified(Exchange exchange) {
    if (exchange.getProperty(RecordingSteps.WORK) instanceof RecordingWork work) {
      callbacks.verified(work);
    }
  }

  /** The mix of a farm's order is in the store, and told of: no other worker needs to make it. */
  public void sent(Exchange exchange) {
    if (exchange.getProperty(RecordingSteps.WORK) instanceof RecordingWork work && work.verified().isPresent()) {
      sent.accept(work.recording().file(), work.verified().get().key());
    }
  }

  /** Has the file that the header RecordingFile names mixed. */
  StepEndpoint.Step mix() {
    return exchange -> mixer.accept(file(exchange, "mix"), recorderUri(exchange));
  }

  static Path file(Exchange exchange, String step) {
    String file = exchange.getMessage().getHeader(FILE, String.class);
    if (file == null) {
      throw new InputFailure("reelway:" + step + " was reached by a message without the header " + FILE);
    }
    return Path.of(file);
  }

  static String recorderUri(Exchange exchange) {
    return exchange.getMessage().getHeader(URI, "", String.class);
  }

  private static Mix mix(Exchange exchange) {
    if (exchange.getProperty(MIX) instanceof Mix mix) {
      return mix;
    }
    throw new InputFailure("a message that is no mix: use it in a route that starts with kamelet:mixes");
  }

  Endpoint multiRecordings(String uri, Component component) {
    return new SourceEndpoint<>(uri, component, multiRecordings);
  }

  /** Of mixes that are there, or with {@code state=uploaded} of those that are in the store. */
  Endpoint mixes(String uri, Component component, String state) {
    return switch (state) {
      case "mixed" -> new SourceEndpoint<>(uri, component, mixes);
      case "uploaded" -> new SourceEndpoint<>(uri, component, uploadedMixes);
      default -> throw new InputFailure("state is \"" + state + "\"; allowed are [mixed, uploaded]");
    };
  }
}
