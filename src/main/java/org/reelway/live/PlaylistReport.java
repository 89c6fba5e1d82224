package org.reelway.live;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** What is said of one playlist: written by the thread that works on it, read by any. */
final class PlaylistReport {
  private static final int MOST_SHOWN = 5;

  private final String relative;
  private final LivePublisher publisher;
  private final LiveTimeline timeline = new LiveTimeline();
  private volatile String key;
  private volatile State state = State.NEW;
  private volatile String trouble = "";
  private volatile Instant publishedAt;
  private volatile Instant behindSince;
  private volatile List<String> awaited = List.of();
  private volatile int gaps;
  private final AtomicLong retries = new AtomicLong();

  /** What is said of it. */
  enum State {
    NEW,
    WAITING,
    LIVE,
    ENDED,
    REFUSED,
    FAILING,
    GONE
  }

  /** @param relative path below the live folder */
  PlaylistReport(String relative, LivePublisher publisher) {
    this.relative = relative;
    this.publisher = publisher;
  }

  void happened(LiveEvent.Kind what, String about, String text, Duration delay) {
    LiveEvent event = new LiveEvent(what, relative, about, text, delay, publisher.now());
    timeline.add(event);
    if (what == LiveEvent.Kind.RETRY) {
      retries.incrementAndGet();
    }
    publisher.listener().happened(event);
  }

  /** Path below the live folder. */
  String relative() {
    return relative;
  }

  /** Of its object; null before it was read. */
  String key() {
    return key;
  }

  void key(String now) {
    key = now;
  }

  State state() {
    return state;
  }

  void state(State now) {
    state = now;
  }

  void trouble(String now) {
    trouble = now;
  }

  void published(int gapsOfIt) {
    gaps = gapsOfIt;
  }

  void publishedAt(Instant now) {
    publishedAt = now;
  }

  void awaited(List<String> uris) {
    awaited = uris;
  }

  /** Whether what the playlist names is waited for. */
  boolean isAwaiting() {
    return !awaited.isEmpty();
  }

  /** Something newer waits, from now on where it did not before; or nothing does. */
  void behind(boolean now) {
    behindSince = !now ? null : behindSince == null ? publisher.now() : behindSince;
  }

  boolean isBehind() {
    return behindSince != null;
  }

  LiveStatus status(String kind, Published published) {
    List<String> waiting = awaited;
    return new LiveStatus(
        relative, kind, key == null ? "" : publisher.stores().address(key), publisher.stores().bucket(), key,
        state.name().toLowerCase(Locale.ROOT),
        published == null ? "" : published.inWords(), publishedAt, behindSince,
        waiting.subList(0, Math.min(MOST_SHOWN, waiting.size())), waiting.size(), gaps, retries.get(), trouble, timeline.all());
  }
}
