package org.reelway.stream.server.servers;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.ForeignXml;
import org.reelway.failure.ForeignXml.Element;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.ServerListing;
import org.reelway.stream.server.StreamFacts;

/**
 * The page of nginx-rtmp's directive {@code rtmp_stat} (ngx_rtmp_stat_module.c of arut/nginx-rtmp-module 1.2). It shows a
 * blank for each byte of a name that is not ASCII: a letter beyond ASCII is two blanks at least.
 */
public final class NginxRtmpStat implements ServerListing {
  private static final Pattern BLANKS = Pattern.compile("[^!-~]+");

  private final ServerApiCalls api;
  private final Clock clock;

  /** @param server whose URI is that of the page itself */
  public NginxRtmpStat(ServerApi server, Clock clock) {
    this.api = new ServerApiCalls(server);
    this.clock = clock;
  }

  @Override
  public List<StreamFacts> live() {
    return read(api.get(""));
  }

  /** Runs of blanks are one: what a name has there that is not UTF-8 came as another letter. */
  @Override
  public String shown(String name) {
    return BLANKS.matcher(name).replaceAll(" ");
  }

  @Override
  public boolean isLegible(String shown) {
    return !shown.contains("  ");
  }

  List<StreamFacts> read(String xml) {
    List<StreamFacts> all = new ArrayList<>();
    root(xml).children("server").flatMap(server -> server.children("application")).forEach(
        application -> application.children("live").flatMap(live -> live.children("stream"))
            .forEach(stream -> addPublished(all, application.text("name"), stream)));
    return all;
  }

  private static Element root(String xml) {
    try {
      Element root = ForeignXml.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
      if (!root.name().equals("rtmp")) {
        throw new DestinationFailure("the page is not that of rtmp_stat: it begins with <" + root.name() + ">");
      }
      return root;
    } catch (XMLStreamException e) {
      throw new DestinationFailure("the page of rtmp_stat is no XML: " + e.getMessage(), e);
    }
  }

  private void addPublished(List<StreamFacts> all, String application, Element stream) {
    for (Element client : stream.children("client").toList()) {
      if (client.children("publishing").findAny().isPresent()) {
        Map<String, String> details = new LinkedHashMap<>();
        // Since it connected, in milliseconds.
        details.put("since", clock.instant().minusMillis(Long.parseLong("0" + text(client, "time"))).toString());
        String flashVersion = text(client, "flashver");
        if (!flashVersion.isEmpty()) {
          details.put("flashver", flashVersion);
        }
        for (Element meta : stream.children("meta").toList()) {
          codec(meta, "video", details);
          codec(meta, "audio", details);
        }
        all.add(
            new StreamFacts(
                stream.text("name"), application, text(client, "id"), "in", text(client, "address"), details));
      }
    }
  }

  /** It has none of what the stream does not have. */
  private static void codec(Element meta, String kind, Map<String, String> details) {
    meta.children(kind).map(each -> text(each, "codec")).filter(codec -> !codec.isEmpty())
        .forEach(codec -> details.put(kind + "Codec", codec));
  }

  private static String text(Element parent, String name) {
    return parent.text(name).strip();
  }
}
