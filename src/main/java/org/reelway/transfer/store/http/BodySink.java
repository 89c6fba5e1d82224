package org.reelway.transfer.store.http;

import java.io.IOException;
import java.io.InputStream;

/** Reads an answer's body; what it leaves unread is not read, and costs the connection. */
@FunctionalInterface
public interface BodySink<T> {
  T read(HttpAnswer answer, InputStream body) throws IOException;
}
