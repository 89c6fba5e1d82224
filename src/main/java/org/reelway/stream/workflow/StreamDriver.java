package org.reelway.stream.workflow;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.reelway.stream.workflow.WantedStream.Wanted;

/** Brings about what is wanted of streams: by Reelway itself, or by a cloud. Called for one stream by one thread at a time. */
public interface StreamDriver extends AutoCloseable {
  /** As {@code reelway.workflow.driver} has it. */
  String name();

  /** @param wake takes the id of a stream that has to be looked at before its time */
  void begin(Consumer<String> wake);

  /**
   * Brings what there is nearer to what is wanted; begins anew after a crash at any point, and finds what it made before. Does
   * what can be done in seconds, and never waits for a state of something else: it says when to be called again.
   *
   * @param facts what it knows of the stream; on disk when a setter returns
   * @throws org.reelway.failure.InputFailure it can never succeed: told, and tried again only when something else is wanted
   * @throws org.reelway.failure.Failure it is tried again, less and less often
   */
  Reached reconcile(WantedStream stream, StreamFacts facts);

  /** What costs money or processors now, of any stream, also of such as are known to nobody any more. @param wanted of a stream that is known, by its id */
  List<RunningCost> costs(Function<String, Optional<Wanted>> wanted);

  /** Ends what it runs here; sessions go on after the next start. */
  @Override
  void close();

  /**
   * Something that is left running.
   *
   * @param stream id of its stream; empty where it belongs to none
   * @param what such as {@code MediaLive channel 1234, RUNNING}
   */
  record RunningCost(String stream, String what, boolean isWanted) {}
}
