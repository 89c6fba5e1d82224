package org.reelway.stream.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** A stream's looks: one at a time, and one more where something changed meanwhile. Its monitor guards it. */
final class Turns {
  boolean isRunning;
  boolean isWantedAgain;
  /** In a row. */
  int failures;
  Future<?> next;
  private List<CompletableFuture<Void>> waiting = new ArrayList<>();

  /** @return completed after the next look that begins from now on */
  CompletableFuture<Void> nextLook() {
    CompletableFuture<Void> look = new CompletableFuture<>();
    waiting.add(look);
    return look;
  }

  List<CompletableFuture<Void>> takeWaiting() {
    List<CompletableFuture<Void>> taken = waiting;
    waiting = new ArrayList<>();
    return taken;
  }
}
