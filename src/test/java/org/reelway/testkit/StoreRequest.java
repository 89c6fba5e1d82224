package org.reelway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A request as it came over the wire, up to its body.
 *
 * @param head request line and header lines, without the empty one
 * @param bodyLength bytes that follow
 */
public record StoreRequest(List<String> head, long bodyLength) {

  /** What S3 would do. */
  public enum Operation {
    BUCKET,
    HEAD,
    PUT,
    CREATE,
    PART,
    LIST_PARTS,
    COMPLETE,
    ABORT,
    OTHER
  }

  /** @return null where the client closed the connection */
  static StoreRequest read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.write(next);
      last = last << 8 | next;
      if (last == 0x0d0a0d0a) {
        List<String> lines = head.toString(StandardCharsets.ISO_8859_1).strip().lines().toList();
        return new StoreRequest(lines, Long.parseLong(header(lines, "content-length", "0")));
      }
    }
    return null;
  }

  private static String header(List<String> lines, String name, String otherwise) {
    return lines.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse(otherwise);
  }

  /** Empty where it is not sent. */
  public String header(String name) {
    return header(head, name, "");
  }

  /** Whether a header's name begins so, in any case. */
  public boolean hasHeader(String beginning) {
    return head.stream().skip(1)
        .anyMatch(line -> line.toLowerCase(Locale.ROOT).startsWith(beginning.toLowerCase(Locale.ROOT)));
  }

  String method() {
    return head.get(0).split(" ")[0];
  }

  /** Path and query. */
  public String target() {
    return head.get(0).split(" ")[1];
  }

  private String query() {
    int at = target().indexOf('?');
    return at < 0 ? "" : target().substring(at + 1);
  }

  /** The part's number; 0 where it is no part. */
  public int part() {
    for (String parameter : query().split("&")) {
      if (parameter.startsWith("partNumber=")) {
        return Integer.parseInt(parameter.substring("partNumber=".length()));
      }
    }
    return 0;
  }

  /** With path-style addresses. */
  public String key() {
    String path = target().substring(1).split("\\?")[0];
    int slash = path.indexOf('/');
    return slash < 0 ? "" : path.substring(slash + 1);
  }

  boolean asksToGoOn() {
    return header(head, "expect", "").equalsIgnoreCase("100-continue");
  }

  /** What the request is, by S3's rules. */
  public Operation operation() {
    boolean upload = query().contains("uploadId=");
    if (key().isEmpty()) {
      return method().equals("HEAD") ? Operation.BUCKET : Operation.OTHER;
    }
    return switch (method()) {
      case "HEAD" -> Operation.HEAD;
      case "PUT" -> upload ? Operation.PART : Operation.PUT;
      case "POST" -> upload ? Operation.COMPLETE : query().startsWith("uploads") ? Operation.CREATE : Operation.OTHER;
      case "GET" -> upload ? Operation.LIST_PARTS : Operation.OTHER;
      case "DELETE" -> upload ? Operation.ABORT : Operation.OTHER;
      default -> Operation.OTHER;
    };
  }
}
