package org.reelway.stream.server.servers;

import java.io.IOException;
import java.io.StringReader;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.reelway.failure.DestinationFailure;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.ServerListing;
import org.reelway.stream.server.StreamFacts;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

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
    for (Element server : children(root(xml), "server")) {
      for (Element application : children(server, "application")) {
        for (Element live : children(application, "live")) {
          children(live, "stream").forEach(stream -> addPublished(all, name(application), stream));
        }
      }
    }
    return all;
  }

  private static Element root(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      // Else it writes to standard error.
      builder.setErrorHandler(new DefaultHandler());
      Element root = builder.parse(new InputSource(new StringReader(xml))).getDocumentElement();
      if (!root.getTagName().equals("rtmp")) {
        throw new DestinationFailure("the page is not that of rtmp_stat: it begins with <" + root.getTagName() + ">");
      }
      return root;
    } catch (SAXException | IOException e) {
      throw new DestinationFailure("the page of rtmp_stat is no XML: " + e.getMessage(), e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void addPublished(List<StreamFacts> all, String application, Element stream) {
    for (Element client : children(stream, "client")) {
      if (!children(client, "publishing").isEmpty()) {
        Map<String, String> details = new LinkedHashMap<>();
        // Since it connected, in milliseconds.
        details.put("since", clock.instant().minusMillis(Long.parseLong("0" + text(client, "time"))).toString());
        String flashVersion = text(client, "flashver");
        if (!flashVersion.isEmpty()) {
          details.put("flashver", flashVersion);
        }
        for (Element meta : children(stream, "meta")) {
          codec(meta, "video", details);
          codec(meta, "audio", details);
        }
        all.add(
            new StreamFacts(
                name(stream), application, text(client, "id"), "in", text(client, "address"), details));
      }
    }
  }

  /** It has none of what the stream does not have. */
  private static void codec(Element meta, String kind, Map<String, String> details) {
    for (Element each : children(meta, kind)) {
      if (!text(each, "codec").isEmpty()) {
        details.put(kind + "Codec", text(each, "codec"));
      }
    }
  }

  private static String text(Element parent, String name) {
    return content(parent, name).strip();
  }

  /** With the blanks at its ends, which stand for letters. */
  private static String name(Element parent) {
    return content(parent, "name");
  }

  private static String content(Element parent, String name) {
    return children(parent, name).stream().findFirst().map(Node::getTextContent).orElse("");
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }
}
