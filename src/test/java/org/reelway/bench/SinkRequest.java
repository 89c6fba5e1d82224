package org.reelway.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The head of a request.
 *
 * @param path as sent, still encoded
 * @param query as sent, values still encoded
 * @param headers by lower-case name
 */
record SinkRequest(String method, String path, Map<String, String> query, Map<String, String> headers) {
  private static final int LONGEST = 64 * 1024;

  /** Empty where the connection ended. */
  static Optional<SinkRequest> read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return Optional.empty();
    }
    String[] words = first.split(" ");
    int mark = words[1].indexOf('?');
    Map<String, String> query = new HashMap<>();
    if (mark >= 0) {
      for (String pair : words[1].substring(mark + 1).split("&")) {
        String[] sides = pair.split("=", 2);
        query.put(sides[0], sides.length < 2 ? "" : sides[1]);
      }
    }
    Map<String, String> headers = new HashMap<>();
    for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    return Optional.of(new SinkRequest(words[0], mark < 0 ? words[1] : words[1].substring(0, mark), query, headers));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(128);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        if (line.isEmpty()) {
          return null;
        }
        throw new EOFException("in the middle of a head");
      }
      if (line.length() > LONGEST) {
        throw new IOException("a head line of more than " + LONGEST + " bytes");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  long length() {
    return Long.parseLong(headers.getOrDefault("content-length", "0"));
  }

  boolean isBucket() {
    return path.indexOf('/', 1) < 0 || path.indexOf('/', 1) == path.length() - 1;
  }

  /** Those that an object shows again. */
  Map<String, String> shown() {
    Map<String, String> all = new TreeMap<>();
    headers.forEach((name, value) -> {
      if (name.startsWith("x-amz-meta-") || name.startsWith("x-amz-checksum-crc32c")) {
        all.put(name, value);
      }
    });
    return all;
  }

  byte[] continuation() {
    boolean asks = headers.containsKey("expect");
    return asks ? "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII) : new byte[0];
  }
}
