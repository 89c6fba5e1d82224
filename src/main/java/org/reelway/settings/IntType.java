package org.reelway.settings;

import org.reelway.failure.InputFailure;

/** A whole number in a range. */
final class IntType implements ValueType<Integer> {
  private final int min;
  private final int max;

  private IntType(int min, int max) {
    this.min = min;
    this.max = max;
  }

  static IntType between(int min, int max) {
    return new IntType(min, max);
  }

  @Override
  public String text() {
    return "number";
  }

  @Override
  public String allowed() {
    return min + " to " + max;
  }

  @Override
  public Integer parse(String text) {
    if (!text.matches("-?[0-9]{1,18}")) {
      throw new InputFailure(Shown.quoted(text) + " is not a whole number; allowed: " + allowed());
    }
    long value = Long.parseLong(text);
    if (value < min || value > max) {
      throw new InputFailure(Shown.quoted(text) + " is out of range; allowed: " + allowed());
    }
    return (int) value;
  }
}
