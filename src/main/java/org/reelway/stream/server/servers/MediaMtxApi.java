package org.reelway.stream.server.servers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.ServerListing;
import org.reelway.stream.server.ServerTime;
import org.reelway.stream.server.StreamFacts;

/** {@code /v3/paths/list} of MediaMTX (its apidocs/openapi.yaml); paths that are not ready have no stream. */
public final class MediaMtxApi implements ServerListing {
  private static final int PAGE = 500;
  /** Its names of codecs; it has others for data. */
  private static final Set<String> VIDEO =
      Set.of("H264", "H265", "AV1", "VP8", "VP9", "MPEG-4 Video", "MPEG-1/2 Video", "M-JPEG");
  private static final Set<String> AUDIO =
      Set.of("MPEG-4 Audio", "MPEG-4 Audio LATM", "MPEG-1/2 Audio", "Opus", "AC-3", "LPCM", "G711", "G722", "Vorbis", "Speex");

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
          .filter(path -> path.text("ready").equals("true") && StreamFacts.canBeNamed(path.text("name")))
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
    for (String codec : path.words("tracks")) {
      if (VIDEO.contains(codec) || AUDIO.contains(codec)) {
        details.putIfAbsent(VIDEO.contains(codec) ? "videoCodec" : "audioCodec", codec);
      }
    }
    return new StreamFacts(path.required("name"), "", source.text("id"), "in", "", details);
  }
}
