package org.reelway.testkit.ems;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** The sink {@code type="RPC"}: one event after the other, none a second time, whatever is answered. */
final class EmsEvents implements AutoCloseable {
  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicLong counter = new AtomicLong();
  private volatile URI sink;
  private final ExecutorService poster =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "ems-events");
            thread.setDaemon(true);
            return thread;
          });

  void to(URI address) {
    sink = address;
  }

  void post(String type, ObjectNode payload) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", counter.incrementAndGet()).put("type", type);
    json.put("timestamp", System.currentTimeMillis() / 1000).put("processId", 1).set("payload", payload);
    postRaw(json.toString());
  }

  void postRaw(String body) {
    URI address = sink;
    if (address != null) {
      poster.execute(() -> send(address, body));
    }
  }

  private void send(URI address, String body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body)).build();
      http.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException nobodyListens) {
      // EMS forgets it, too.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    poster.shutdownNow();
  }
}
