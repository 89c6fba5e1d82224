package org.reelway.bench;

/** One group of measurements. */
@FunctionalInterface
interface Section {
  void measure() throws Exception;
}
