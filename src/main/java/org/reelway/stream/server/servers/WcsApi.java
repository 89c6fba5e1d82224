package org.reelway.stream.server.servers;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hc.core5.http.HttpStatus;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.EventJson;

/**
 * The recording calls of Flashphoner WCS's REST API (docs.flashphoner.com, "REST API", "Stream recording"): POST of JSON
 * below {@code /rest-api}; 200 without a body, 404 where there is no such stream, 500. Safe for several threads.
 */
public final class WcsApi {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ServerApiCalls calls;

  /** @param server whose URI is such as {@code http://127.0.0.1:8081} */
  public WcsApi(ServerApi server) {
    this.calls = new ServerApiCalls(server);
  }

  /**
   * Has the stream recorded. A recording of it that goes on is ended.
   *
   * @param session mediaSessionId of a stream that somebody publishes
   * @param template of the file's name, as WCS has it
   * @param rotation seconds, or megabytes with an M; empty for none
   * @throws org.reelway.stream.server.ServerAway where nothing listens there
   * @throws DestinationFailure where WCS refuses
   */
  public void start(String session, String template, String rotation) {
    ObjectNode body = JSON.createObjectNode().put("mediaSessionId", session);
    ObjectNode config = body.putObject("config").put("fileTemplate", template);
    if (!rotation.isEmpty()) {
      config.put("rotation", rotation);
    }
    ServerApiCalls.Reply reply = calls.call("/rest-api/stream/startRecording", body.toString());
    if (reply.status() == HttpStatus.SC_NOT_FOUND) {
      throw new DestinationFailure(
          "WCS has no such stream that is published (" + reply.uri() + " answers with status 404)");
    }
    requireDone(reply);
  }

  /** Ends the recording. @return whether there was one */
  public boolean stop(String session) {
    String body = JSON.createObjectNode().put("mediaSessionId", session).toString();
    ServerApiCalls.Reply reply = calls.call("/rest-api/stream/stopRecording", body);
    if (reply.status() == HttpStatus.SC_NOT_FOUND) {
      return false;
    }
    requireDone(reply);
    return true;
  }

  /** The file names of all recordings by their mediaSessionId; they may hold elements such as {@code {endTime}}. */
  public Map<String, String> recordings() {
    ServerApiCalls.Reply reply = calls.call("/rest-api/recorder/find_all", "{}");
    if (reply.status() == HttpStatus.SC_NOT_FOUND) {
      return Map.of();
    }
    if (reply.status() != HttpStatus.SC_OK) {
      throw reply.refused();
    }
    Map<String, String> all = new LinkedHashMap<>();
    try {
      EventJson.of("{\"all\":" + reply.text() + "}").objects("all")
          .forEach(each -> all.put(each.required("mediaSessionId"), each.text("fileName")));
    } catch (InputFailure e) {
      throw new DestinationFailure("the answer of WCS to find_all is not understood: " + e.getMessage(), e);
    }
    return all;
  }

  private static void requireDone(ServerApiCalls.Reply reply) {
    if (reply.status() != HttpStatus.SC_OK) {
      throw reply.refused();
    }
  }
}
