package org.reelway.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.reelway.bench.DiscardedUploads.Thing;

/**
 * A process that speaks as much S3 as uploads need and throws the bytes away. Argument: a keystore. Prints its plain and
 * its TLS port, and ends with its standard input.
 */
final class Sink {
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
        SinkBody body = SinkBody.discard(request, in, buffer);
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
    Thing object = new Thing(body.size(), body.etag(), request.shown());
    String number = request.query().get("partNumber");
    if (number != null) {
      uploads.part(request.query().get("uploadId"), Integer.parseInt(number), object);
      return ok(shown(object), "");
    }
    String wanted = request.headers().get("if-match");
    if (forbidden(request) || wanted != null && !wanted.equals(quoted(object))) {
      return error(412, "PreconditionFailed");
    }
    uploads.put(request.path(), object);
    return ok(shown(object), "");
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
    return request.isBucket()
        ? ok(Map.of(), "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
        : error(404, "NoSuchKey");
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
    System.arraycopy(body.getBytes(StandardCharsets.US_ASCII), 0, all, head.length, body.length());
    return all;
  }

  private static byte[] head(String status, Map<String, String> headers, long length) {
    StringBuilder text = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    text.append("x-amz-request-id: 1\r\nServer: sink\r\nContent-Length: ").append(length).append("\r\n\r\n");
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
