package org.reelway.settings;

/** A {@link LiveKey}. */
final class LiveKeyType implements ValueType<LiveKey> {
  @Override
  public String text() {
    return "template";
  }

  @Override
  public String allowed() {
    return LiveKey.ALLOWED;
  }

  @Override
  public LiveKey parse(String text) {
    return LiveKey.parse(text);
  }
}
