package org.reelway.transfer.store.http;

import java.util.List;
import org.reelway.transfer.store.Body;

/**
 * A request whose body can be sent again from its start.
 *
 * @param target path and query, percent-encoded, sent as it is
 * @param headers all but {@code Host}, {@code Content-Length} and {@code Expect}, which the connection adds
 * @param body null for methods that carry none
 */
public record HttpRequest(Peer peer, String method, String target, List<Header> headers, Body body) {
  public HttpRequest {
    headers = List.copyOf(headers);
  }
}
