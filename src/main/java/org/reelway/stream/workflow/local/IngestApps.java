package org.reelway.stream.workflow.local;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Applications of media servers that are for ingests: what has a name there is called by its key. */
public record IngestApps(List<String> apps) {
  public static IngestApps of(List<URI> ingest) {
    return new IngestApps(ingest.stream().map(IngestApps::app).distinct().toList());
  }

  static String app(URI uri) {
    return uri.getPath().replaceAll("^/+|/+$", "");
  }

  /**
   * The key by which such a stream is called; empty for a stream of another application.
   *
   * @param app application, or virtual host and application; empty where the server has paths only
   */
  public Optional<String> key(String app, String name) {
    for (String each : apps) {
      if (app.equals(each) || app.endsWith("/" + each)) {
        return Optional.of(name);
      }
      if (app.isEmpty() && name.startsWith(each + "/")) {
        return Optional.of(name.substring(each.length() + 1));
      }
    }
    return Optional.empty();
  }
}
