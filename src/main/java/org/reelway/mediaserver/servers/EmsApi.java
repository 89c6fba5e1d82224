package org.reelway.mediaserver.servers;

import java.util.List;
import org.reelway.config.ServerApi;
import org.reelway.mediaserver.ServerListing;
import org.reelway.mediaserver.StreamFacts;

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
