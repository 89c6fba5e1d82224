package org.reelway.stream.server.servers;

import java.util.List;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.ServerListing;
import org.reelway.stream.server.StreamFacts;

/** {@code listStreams} of EvoStream Media Server. */
public final class EmsApi implements ServerListing {
  private final EmsCli cli;

  public EmsApi(ServerApi server) {
    this.cli = new EmsCli(server);
  }

  @Override
  public List<StreamFacts> live() {
    return cli.call("listStreams").objects("data").stream()
        .filter(stream -> StreamFacts.canBeNamed(stream.text("name")) && StreamFacts.canBeNamed(stream.text("appName")))
        .map(EmsAdapter::stream).toList();
  }
}
