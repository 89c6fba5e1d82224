package org.reelway.settings;

/** The text of a {@link KeyTemplate}. */
final class KeyTemplateType implements ValueType<String> {
  @Override
  public String text() {
    return "template";
  }

  @Override
  public String allowed() {
    return "text and " + KeyTemplate.ELEMENTS;
  }

  @Override
  public String parse(String text) {
    KeyTemplate.parse(text);
    return text;
  }
}
