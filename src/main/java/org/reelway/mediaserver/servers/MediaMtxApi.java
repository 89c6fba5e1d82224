package org.reelway.mediaserver.servers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reelway.config.ServerApi;
import org.reelway.mediaserver.EventJson;
import org.reelway.mediaserver.ServerListing;
import org.reelway.mediaserver.ServerTime;
import org.reelway.mediaserver.StreamFacts;

/** {@code /v3/paths/list} of MediaMTX (its apidocs/openapi.yaml); paths that are not ready have no stream. */
public final class MediaMtxApi implements ServerListing {
  private static final int PAGE = 500;

  private final ServerApiCalls api;

  /** @param server whose URI is such as {@code http://127.0.0.1:9997} */
  public MediaMtxApi(ServerApi server) {
    this.api = new ServerApiCalls(server);
  }

  @Override
  public List<StreamFacts> live() {
    List<StreamFacts> all = new ArrayList<>();
    long pages = 1;
    for (long page = 0; page < pages; page++) {
      EventJson answer = EventJson.of(api.get("/v3/paths/list?itemsPerPage=" + PAGE + "&page=" + page));
      pages = answer.number("pageCount").orElse(1L);
      answer.objects("items").stream()
          .filter(path -> path.text("ready").equals("true"))
          .forEach(path -> all.add(stream(path)));
    }
    return all;
  }

  private static StreamFacts stream(EventJson path) {
    EventJson source = path.optionalObject("source");
    Map<String, String> details = new LinkedHashMap<>();
    String ready = path.text("readyTime");
    if (!ready.isEmpty()) {
      details.put("since", ServerTime.text("readyTime", ready).at().toString());
    }
    details.put("sourceType", source.text("type"));
    return new StreamFacts(path.required("name"), "", source.text("id"), "in", "", details);
  }
}
