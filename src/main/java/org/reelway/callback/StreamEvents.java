package org.reelway.callback;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;

/**
 * Events of streams, in the form of Flashphoner WCS's REST hook {@code StreamEvent} (WCS 5.2.1416): {@code nodeId},
 * {@code appKey}, {@code sessionId}, {@code mediaSessionId}, {@code type}, {@code payload}. Those of one stream are one
 * queue. An event's occasion makes it this one: told again with the same, as after a crash, it is the same callback.
 */
public final class StreamEvents {
  /** Name of the receiver. */
  public static final String RECEIVER = "events";

  private final Receivers receivers;
  private final String nodeId;
  private final BiConsumer<String, Payload> told;

  /**
   * @param nodeId this installation's id
   * @param told takes an event's type and what it is; fails where it is not certain to be told
   */
  public StreamEvents(Receivers receivers, String nodeId, BiConsumer<String, Payload> told) {
    this.receivers = receivers;
    this.nodeId = nodeId;
    this.told = told;
  }

  /**
   * A stream as its media server knows it.
   *
   * @param app its application; empty where the server has none
   * @param session the server's id of the stream's run; empty where it has none
   */
  public record Stream(String app, String session, String name) {
    /** What WCS calls the media session; the name where the server has no id. */
    private String mediaSession() {
      return session.isEmpty() ? name : session;
    }
  }

  /**
   * A file of the stream is written from now on.
   *
   * @param file with the name that it has as far as is known now
   * @throws OurFailure it is not certain to be told, and has to come again; as of all these
   */
  public void startedRecording(Stream stream, Path file, String occasion) {
    recording("startedRecording", stream, file, occasion);
  }

  /** A file of the stream is finished. */
  public void stoppedRecording(Stream stream, Path file, String occasion) {
    recording("stoppedRecording", stream, file, occasion);
  }

  private void recording(String type, Stream stream, Path file, String occasion) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("fileName", file.getFileName().toString());
    tell(type, stream, occasion, "stream " + stream.app() + "/" + stream.name(), payload);
  }

  /** The stream's media goes into the multi-recorder's file from now on. @param uri of the multi-recorder */
  public void addedToMultiRecording(Stream stream, String fileName, String uri, String occasion) {
    multiRecording("addedToMultiRecording", stream, fileName, uri, occasion);
  }

  /** The stream's media does not go into the multi-recorder's file any more. @param uri of the multi-recorder */
  public void removedFromMultiRecording(Stream stream, String fileName, String uri, String occasion) {
    multiRecording("removedFromMultiRecording", stream, fileName, uri, occasion);
  }

  private void multiRecording(String type, Stream stream, String fileName, String uri, String occasion) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("fileName", fileName);
    payload.put("uri", uri);
    tell(type, stream, occasion, "multi-recorder " + uri, payload);
  }

  private void tell(String type, Stream stream, String occasion, String queue, Map<String, Object> payload) {
    if (!receivers.has(RECEIVER)) {
      return;
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("nodeId", nodeId);
    body.put("appKey", stream.app());
    body.put("sessionId", stream.session());
    body.put("mediaSessionId", stream.mediaSession());
    body.put("type", type);
    body.put("payload", payload);
    try {
      told.accept(type, new Payload(occasion, queue, stream.name(), body));
    } catch (DestinationFailure | InputFailure e) {
      throw new OurFailure(e.getMessage(), e);
    }
  }
}
