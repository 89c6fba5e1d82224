package org.reelway.stream.server.servers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.ServerListing;
import org.reelway.stream.server.StreamFacts;

/** {@code /api/v1/streams} and {@code /api/v1/vhosts} of SRS (ossrs.net, "HTTP API"). */
public final class SrsApi implements ServerListing {
  private static final int PAGE = 500;
  private static final int MOST_PAGES = 100;

  private final ServerApiCalls api;

  /** @param server whose URI is such as {@code http://127.0.0.1:1985} */
  public SrsApi(ServerApi server) {
    this.api = new ServerApiCalls(server);
  }

  @Override
  public List<StreamFacts> live() {
    Map<String, String> vhosts = new HashMap<>();
    pages("vhosts").forEach(vhost -> vhosts.put(vhost.text("id"), vhost.text("name")));
    List<StreamFacts> all = new ArrayList<>();
    for (EventJson stream : pages("streams")) {
      EventJson publish = stream.optionalObject("publish");
      boolean named = StreamFacts.canBeNamed(stream.text("name")) && StreamFacts.canBeNamed(stream.text("app"));
      if (publish.text("active").equals("true") && named) {
        Map<String, String> details = new LinkedHashMap<>(Map.of("stream_id", stream.text("id")));
        for (String kind : List.of("video", "audio")) {
          String codec = stream.optionalObject(kind).text("codec");
          if (!codec.isEmpty()) {
            details.put(kind + "Codec", codec);
          }
        }
        String vhost = vhosts.getOrDefault(stream.text("vhost"), "");
        all.add(
            new StreamFacts(
                stream.required("name"), SrsAdapter.app(vhost, stream.text("app")), publish.text("cid"), "in", "",
                details));
      }
    }
    return all;
  }

  private List<EventJson> pages(String what) {
    List<EventJson> all = new ArrayList<>();
    for (int page = 0; page < MOST_PAGES; page++) {
      List<EventJson> more =
          EventJson.of(api.get("/api/v1/" + what + "?start=" + page * PAGE + "&count=" + PAGE)).objects(what);
      all.addAll(more);
      if (more.size() < PAGE) {
        break;
      }
    }
    return all;
  }
}
