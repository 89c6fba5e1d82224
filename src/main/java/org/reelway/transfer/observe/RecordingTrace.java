package org.reelway.transfer.observe;

import org.reelway.failure.Sha256;

/**
 * The trace of a recording's life, in the form of W3C Trace Context. It follows from the recording's id: the same after any
 * restart and on every host, with nothing stored.
 */
public final class RecordingTrace {
  private static final int TRACE_DIGITS = 32;
  private static final int SPAN_DIGITS = 16;

  private RecordingTrace() {}

  public static String id(String recording) {
    return Sha256.hex("trace " + recording, TRACE_DIGITS);
  }

  /** Of the span that is the whole life, and that all others are below. */
  public static String rootSpan(String recording) {
    return Sha256.hex("span " + recording, SPAN_DIGITS);
  }

  /** The header {@code traceparent}: what has it is below the root. */
  public static String parent(String recording) {
    return "00-" + id(recording) + "-" + rootSpan(recording) + "-01";
  }
}
