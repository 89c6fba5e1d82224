package org.reelway.testkit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * A real media server: nginx with the RTMP module, on loopback, in the foreground. {@link #close} ends this very process.
 * The test is skipped where it is not installed (Debian: nginx, libnginx-mod-rtmp).
 */
public final class NginxRtmp implements AutoCloseable {
  private static final List<Path> PROGRAMS = List.of(Path.of("/usr/sbin/nginx"), Path.of("/usr/bin/nginx"));
  private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_rtmp_module.so");
  private static final String APPLICATION = "live";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private String application = "";
  private final int rtmpPort;
  private final int httpPort;
  private Process process;

  private NginxRtmp(Path folder, int rtmpPort, int httpPort) {
    this.folder = folder;
    this.rtmpPort = rtmpPort;
    this.httpPort = httpPort;
  }

  /** Skips the test where there is no such server on this machine. */
  public static void assumeInstalled() {
    assumeTrue(
        Files.exists(MODULE) && PROGRAMS.stream().anyMatch(Files::isExecutable),
        "nginx with its RTMP module is not installed (Debian: apt-get install nginx libnginx-mod-rtmp)");
  }

  /**
   * A server that has its ports and does not run yet.
   *
   * @param folder for its configuration and logs; made where it is missing
   */
  public static NginxRtmp at(Path folder) {
    assumeInstalled();
    List<Integer> ports = freePorts(2);
    return new NginxRtmp(folder, ports.get(0), ports.get(1));
  }

  /**
   * A server that runs.
   *
   * @param folder as of {@link #at}; @param application as of {@link #start(String...)}
   */
  public static NginxRtmp start(Path folder, String... application) {
    return at(folder).start(application);
  }

  /** @param directives of the application {@code live}, beside {@code live on} */
  public NginxRtmp start(String... directives) {
    application = String.join("\n      ", directives);
    startAgain();
    return this;
  }

  private static List<Integer> freePorts(int count) {
    List<ServerSocket> open = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        open.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return open.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      open.forEach(NginxRtmp::close);
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** On the same ports, after {@link #kill}. */
  public void startAgain() {
    try {
      Files.createDirectories(folder.resolve("logs"));
      Path config = Files.writeString(folder.resolve("nginx.conf"), config());
      Path program = PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElseThrow();
      process =
          new ProcessBuilder(program.toString(), "-p", folder.toString(), "-c", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("logs/console.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await("nginx listens").atMost(Duration.ofSeconds(20)).until(() -> listens(rtmpPort) && listens(httpPort));
  }

  private boolean listens(int port) {
    if (!process.isAlive()) {
      throw new AssertionError("nginx has ended: " + logs());
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private String config() {
    String user = "root".equals(System.getProperty("user.name")) ? "user root;\n" : "";
    return user + """
        load_module %s;
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log logs/error.log info;
        events { worker_connections 512; }
        rtmp {
          server {
            listen 127.0.0.1:%d;
            listen %s;
            application %s {
              live on;
              %s
            }
          }
        }
        http {
          access_log off;
          client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          server {
            listen 127.0.0.1:%d;
            location /stat { rtmp_stat all; }
            location /control { rtmp_control all; }
          }
        }
        """.formatted(MODULE, rtmpPort, longAddress(), APPLICATION, application, httpPort);
  }

  public String logs() {
    try {
      Path errors = folder.resolve("logs/error.log");
      return Files.readString(folder.resolve("logs/console.log")) + (Files.exists(errors) ? Files.readString(errors) : "");
    } catch (IOException e) {
      return e.toString();
    }
  }

  public int rtmpPort() {
    return rtmpPort;
  }

  /** {@code host:port} of RTMP. */
  public String address() {
    return "127.0.0.1:" + rtmpPort;
  }

  /** The same server by an address of more than the 19 characters that follow "Reelway via=" in what nginx-rtmp keeps. */
  public String longAddress() {
    return "127.100.100.100:" + rtmpPort;
  }

  /** Where {@code /stat} and {@code /control} answer. */
  public URI http() {
    return URI.create("http://127.0.0.1:" + httpPort);
  }

  /** To publish or play the stream. */
  public String rtmp(String stream) {
    return "rtmp://127.0.0.1:" + rtmpPort + "/" + APPLICATION + "/" + stream;
  }

  /** Bytes that came in of each stream that somebody publishes, by its name. */
  public Map<String, Long> published() {
    Map<String, Long> streams = new TreeMap<>();
    NodeList found = stat().getElementsByTagName("stream");
    for (int i = 0; i < found.getLength(); i++) {
      Element stream = (Element) found.item(i);
      if (stream.getElementsByTagName("publishing").getLength() > 0) {
        streams.put(text(stream, "name"), Long.parseLong(text(stream, "bytes_in")));
      }
    }
    return streams;
  }

  private static String text(Element parent, String name) {
    return parent.getElementsByTagName(name).item(0).getTextContent();
  }

  private Element stat() {
    try {
      HttpRequest request = HttpRequest.newBuilder(http().resolve("/stat")).timeout(Duration.ofSeconds(10)).build();
      String xml = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return DocumentBuilderFactory.newInstance().newDocumentBuilder()
          .parse(new InputSource(new StringReader(xml))).getDocumentElement();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** It runs no more and keeps what it has open, as a program that hangs does. */
  public void freeze() {
    signal("STOP");
  }

  public void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill -" + name + " failed with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** kill -9. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        throw new AssertionError("nginx does not end");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }
}
