package org.reelway.stream.workflow.local;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.reelway.stream.recorder.FlvParts;
import org.reelway.stream.recorder.FlvTag;
import org.reelway.stream.recorder.MediaRoom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on the media of one of two ingests. When it ends or falls silent, the other one goes on from the moment at which the
 * last media of the first one came: nothing comes twice, and what is lost is the time to the next key picture. It stays with
 * the second one until that ends. Safe for several threads.
 */
final class Failover {
  private static final Logger LOG = LoggerFactory.getLogger(Failover.class);
  /** Media servers may keep a stream open that nobody publishes any more. */
  private static final Duration SILENT = Duration.ofSeconds(2);
  /** Where there is no other one. */
  private static final Duration GONE = Duration.ofSeconds(10);
  private static final Duration KEPT = Duration.ofSeconds(6);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

  private final String stream;
  private final FlvParts.Target target;
  private final Ingest first;
  private final Ingest second;
  private final MediaRoom room;
  private Ingest active;
  private FlvParts parts;
  private long passedAt = System.nanoTime();
  private long notBefore = System.nanoTime();
  private boolean closed;
  private volatile String trouble = "";
  private volatile boolean isOn;

  /** @param stream its name, for people; @param room for what waits, of all streams */
  Failover(String stream, FlvParts.Target target, MediaRoom room) {
    this.first = new Ingest(this, room);
    this.second = new Ingest(this, room);
    this.room = room;
    this.stream = stream;
    this.target = target;
  }

  /** The first one, and the second one. */
  List<Ingest> ingests() {
    return List.of(first, second);
  }

  synchronized void take(Ingest from, FlvTag tag) {
    if (closed || tag.kind() == FlvTag.Kind.OTHER) {
      return;
    }
    if (active == null && tag.isMedia()) {
      become(from);
    } else if (active != null && active != from && isSilent(active, SILENT) && tag.isMedia()) {
      LOG.info("stream {}: ingest {} is silent; ingest {} goes on", stream, number(active), number(from));
      end();
      become(from);
    }
    if (active == from) {
      pass(tag);
      passedAt = System.nanoTime();
    } else {
      from.keep(tag);
      from.forgetBefore(System.nanoTime() - KEPT.toNanos());
    }
  }

  private int number(Ingest ingest) {
    return ingest == first ? 1 : 2;
  }

  private static boolean isSilent(Ingest ingest, Duration longest) {
    return !ingest.isOn() || System.nanoTime() - ingest.lastAt() > longest.toNanos();
  }

  private void become(Ingest next) {
    active = next;
    isOn = true;
    parts = new FlvParts(next.tracks(), target, room);
    next.since(passedAt).forEach(this::pass);
  }

  private void pass(FlvTag tag) {
    if (parts == null) {
      if (System.nanoTime() < notBefore || !tag.isKey()) {
        return;
      }
      parts = new FlvParts(active.tracks(), target, room);
      active.since(Long.MAX_VALUE).forEach(this::pass);
    }
    try {
      parts.take(tag);
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  private void failed(Exception why) {
    if (trouble.isEmpty()) {
      LOG.warn("stream {} cannot be packaged: {}; it is tried again", stream, why.toString());
    }
    trouble = "it cannot be packaged: " + why.getMessage();
    if (parts != null) {
      parts.forget();
    }
    parts = null;
    notBefore = System.nanoTime() + AFTER_TROUBLE.toNanos();
  }

  /** Something was packaged. */
  void wentWell() {
    trouble = "";
  }

  synchronized void ended(Ingest ingest) {
    if (ingest == active) {
      end();
    }
  }

  /** Now and then: what a silent one sent last is finished also where the other one does not go on. */
  synchronized void tick() {
    if (active != null && isSilent(active, GONE)) {
      LOG.info("stream {}: ingest {} is silent", stream, number(active));
      end();
    }
  }

  private void end() {
    FlvParts last = parts;
    parts = null;
    active = null;
    isOn = false;
    if (last != null) {
      try {
        last.end();
      } catch (IOException | RuntimeException e) {
        failed(e);
      }
    }
  }

  /** Nothing is passed on any more, and what was is packaged. */
  synchronized void close() {
    closed = true;
    end();
  }

  /** Why media is not packaged; empty where it is. */
  String trouble() {
    return trouble;
  }

  /** Whether media comes. */
  boolean isOn() {
    return isOn;
  }
}
