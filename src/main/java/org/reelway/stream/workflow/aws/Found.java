package org.reelway.stream.workflow.aws;

import java.util.Optional;
import java.util.function.Supplier;

/** What is there, or is not. */
final class Found {
  private Found() {}

  /** @return empty where the service knows no such thing */
  static <T> Optional<T> of(Supplier<T> asking) {
    try {
      return Optional.of(asking.get());
    } catch (AwsRefusal refusal) {
      if (refusal.isNotFound()) {
        return Optional.empty();
      }
      throw refusal;
    }
  }
}
