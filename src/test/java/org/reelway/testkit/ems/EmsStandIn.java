package org.reelway.testkit.ems;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An EvoStream Media Server as its documents describe it: a real HTTP command line on loopback that refuses what is not
 * said exactly, and events as it posts them. Several of one {@link EmsNet} push to and pull from each other. No real EMS
 * was asked how it behaves.
 */
public final class EmsStandIn implements AutoCloseable {
  private final EmsNet net;
  private final EmsState state;
  private final EmsEvents events = new EmsEvents();
  private final EmsCommands commands;
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final Map<String, String> refusals = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool(EmsStandIn::daemon);
  private volatile Duration slowness = Duration.ZERO;
  private volatile String authorization = "";
  private volatile HttpServer http;
  private int port;

  private EmsStandIn(EmsNet net, String address, String ip) {
    this.net = net;
    this.state = new EmsState(net, address, ip, events);
    this.commands = new EmsCommands(state);
  }

  static {
    // Else each answer waits 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "ems-http");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * @param address of RTMP, {@code host:port}, by which others of the net reach it
   * @param ip by which others see it as the far end
   */
  public static EmsStandIn start(EmsNet net, String address, String ip) {
    EmsStandIn server = new EmsStandIn(net, address, ip);
    server.listen();
    return server;
  }

  private void listen() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      port = http.getAddress().getPort();
      http.setExecutor(threads);
      http.createContext("/", this::answer);
      http.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where commands are taken, without user and password. */
  public URI api() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Where events are posted from now on. */
  public EmsStandIn tell(URI sink) {
    events.to(sink);
    return this;
  }

  /** Takes commands of nobody else from now on. */
  public EmsStandIn wants(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    authorization = "Basic " + Base64.getEncoder().encodeToString(pair);
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      Thread.sleep(slowness.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!authorization.isEmpty() && !authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange.sendResponseHeaders(401, -1);
      exchange.close();
      return;
    }
    String command = exchange.getRequestURI().getPath().substring(1);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    try {
      Map<String, String> parameters = EmsCommands.parameters(exchange.getRequestURI().getRawQuery());
      if (refusals.containsKey(command)) {
        throw new EmsCommands.Fail(refusals.get(command));
      }
      EmsCommands.Answer answer;
      synchronized (net) {
        answer = commands.execute(command, parameters);
      }
      taken.add(command + " " + parameters);
      json.set("data", answer.data());
      json.put("description", answer.description()).put("status", "SUCCESS");
    } catch (EmsCommands.Fail | NumberFormatException e) {
      refused.add(command + ": " + e.getMessage());
      json.putNull("data").put("description", e.getMessage()).put("status", "FAIL");
    }
    byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /** Somebody publishes a stream here. */
  public void publish(String name, String farIp) {
    synchronized (net) {
      state.publish(name, farIp, "FMLE/3.0", null);
    }
  }

  public void unpublish(String name) {
    synchronized (net) {
      state.inbound(name).ifPresent(stream -> state.end(stream, false));
    }
  }

  /** Ends the outbound stream, as a receiver that closes the connection does. */
  public void cut(String outbound) {
    synchronized (net) {
      state.find(each -> !each.isInbound() && each.name.equals(outbound)).ifPresent(each -> state.end(each, false));
    }
  }

  /** Names of the streams that come in. */
  public List<String> inbound() {
    return names(true);
  }

  /** Names of the streams that go out. */
  public List<String> outbound() {
    return names(false);
  }

  private List<String> names(boolean inbound) {
    synchronized (net) {
      return state.streams.values().stream().filter(each -> each.isInbound() == inbound).map(each -> each.name).sorted()
          .toList();
    }
  }

  /** User agents of the streams that come in, by their names. */
  public Map<String, String> userAgents() {
    synchronized (net) {
      Map<String, String> all = new LinkedHashMap<>();
      state.streams.values().stream().filter(EmsStream::isInbound).forEach(each -> all.put(each.name, each.userAgent));
      return all;
    }
  }

  /** What was asked for and is remembered, as kind and local stream name. */
  public List<String> configs() {
    synchronized (net) {
      return state.configs.values().stream().map(each -> each.kind + " " + each.local()).sorted().toList();
    }
  }

  /** Has the command done, as anybody else would. */
  public void command(String command, Map<String, String> parameters) {
    synchronized (net) {
      commands.execute(command, parameters);
    }
  }

  /** Commands that were taken, with their parameters. */
  public List<String> taken() {
    return List.copyOf(taken);
  }

  /** How many of the command were taken. */
  public long count(String command) {
    return taken.stream().filter(each -> each.startsWith(command + " ")).count();
  }

  /** Commands that were answered with FAIL, and why. */
  public List<String> refused() {
    return List.copyOf(refused);
  }

  /** Answers the command with FAIL from now on; with null, takes it again. */
  public void refuse(String command, String description) {
    if (description == null) {
      refusals.remove(command);
    } else {
      refusals.put(command, description);
    }
  }

  /** Takes no streams from others, or takes them again. */
  public void refuseStreams(boolean on) {
    synchronized (net) {
      state.refuse(on);
    }
  }

  /** Waits so long before each answer. */
  public void slow(Duration time) {
    slowness = time;
  }

  /** Nothing listens; streams go on. */
  public void away() {
    http.stop(0);
  }

  public void back() {
    listen();
  }

  /** Ends and begins anew: all streams are gone, and what was asked for without keepAlive is forgotten. */
  public void restart() {
    synchronized (net) {
      state.restart();
    }
  }

  /** Ends, and begins anew with {@link #startAgain}. */
  public void kill() {
    synchronized (net) {
      state.down();
    }
    http.stop(0);
  }

  public void startAgain() {
    listen();
    synchronized (net) {
      state.up();
    }
  }

  /** The media of the stream do not go on. */
  public void freeze(String outbound) {
    synchronized (net) {
      state.find(each -> !each.isInbound() && each.name.equals(outbound)).ifPresent(EmsStream::freeze);
    }
  }

  /** The timer is due. */
  public void fire(long timer) {
    synchronized (net) {
      events.post("timerTriggered", commands.fired(timer));
    }
  }

  /** An event, word by word. */
  public void post(String body) {
    events.postRaw(body);
  }

  @Override
  public void close() {
    http.stop(0);
    events.close();
    threads.shutdownNow();
  }
}
