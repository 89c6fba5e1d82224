package org.reelway.transfer.store.http;

import java.util.List;

/** The status line and headers of an answer. */
public record HttpAnswer(int status, List<Header> headers) {
  public HttpAnswer {
    headers = List.copyOf(headers);
  }

  /** The first value of a header, in any case; null where there is none. */
  public String header(String name) {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return header.value();
      }
    }
    return null;
  }
}
