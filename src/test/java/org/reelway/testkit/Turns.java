package org.reelway.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets two writers take turns at every call to the store, as a script says: only one is ever between two calls. What the
 * script does not say any more is done by the first writer to its end, then by the second.
 */
public final class Turns {
  private static final long PATIENCE_MILLIS = 60_000;

  private final Deque<Turn> script;
  private final Set<Integer> finished = new HashSet<>();
  private final Set<Integer> cutShort = new HashSet<>();
  private int left;

  /** @param writer 0 or 1; @param calls how many it may make */
  public record Turn(int writer, int calls) {}

  public Turns(List<Turn> script) {
    this.script = new ArrayDeque<>(script);
    this.script.add(new Turn(0, Integer.MAX_VALUE));
    this.script.add(new Turn(1, Integer.MAX_VALUE));
    this.left = this.script.peek().calls();
  }

  /** Returns when it is the writer's turn to make one more call. */
  public synchronized void next(int writer) {
    if (script.peek().writer() == writer && left == 0) {
      advance();
    }
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (script.peek().writer() != writer) {
      try {
        wait(1000);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (System.currentTimeMillis() > deadline) {
        throw new IllegalStateException("writer " + writer + " never got its turn: " + script);
      }
    }
    left--;
  }

  /** The writer makes no more calls. */
  public synchronized void finished(int writer) {
    finished.add(writer);
    if (left > 0 && script.size() > 2 && script.peek().writer() == writer) {
      cutShort.add(writer);
    }
    if (!script.isEmpty() && script.peek().writer() == writer) {
      advance();
    }
  }

  /** Whether the writer ended before the script took its turn away: with more calls in its turn all goes the same. */
  public synchronized boolean endedInItsTurn(int writer) {
    return cutShort.contains(writer);
  }

  private void advance() {
    do {
      script.poll();
    } while (!script.isEmpty() && (finished.contains(script.peek().writer()) || script.peek().calls() == 0));
    left = script.isEmpty() ? 0 : script.peek().calls();
    notifyAll();
  }
}
