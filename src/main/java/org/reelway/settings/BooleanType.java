package org.reelway.settings;

import org.reelway.failure.InputFailure;

/** {@code true} or {@code false}. */
final class BooleanType implements ValueType<Boolean> {
  @Override
  public String text() {
    return "choice";
  }

  @Override
  public String allowed() {
    return "true, false";
  }

  @Override
  public Boolean parse(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new InputFailure(Shown.quoted(text) + " is not a choice here; allowed: " + allowed());
    }
    return text.equals("true");
  }
}
