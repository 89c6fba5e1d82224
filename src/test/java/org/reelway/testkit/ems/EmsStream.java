package org.reelway.testkit.ems;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A stream of one server. Its media grow with time: 100 bytes and a tenth of a packet a millisecond. */
final class EmsStream {
  final long id;
  final String name;
  final String type;
  final String farIp;
  final String userAgent;
  /** Null where nobody asked for it by a command. */
  final EmsConfig config;
  /** Of an outbound stream: where its media come from. */
  final EmsStream source;
  /** The other end, on another server; null where that is no stand-in. */
  EmsStream peer;
  EmsState peerAt;
  boolean ended;
  private final long created = System.currentTimeMillis();
  private long frozen;

  EmsStream(long id, String name, String type, String farIp, String userAgent, EmsConfig config, EmsStream source) {
    this.id = id;
    this.name = name;
    this.type = type;
    this.farIp = farIp;
    this.userAgent = userAgent;
    this.config = config;
    this.source = source;
  }

  boolean isInbound() {
    return type.startsWith("I");
  }

  void freeze() {
    frozen = System.currentTimeMillis();
  }

  /** Its statistics, as listings and events have them. */
  ObjectNode stats() {
    long now = System.currentTimeMillis();
    long age = (frozen > 0 ? frozen : now) - created;
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("PID", 1).putNull("customData");
    json.put("appName", "evostreamms").put("bandwidth", 0).put("connectionType", 1);
    json.put("creationTimestamp", created + 0.25).put("queryTimestamp", now + 0.5).put("upTime", (double) (now - created));
    json.put("name", name).put("type", type).put("uniqueId", id).put("processId", 1).put("processType", "origin");
    json.put("ip", "10.9.9.9").put("port", 1935).put("nearIp", "10.9.9.9").put("nearPort", 1935);
    json.put("farIp", farIp).put("farPort", 50000 + id);
    if (!userAgent.isEmpty()) {
      json.put("userAgent", userAgent);
    }
    counters(json.putObject("audio").put("codec", "AAAC"), age / 2);
    counters(json.putObject("video").put("codec", "VH264").put("width", 160).put("height", 90), age);
    if (config != null) {
      json.set(config.settingsName(), config.settings());
    }
    return json;
  }

  private static void counters(ObjectNode json, long age) {
    json.put("bytesCount", age * 100).put("packetsCount", age / 10).put("droppedBytesCount", 0).put("droppedPacketsCount", 0);
  }
}
