package org.reelway.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.reelway.bench.DiscardedUploads.Thing;

/**
 * A process that speaks as much S3 as uploads need and throws the bytes away. Argument: a keystore. Prints its plain and
 * its TLS port, then a line for each playlist that it has now, and ends with its standard input. Playlists are kept.
 */
final class Sink {
  private static final String PLAYLIST = ".m3u8";

  private final DiscardedUploads uploads = new DiscardedUploads();

  private Sink() {}

  public static void main(String[] arguments) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ServerSocket plain = new ServerSocket(0, 256, loopback);
    ServerSocket secure =
        SinkKeys.serving(Path.of(arguments[0])).getServerSocketFactory().createServerSocket(0, 256, loopback);
    Sink sink = new Sink();
    sink.accept(plain);
    sink.accept(secure);
    System.out.println(plain.getLocalPort() + " " + secure.getLocalPort());
    while (System.in.read() >= 0) {
      Thread.onSpinWait();
    }
    System.exit(0);
  }

  private void accept(ServerSocket listening) {
    Thread thread = new Thread(() -> {
      while (true) {
        try {
          Socket socket = listening.accept();
          new Thread(() -> serve(socket)).start();
        } catch (IOException e) {
          return;
        }
      }
    });
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket socket) {
    try (socket; InputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      byte[] buffer = new byte[256 * 1024];
      for (Optional<SinkRequest> next = SinkRequest.read(in); next.isPresent(); next = SinkRequest.read(in)) {
        SinkRequest request = next.get();
        out.write(request.continuation());
        boolean playlist = request.method().equals("PUT") && request.path().endsWith(PLAYLIST);
        SinkBody body = playlist ? SinkBody.keep(request, in) : SinkBody.discard(request, in, buffer);
        out.write(answer(request, body));
      }
    } catch (IOException e) {
      // The client went away.
    }
  }

  private byte[] answer(SinkRequest request, SinkBody body) {
    if (body.refused()) {
      return error(400, "BadDigest");
    }
    return switch (request.method()) {
      case "PUT" -> put(request, body);
      case "POST" -> post(request);
      case "HEAD" -> head(request);
      case "GET" -> get(request);
      case "DELETE" -> delete(request);
      default -> error(405, "MethodNotAllowed");
    };
  }

  private byte[] put(SinkRequest request, SinkBody body) {
    if (request.isBucket()) {
      return ok(Map.of(), "");
    }
    Thing object = new Thing(body.size(), body.etag(), request.shown(), body.kept());
    String number = request.query().get("partNumber");
    if (number != null) {
      uploads.part(request.query().get("uploadId"), Integer.parseInt(number), object);
      return ok(shown(object), "");
    }
    String wanted = request.headers().get("if-match");
    boolean another = wanted != null && uploads.find(request.path()).filter(at -> wanted.equals(quoted(at))).isEmpty();
    if (forbidden(request) || another) {
      return error(412, "PreconditionFailed");
    }
    uploads.put(request.path(), object);
    if (body.kept() != null) {
      tell(request.path(), body.kept());
    }
    return ok(shown(object), "");
  }

  /** When a playlist became readable, its last chunk, and how many of its chunks are not there. */
  private void tell(String path, byte[] playlist) {
    long now = System.nanoTime();
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    List<String> chunks =
        new String(playlist, StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).toList();
    long missing = chunks.stream().filter(chunk -> uploads.find(Path.of(folder + chunk).normalize().toString()).isEmpty()).count();
    if (!chunks.isEmpty()) {
      System.out.println(now + " " + path + " " + chunks.get(chunks.size() - 1) + " " + missing);
    }
  }

  private boolean forbidden(SinkRequest request) {
    return request.headers().containsKey("if-none-match") && uploads.find(request.path()).isPresent();
  }

  private byte[] post(SinkRequest request) {
    if (request.query().containsKey("uploads")) {
      return ok(Map.of(), "<InitiateMultipartUploadResult><UploadId>" + uploads.begin(request.shown())
          + "</UploadId></InitiateMultipartUploadResult>");
    }
    if (forbidden(request)) {
      return error(412, "PreconditionFailed");
    }
    Thing object = uploads.complete(request.path(), request.query().get("uploadId"), request.shown());
    return ok(Map.of(), "<CompleteMultipartUploadResult><ETag>" + quoted(object)
        + "</ETag></CompleteMultipartUploadResult>");
  }

  private byte[] head(SinkRequest request) {
    if (request.isBucket()) {
      return ok(Map.of(), "");
    }
    return uploads.find(request.path())
        .map(object -> head("200 OK", shown(object), object.size()))
        .orElseGet(() -> head("404 Not Found", Map.of(), 0));
  }

  private byte[] get(SinkRequest request) {
    if (request.query().containsKey("location")) {
      return ok(Map.of(), "<LocationConstraint/>");
    }
    if (request.query().containsKey("uploads")) {
      return ok(Map.of(), "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>");
    }
    if (request.query().containsKey("uploadId")) {
      return ok(Map.of(), parts(request.query().get("uploadId")));
    }
    if (request.isBucket()) {
      return ok(Map.of(), list(request));
    }
    return uploads.find(request.path()).filter(object -> object.kept() != null)
        .map(object -> ok(shown(object), new String(object.kept(), StandardCharsets.ISO_8859_1)))
        .orElseGet(() -> error(404, "NoSuchKey"));
  }

  /** All at once: whoever asks takes more than a thousand. */
  private String list(SinkRequest request) {
    String bucket = request.path().replaceAll("/*$", "") + "/";
    String prefix = URLDecoder.decode(request.query().getOrDefault("prefix", ""), StandardCharsets.UTF_8);
    boolean byFolder = !request.query().getOrDefault("delimiter", "").isEmpty();
    Set<String> folders = new TreeSet<>();
    StringBuilder text = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
    uploads.below(bucket + prefix).forEach((path, object) -> {
      String key = path.substring(bucket.length());
      int slash = byFolder ? key.indexOf('/', prefix.length()) : -1;
      if (slash < 0) {
        text.append("<Contents><Key>").append(key).append("</Key><Size>").append(object.size()).append("</Size><ETag>")
            .append(quoted(object)).append("</ETag><LastModified>").append(Instant.ofEpochMilli(object.writtenMillis()))
            .append("</LastModified></Contents>");
      } else {
        folders.add(key.substring(0, slash + 1));
      }
    });
    folders.forEach(folder ->
        text.append("<CommonPrefixes><Prefix>").append(folder).append("</Prefix></CommonPrefixes>"));
    return text.append("</ListBucketResult>").toString();
  }

  private String parts(String id) {
    StringBuilder text = new StringBuilder("<ListPartsResult><IsTruncated>false</IsTruncated>");
    uploads.parts(id).forEach((number, part) ->
        text.append("<Part><PartNumber>").append(number).append("</PartNumber><Size>").append(part.size())
            .append("</Size><ETag>").append(quoted(part)).append("</ETag></Part>"));
    return text.append("</ListPartsResult>").toString();
  }

  private byte[] delete(SinkRequest request) {
    String upload = request.query().get("uploadId");
    if (upload == null) {
      uploads.remove(request.path());
    } else {
      uploads.abort(upload);
    }
    return ok(Map.of(), "");
  }

  private static Map<String, String> shown(Thing object) {
    Map<String, String> headers = new TreeMap<>(object.headers());
    headers.put("ETag", quoted(object));
    headers.put("Last-Modified", "Sat, 21 Nov 2026 00:00:00 GMT");
    return headers;
  }

  private static String quoted(Thing object) {
    return '"' + object.etag() + '"';
  }

  private static byte[] ok(Map<String, String> headers, String body) {
    return answer("200 OK", headers, body);
  }

  private static byte[] error(int status, String code) {
    return answer(status + " " + code, Map.of(), "<Error><Code>" + code + "</Code></Error>");
  }

  private static byte[] answer(String status, Map<String, String> headers, String body) {
    byte[] head = head(status, headers, body.length());
    byte[] all = java.util.Arrays.copyOf(head, head.length + body.length());
    System.arraycopy(body.getBytes(StandardCharsets.ISO_8859_1), 0, all, head.length, body.length());
    return all;
  }

  private static byte[] head(String status, Map<String, String> headers, long length) {
    StringBuilder text = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    text.append("x-amz-request-id: 1\r\nServer: sink\r\nContent-Length: ").append(length).append("\r\n\r\n");
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
