package org.reelway.transfer.store.http;

import java.util.List;
import org.reelway.transfer.bandwidth.Priority;
import org.reelway.transfer.store.Body;

/**
 * A request whose body can be sent again from its start.
 *
 * @param target path and query, percent-encoded, sent as it is
 * @param headers all but {@code Host}, {@code Content-Length} and {@code Expect}, which the connection adds
 * @param body null for methods that carry none
 * @param priority of the body, while the bandwidth is short
 * @param largeAnswer whether the answer may take as long as it moves, rather than a few minutes
 */
public record HttpRequest(
    Peer peer, String method, String target, List<Header> headers, Body body, Priority priority, boolean largeAnswer) {
  public HttpRequest {
    headers = List.copyOf(headers);
  }
}
