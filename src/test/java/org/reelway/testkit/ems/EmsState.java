package org.reelway.testkit.ems;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What one server has: streams and what was asked for. Used under the lock of its {@link EmsNet}. */
final class EmsState {
  private static final String AGENT = "EvoStream Media Server (www.evostream.com)";

  private final EmsNet net;
  private final String address;
  private final String ip;
  private final EmsEvents events;
  final Map<Long, EmsStream> streams = new LinkedHashMap<>();
  final Map<Long, EmsConfig> configs = new LinkedHashMap<>();
  private long lastStream;
  private long lastConfig;
  private boolean up = true;
  private boolean refuses;

  EmsState(EmsNet net, String address, String ip, EmsEvents events) {
    this.net = net;
    this.address = address;
    this.ip = ip;
    this.events = events;
    net.join(this);
  }

  String address() {
    return address;
  }

  boolean isUp() {
    return up;
  }

  /** Takes no stream from outside. */
  void refuse(boolean on) {
    refuses = on;
  }

  Optional<EmsStream> inbound(String name) {
    return find(each -> each.isInbound() && each.name.equals(name));
  }

  Optional<EmsStream> find(Predicate<EmsStream> which) {
    return streams.values().stream().filter(which).findFirst();
  }

  /** @throws IllegalStateException where the name is taken, which EMS refuses */
  EmsStream publish(String name, String farIp, String userAgent, EmsConfig config) {
    if (refuses || inbound(name).isPresent()) {
      throw new IllegalStateException(refuses ? "Connection refused" : "Stream name " + name + " already in use");
    }
    return add(name, "INR", farIp, userAgent, config, null);
  }

  private EmsStream add(
      String name, String type, String farIp, String userAgent, EmsConfig config, EmsStream source) {
    EmsStream stream = new EmsStream(++lastStream, name, type, farIp, userAgent, config, source);
    streams.put(stream.id, stream);
    events.post((stream.isInbound() ? "in" : "out") + "StreamCreated", stream.stats());
    return stream;
  }

  EmsConfig configure(String kind, Map<String, String> parameters) {
    EmsConfig config = new EmsConfig(++lastConfig, kind, parameters);
    configs.put(config.id, config);
    net.later(() -> work(config));
    return config;
  }

  /** Does what was asked for, where it still is. */
  private void work(EmsConfig config) {
    if (configs.get(config.id) != config || !up) {
      return;
    }
    try {
      switch (config.kind) {
        case "push" -> push(config);
        case "pull" -> pull(config);
        default -> record(config);
      }
      config.become("Streaming");
    } catch (IllegalStateException e) {
      config.become(e.getMessage());
    }
  }

  private void push(EmsConfig config) {
    EmsStream source = inbound(config.local()).orElseThrow(() -> new IllegalStateException("Stream not found"));
    EmsState target = reach(config.parameter("uri", ""));
    String name = config.parameter("targetStreamName", config.local());
    EmsStream there = target.publish(name, ip, config.parameter("emulateUserAgent", AGENT), null);
    EmsStream here = add(name, "ONR", target.ip, "", config, source);
    join(here, target, there);
  }

  private void pull(EmsConfig config) {
    String uri = config.parameter("uri", "");
    EmsState origin = reach(uri);
    String name = uri.substring(uri.lastIndexOf('/') + 1);
    EmsStream source = origin.inbound(name).orElseThrow(() -> new IllegalStateException("Stream " + name + " not found"));
    EmsStream here = publish(config.local(), origin.ip, "", config);
    EmsStream there = origin.add(name, "ONR", ip, AGENT + " player", null, source);
    join(here, origin, there);
  }

  private void join(EmsStream here, EmsState other, EmsStream there) {
    here.peer = there;
    here.peerAt = other;
    there.peer = here;
    there.peerAt = this;
  }

  private EmsState reach(String uri) {
    String authority = uri.replaceFirst("^[a-z]+://([^/]*).*$", "$1");
    return net.at(authority, this)
        .orElseThrow(() -> new IllegalStateException("Unable to connect to " + uri));
  }

  private void record(EmsConfig config) {
    EmsStream source = inbound(config.local()).orElseThrow(() -> new IllegalStateException("Stream not found"));
    Path asked = Path.of(config.parameter("pathToFile", "") + "." + config.parameter("type", "mp4"));
    String number = config.files++ == 0 ? "" : "_part%04d".formatted(config.files);
    String name = asked.getFileName().toString();
    int dot = name.lastIndexOf('.');
    config.computedPathToFile =
        asked.resolveSibling(name.substring(0, dot) + number + name.substring(dot)).toString();
    add(config.local(), "OFM", "", "", config, source);
    events.post("recordChunkCreated", chunk(config));
  }

  private static ObjectNode chunk(EmsConfig config) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", config.computedPathToFile).put("startTime", System.currentTimeMillis());
    config.parameters.forEach(
        (name, value) -> {
          if (name.startsWith("_")) {
            json.put(name, value);
          }
        });
    return json;
  }

  private void closeFile(EmsConfig config) {
    try {
      Path file = Path.of(config.computedPathToFile);
      if (file.isAbsolute() && Files.isDirectory(file.getParent())) {
        Files.writeString(file, "recorded by a stand-in");
      }
      events.post(
          "recordChunkClosed", chunk(config).put("stopTime", System.currentTimeMillis()).put("frameCount", 750));
    } catch (IOException e) {
      events.post("recordChunkError", JsonNodeFactory.instance.objectNode().put("error", e.toString()));
    }
  }

  /** Ends the stream, and all that lives by it here and elsewhere. */
  void end(EmsStream stream, boolean permanently) {
    if (stream.ended) {
      return;
    }
    stream.ended = true;
    streams.remove(stream.id);
    EmsConfig config = stream.config;
    if (config != null && config.kind.equals("record")) {
      closeFile(config);
    }
    events.post((stream.isInbound() ? "in" : "out") + "StreamClosed", stream.stats());
    new ArrayList<>(streams.values()).stream().filter(each -> each.source == stream).forEach(each -> end(each, false));
    if (stream.peer != null) {
      stream.peerAt.end(stream.peer, false);
    }
    if (config != null && permanently) {
      configs.remove(config.id);
    } else if (config != null) {
      config.become("Stream closed by its peer");
      if (config.isKept()) {
        net.later(() -> work(config));
      }
    }
  }

  /** As after a crash: streams are gone on both sides; what was asked for with keepAlive is asked for again. */
  void restart() {
    down();
    up();
  }

  void down() {
    List<EmsStream> all = new ArrayList<>(streams.values());
    streams.clear();
    all.forEach(
        each -> {
          each.ended = true;
          if (each.peer != null) {
            each.peerAt.end(each.peer, false);
          }
        });
    configs.values().removeIf(each -> !each.isKept());
    lastStream = 0;
    up = false;
  }

  void up() {
    if (!up) {
      up = true;
      events.post("serverStarted", JsonNodeFactory.instance.objectNode());
      configs.values().forEach(each -> net.later(() -> work(each)));
    }
  }
}
