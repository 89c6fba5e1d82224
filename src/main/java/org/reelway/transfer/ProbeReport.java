package org.reelway.transfer;

import java.util.List;

/**
 * What a probe of a bucket saw.
 *
 * @param capabilities null when a recording could not be sent
 */
public record ProbeReport(String address, String bucket, List<Step> steps, StoreCapabilities capabilities) {

  /** How a step ended. */
  public enum Outcome {
    OK,
    /** Works without it, with less certainty or comfort. */
    LESS,
    /** Recordings cannot be sent. */
    FAILED
  }

  /** @param found in words, with what to do where it failed */
  public record Step(String what, Outcome outcome, String found) {}

  public boolean works() {
    return capabilities != null && steps.stream().noneMatch(step -> step.outcome() == Outcome.FAILED);
  }
}
