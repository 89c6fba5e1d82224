package org.reelway.stream.server.servers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.reelway.stream.server.EventAnswer;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.EventOrigin;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.ServerAdapter;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.ServerTime;
import org.reelway.stream.server.StreamFacts;
import org.reelway.stream.server.ViaQuery;

/**
 * node-media-server: {@code notify.url} gets JSON with {@code action}, as text/plain (src/server/notify_server.js of
 * illuspas/Node-Media-Server 4.4.3). It ends the session, whoever's it is, on any answer but 200. Times are milliseconds since
 * 1970.
 *
 * <p>A publisher that comes while another one is on posts {@code postPublish} too, is refused then, and posts {@code donePlay}
 * as it goes; one that is back within half a minute goes on without a {@code donePublish} of its session before. So sessions
 * are not what tells runs apart: a stream is on from its first {@code postPublish} to its {@code donePublish}.
 */
public final class NodeMediaServerAdapter implements ServerAdapter {
  private static final Pattern PORT = Pattern.compile(":\\d+$");
  private static final String IN_IPV6 = "::ffff:";

  @Override
  public String source() {
    return "node-media-server";
  }

  @Override
  public List<ServerEvent> read(EventRequest request) {
    EventJson json = EventJson.of(request);
    String action = json.required("action");
    return List.of(
        switch (action) {
          case "postPublish" -> new ServerEvent.StreamStarted(told(request, action, json, "createtime"), stream(json));
          case "donePublish" -> new ServerEvent.StreamEnded(told(request, action, json, "endtime"), stream(json));
          case "doneRecord" ->
              new ServerEvent.RecordingFinished(
                  told(request, action, json, "endtime"), json.text("name"), json.path("filePath"));
          // Of whatever starts the server: it says nothing itself.
          case "serverStarted" -> new ServerEvent.ServerStarted(told(request, action, json, "createtime"));
          // Players, what is not allowed yet, and recordings that begin.
          default -> new ServerEvent.Other(told(request, action, json, "createtime"));
        });
  }

  private EventOrigin told(EventRequest request, String action, EventJson json, String time) {
    ServerTime at =
        json.number(time).filter(millis -> millis > 0).map(millis -> ServerTime.millis(time, millis))
            .orElseGet(() -> ServerTime.received(request.received()));
    return new EventOrigin(source(), request.server(), action, at, request.received());
  }

  private static StreamFacts stream(EventJson json) {
    // Nothing else of the query: it may hold a token.
    Map<String, String> details =
        new LinkedHashMap<>(
            ViaQuery.details("reelwayVia=" + json.optionalObject("query").texts("reelwayVia").getOrDefault("reelwayVia", "")));
    if (json.has("protocol")) {
      details.put("protocol", json.text("protocol"));
    }
    return new StreamFacts(json.required("name"), json.text("app"), "", "in", address(json.text("ip")), details);
  }

  private static String address(String ip) {
    String address = PORT.matcher(ip).replaceFirst("");
    return address.startsWith(IN_IPV6) ? address.substring(IN_IPV6.length()) : address;
  }

  @Override
  public EventAnswer taken(EventRequest request) {
    return EventAnswer.json(200, "{}\n");
  }

  @Override
  public boolean refusalEndsStreams() {
    return true;
  }
}
