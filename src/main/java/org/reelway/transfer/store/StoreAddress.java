package org.reelway.transfer.store;

import java.net.URI;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.store.http.Peer;

/** Which host and path a bucket and key are at. */
final class StoreAddress {
  private final Peer endpoint;
  private final String basePath;
  private final boolean pathStyle;
  private final String settings;

  /** @param settings what the names of the store's settings start with */
  StoreAddress(URI given, String region, boolean pathStyle, String settings) {
    this.settings = settings;
    URI uri = given == null ? amazon(region) : given;
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    if (uri.getHost() == null || !tls && !"http".equalsIgnoreCase(uri.getScheme())) {
      throw new InputFailure(
          setting("endpoint") + " is \"" + shown(uri) + "\"; it must be like https://s3.example.com or"
              + " http://127.0.0.1:9000");
    }
    String host = uri.getHost().replaceAll("^\\[|\\]$", "");
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    this.endpoint = new Peer(tls, host, port);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    this.basePath = path.replaceAll("/+$", "");
    this.pathStyle = pathStyle;
  }

  private static URI amazon(String region) {
    return URI.create("https://s3." + region + ".amazonaws.com" + (region.startsWith("cn-") ? ".cn" : ""));
  }

  /** A user and password in an endpoint stay unseen. */
  private static String shown(URI uri) {
    return uri.toString().replaceAll("//[^/@]*@", "//****@");
  }

  /** The name of one of the store's settings, for messages. */
  String setting(String word) {
    return settings + "." + word;
  }

  Peer peer(String bucket) {
    String host = endpoint.host();
    return new Peer(endpoint.tls(), bucketInPath(bucket) ? host : bucket + "." + host, endpoint.port());
  }

  /** @param key null for the bucket itself */
  String path(String bucket, String key) {
    if (bucket == null || bucket.isBlank()) {
      throw new InputFailure("no bucket is given; set " + setting("bucket"));
    }
    if (key != null && key.isEmpty()) {
      throw new InputFailure("the key is empty; an object in bucket " + bucket + " needs a name");
    }
    String path = basePath;
    if (bucketInPath(bucket)) {
      path += "/" + PercentCode.encode(bucket, "");
    }
    return key == null ? (path.isEmpty() ? "/" : path) : path + "/" + PercentCode.encode(key, "/");
  }

  /** A dot in a bucket's name would not match the wildcard of the store's certificate. */
  private boolean bucketInPath(String bucket) {
    boolean hostLabel = bucket.matches("[a-z0-9][a-z0-9.-]*[a-z0-9]");
    return pathStyle || !hostLabel || endpoint.tls() && bucket.indexOf('.') >= 0 || isAddress(endpoint.host());
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
  }

  String shown() {
    return endpoint + basePath;
  }

  /** @param key null or empty for the bucket itself */
  String shown(String bucket, String key) {
    return peer(bucket) + path(bucket, key == null || key.isEmpty() ? null : key);
  }
}
