package org.reelway.mediaserver.servers;

import java.net.URI;
import java.util.List;
import org.reelway.failure.DestinationFailure;
import org.reelway.mediaserver.EventJson;
import org.reelway.mediaserver.ServerListing;
import org.reelway.mediaserver.StreamFacts;

/** {@code listStreams} of the EvoStream HTTP command line (EMS API definition): {@code {data, description, status}}. */
public final class EmsApi implements ServerListing {
  private final ServerApiCalls api;

  /** @param uri such as {@code http://127.0.0.1:7777} */
  public EmsApi(URI uri) {
    this.api = new ServerApiCalls(uri);
  }

  @Override
  public List<StreamFacts> live() {
    EventJson answer = EventJson.of(api.get("/listStreams"));
    if (!answer.text("status").equals("SUCCESS")) {
      throw new DestinationFailure("listStreams of EMS says " + answer.text("status") + ": " + answer.text("description"));
    }
    return answer.objects("data").stream().map(EmsAdapter::stream).toList();
  }
}
