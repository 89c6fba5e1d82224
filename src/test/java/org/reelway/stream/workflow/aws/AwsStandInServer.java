package org.reelway.stream.workflow.aws;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The stand-in over HTTP, for programs. */
public final class AwsStandInServer implements AutoCloseable {
  public static final String DISTRIBUTION = AwsStandIn.DISTRIBUTION;

  private final AwsStandIn aws = new AwsStandIn();
  private final HttpServer server;

  public AwsStandInServer() throws IOException {
    this.server = StandInHttp.serve(aws);
  }

  public URI uri() {
    return StandInHttp.at(server);
  }

  /** Where channels write to in S3. */
  public List<String> archives() {
    return aws.of("/prod/channels/").stream().flatMap(path -> aws.things.get(path).findValuesAsText("url").stream())
        .filter(url -> url.startsWith("s3:")).toList();
  }

  /** What is there. */
  public List<String> left() {
    List<String> left = new ArrayList<>(aws.things.keySet());
    left.addAll(aws.parameters.keySet());
    if (aws.named("reelway-") > 0) {
      left.add("the distribution");
    }
    return left;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
