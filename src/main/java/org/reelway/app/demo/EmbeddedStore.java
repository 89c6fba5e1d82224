package org.reelway.app.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.reelway.failure.OurFailure;
import org.slf4j.LoggerFactory;

/** An S3-compatible store in this process, on loopback only, that keeps its objects in a local folder. */
public final class EmbeddedStore implements AutoCloseable {
  /** S3Proxy and the Jetty inside it. */
  private static final String LOGGER = "org.gaul";

  private final S3Proxy server;
  private final FilesystemNio2BlobStore objects;

  private EmbeddedStore(S3Proxy server, FilesystemNio2BlobStore objects) {
    this.server = server;
    this.objects = objects;
  }

  /**
   * @param folder made where it is missing; each bucket is a folder in it
   * @param port 0 for any that is free
   */
  public static EmbeddedStore start(Path folder, int port, String accessKey, String secretKey) {
    quieten();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new OurFailure("the embedded store cannot use folder " + folder + ": " + e.getMessage(), e);
    }
    try {
      FilesystemNio2BlobStore objects = new FilesystemNio2BlobStore(folder.toAbsolutePath().toString());
      S3Proxy server =
          S3Proxy.builder()
              .blobStore(objects)
              .endpoint(URI.create("http://127.0.0.1:" + port))
              .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secretKey)
              .ignoreUnknownHeaders(true)
              // Connections that clients keep open would be waited for, two seconds each time.
              .stopTimeout(0)
              .build();
      server.start();
      return new EmbeddedStore(server, objects);
    } catch (Exception e) {
      throw new OurFailure(
          "the embedded store cannot start: " + e.getMessage() + "; where another program listens on 127.0.0.1:" + port
              + ", end it, or give another port (--port of reelway demo store)", e);
    }
  }

  /** It logs each start and each refused request. */
  private static void quieten() {
    if (LoggerFactory.getLogger(LOGGER) instanceof Logger logger && logger.getLevel() == null) {
      // Calls that it does not know are errors to it; whoever makes them is answered so.
      logger.setLevel(Level.OFF);
    }
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  /** Where it is missing. Names have 3 to 63 characters: lower-case letters, digits, dots and hyphens. */
  public void createBucket(String bucket) {
    if (!objects.containerExists(bucket)) {
      objects.createContainer(bucket);
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new OurFailure("the embedded store cannot stop: " + e.getMessage(), e);
    }
  }
}
