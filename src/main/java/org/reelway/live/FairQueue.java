package org.reelway.live;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Work of many streams, which take turns; none may have all workers. */
final class FairQueue<T> {
  private final int mostOfOne;
  private final Map<Object, Line<T>> lines = new LinkedHashMap<>();
  private boolean closed;
  private int size;

  private static final class Line<T> {
    final Deque<T> waiting = new ArrayDeque<>();
    int inHand;
  }

  /** Work in hand; {@link FairQueue#done} ends it. */
  record Turn<T>(Object stream, T work) {}

  /** @param mostOfOne pieces of work of one stream that may be in hand at a time */
  FairQueue(int mostOfOne) {
    this.mostOfOne = mostOfOne;
  }

  synchronized void add(Object stream, T work) {
    lines.computeIfAbsent(stream, any -> new Line<>()).waiting.add(work);
    size++;
    notifyAll();
  }

  /** Waits for work; null once closed. */
  synchronized Turn<T> take() throws InterruptedException {
    while (!closed) {
      Iterator<Map.Entry<Object, Line<T>>> all = lines.entrySet().iterator();
      while (all.hasNext()) {
        Map.Entry<Object, Line<T>> entry = all.next();
        Line<T> line = entry.getValue();
        if (!line.waiting.isEmpty() && line.inHand < mostOfOne) {
          all.remove();
          line.inHand++;
          size--;
          // To the end: the others come first.
          lines.put(entry.getKey(), line);
          return new Turn<>(entry.getKey(), line.waiting.poll());
        }
      }
      wait();
    }
    return null;
  }

  synchronized void done(Turn<T> turn) {
    Line<T> line = lines.get(turn.stream());
    line.inHand--;
    if (line.inHand == 0 && line.waiting.isEmpty()) {
      lines.remove(turn.stream());
    }
    notifyAll();
  }

  /** What waits. */
  synchronized int size() {
    return size;
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
