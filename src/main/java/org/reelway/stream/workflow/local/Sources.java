package org.reelway.stream.workflow.local;

import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.stream.recorder.MediaRoom;
import org.reelway.stream.workflow.StreamFacts;
import org.reelway.stream.workflow.rtmp.RtmpMedia;
import org.reelway.stream.workflow.rtmp.RtmpPlayer;
import org.reelway.stream.workflow.rtmp.RtmpServer;

/** Where media of sessions comes from: from media servers, or from publishers that come to us. Safe for several threads. */
final class Sources implements AutoCloseable {
  private static final String SETTING = "reelway.workflow.listen";
  private static final int KEY_BYTES = 20;

  private final LocalPlan plan;
  /** For what is on its way from senders, of all of them. */
  private final MediaRoom room = MediaRoom.ofProcess();
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Ingest> open = new ConcurrentHashMap<>();
  private RtmpServer server;

  Sources(LocalPlan plan) {
    this.plan = plan;
  }

  /** One ingest that is read. */
  interface Source extends AutoCloseable {
    /** Why nothing can come; empty where it can. */
    String trouble();

    /** It may have begun. */
    void wake();

    @Override
    void close();
  }

  /** Gives the stream its addresses, once. */
  void address(StreamFacts facts) {
    List<String> names = List.of(StreamFacts.RTMP1, StreamFacts.RTMP2);
    for (int i = 0; i < names.size(); i++) {
      String base = base(i).toString();
      Optional<String> known = facts.get(names.get(i));
      String wanted = base + "/" + known.map(Sources::key).orElseGet(this::newKey);
      if (!known.equals(Optional.of(wanted))) {
        facts.set(names.get(i), wanted);
      }
    }
  }

  private URI base(int number) {
    return plan.ingest().isEmpty() ? plan.listenUrl() : plan.ingest().get(Math.min(number, plan.ingest().size() - 1));
  }

  private String newKey() {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static String key(String address) {
    return address.substring(address.lastIndexOf('/') + 1);
  }

  /** Takes what comes at the stream's addresses. @throws org.reelway.failure.Failure nobody can be listened to */
  List<Source> open(StreamFacts facts, List<Ingest> ingests) {
    if (plan.ingest().isEmpty()) {
      listen();
    }
    return List.of(
        open(0, key(facts.get(StreamFacts.RTMP1).orElseThrow()), ingests.get(0)),
        open(1, key(facts.get(StreamFacts.RTMP2).orElseThrow()), ingests.get(1)));
  }

  private Source open(int number, String key, Ingest ingest) {
    open.put(key, ingest);
    RtmpPlayer player = plan.source().isEmpty()
        ? null
        : RtmpPlayer.play(plan.source().get(Math.min(number, plan.source().size() - 1)), key, room, ingest.open());
    return new Source() {
      @Override
      public String trouble() {
        return player == null ? "" : player.trouble();
      }

      @Override
      public void wake() {
        if (player != null) {
          player.wake();
        }
      }

      @Override
      public void close() {
        open.remove(key, ingest);
        ingest.close();
        if (player != null) {
          player.close();
        }
      }
    };
  }

  private synchronized void listen() {
    if (server == null) {
      // Two for each stream, and some that are refused.
      server = RtmpServer.listen(plan.listen(), SETTING, 2 * plan.most() + 50, room, this::enter);
    }
  }

  private Optional<RtmpMedia> enter(String app, String key) {
    Ingest ingest = app.equals(IngestApps.app(plan.listenUrl())) ? open.get(key) : null;
    return Optional.ofNullable(ingest).map(Ingest::open);
  }

  /** Whether a started stream has the key. */
  boolean isOpen(String key) {
    return open.containsKey(key);
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
