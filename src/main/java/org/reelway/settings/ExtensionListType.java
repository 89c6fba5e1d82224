package org.reelway.settings;

import java.util.List;
import java.util.Locale;
import org.reelway.failure.InputFailure;

/** File name extensions without the dot, in lower case. */
final class ExtensionListType implements ValueType<List<String>> {
  private final CommaList<String> list = new CommaList<>(ExtensionListType::extension);

  @Override
  public String text() {
    return "list of words";
  }

  @Override
  public String allowed() {
    return "letters and digits, separated by commas; not upload";
  }

  @Override
  public List<String> parse(String text) {
    return list.parse(text).stream().distinct().toList();
  }

  private static String extension(String text) {
    if (!text.matches("[A-Za-z0-9]{1,16}")) {
      throw new InputFailure(Shown.quoted(text)
          + " is not an extension; write letters and digits without the dot, such as mp4,flv");
    }
    if (text.equalsIgnoreCase("upload")) {
      throw new InputFailure(Shown.quoted(text) + " is the marker's own extension, never a recording's; remove it");
    }
    return text.toLowerCase(Locale.ROOT);
  }
}
