package org.reelway.stream.relay;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.settings.DestinationUri;
import org.reelway.settings.GroupMember;
import org.reelway.settings.ServerApi;
import org.reelway.stream.server.servers.EmsCli;
import org.reelway.stream.supervise.CalledRun;
import org.reelway.stream.supervise.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relays that EvoStream servers do themselves: pushes of the streams' own server, and pulls of the other members of a
 * group. Safe for several threads.
 */
public final class EmsRelays implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmsRelays.class);
  private static final String BY = ServerApi.Kind.EMS.word();

  private final String instance;
  private final Map<String, EmsServer> own = new HashMap<>();
  private final Map<String, EmsServer> all = new LinkedHashMap<>();
  private final Set<EmsServer> tidied = ConcurrentHashMap.newKeySet();

  /**
   * @param instance by which what is ours is known, also after a restart
   * @param own servers whose streams they push themselves; those of another kind push none
   * @param members servers that pull
   */
  public EmsRelays(String instance, List<ServerApi> own, List<ServerApi> members) {
    this.instance = instance;
    own.stream().filter(api -> api.kind() == ServerApi.Kind.EMS)
        .forEach(api -> this.own.put(api.name(), server(api)));
    members.forEach(this::server);
  }

  /** No server does anything itself. */
  static EmsRelays none() {
    return new EmsRelays("", List.of(), List.of());
  }

  private EmsServer server(ServerApi api) {
    return all.computeIfAbsent(api.uri().toString(), any -> new EmsServer(new EmsCli(api)));
  }

  /**
   * The stream's own server sends it to the destination; empty where it cannot, and ffmpeg has to.
   *
   * @param twin see {@link Destination#twin}
   * @param via where the stream has been, its server included
   */
  Optional<Task> push(SourceStream stream, DestinationUri to, int twin, StreamTrail via) {
    EmsServer server = stream.id().source().equals(BY) ? own.get(stream.id().server()) : null;
    boolean possible = server != null && (to.isRtmp() || to.scheme().equals("rtsp"));
    if (!possible) {
      return Optional.empty();
    }
    try {
      EmsOrder order = EmsOrder.push(to, stream.name(), via);
      String id = TaskId.of("push", stream.id().server(), stream.id().app(), stream.name(),
          to.shown() + Destination.twinWord(twin));
      return Optional.of(task(id, server, order, stream.name(), to.shown(stream.name()), to.shown()));
    } catch (InputFailure e) {
      LOG.info("stream {} goes to {} by an ffmpeg: {}", stream.name().replaceAll("\\p{Cntrl}", "?"), to, e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * A member pulls the stream.
   *
   * @param from URI of the stream, as the member reaches it
   * @param via where the stream has been, its server included
   * @throws InputFailure where it cannot be said to EMS
   */
  Task pull(SourceStream stream, ServerApi member, String from, StreamTrail via) {
    EmsOrder order = EmsOrder.pull(from, stream.name(), via);
    String shown = GroupMember.shown(member);
    return task(TaskId.of("pull", from, shown), server(member), order, stream.name(), shown, shown);
  }

  private Task task(String id, EmsServer server, EmsOrder order, String stream, String target, String group) {
    EmsMark mark = new EmsMark(instance, id);
    return new Task(
        id, stream, target, group, BY,
        now -> CalledRun.start(new EmsCalls(server, order, mark), server.threads(), now));
  }

  /**
   * Ends what is ours and nobody wants any more: of a Reelway that was killed, or of a server that was away when it was to
   * be ended. Returns at once.
   *
   * @param wanted gives the ids of the relays that there are, asked after the server was
   */
  public void tidy(Supplier<Collection<String>> wanted) {
    for (EmsServer server : all.values()) {
      // One that does not answer is not asked again meanwhile.
      if (tidied.add(server)) {
        server.threads().execute(() -> tidy(server, wanted));
      }
    }
  }

  private void tidy(EmsServer server, Supplier<Collection<String>> wanted) {
    try {
      int ended =
          server.endAll(
              settings ->
                  settings.text(EmsMark.OWNER).equals(instance)
                      && !Set.copyOf(wanted.get()).contains(settings.text(EmsMark.TASK)));
      if (ended > 0) {
        LOG.info("ended {} pushes and pulls of {} that nobody wants any more", ended, server);
      }
    } catch (DestinationFailure | InputFailure e) {
      LOG.debug("{} cannot be tidied: {}", server, e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("{} cannot be tidied: {}", server, e.toString(), e);
    } finally {
      tidied.remove(server);
    }
  }

  @Override
  public void close() {
    all.values().forEach(EmsServer::close);
  }
}
