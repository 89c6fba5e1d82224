package org.reelway.settings;

import java.util.List;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Hosts, by name or address. */
final class HostListType implements ValueType<List<String>> {
  private static final Pattern HOST = Pattern.compile("\\*|(\\*?\\.)?[A-Za-z0-9._-]{1,255}|\\[?[0-9A-Fa-f:.]{2,45}\\]?");

  private final CommaList<String> list = new CommaList<>(HostListType::host);

  private static String host(String text) {
    if (!HOST.matcher(text).matches()) {
      throw new InputFailure(Shown.quoted(text) + " is not a host; write names without scheme, port and path, such as "
          + "example.com,10.0.0.7");
    }
    return text;
  }

  @Override
  public String text() {
    return "list of hosts";
  }

  @Override
  public String allowed() {
    return "names (each with all below it) and addresses, separated by commas; * for all";
  }

  @Override
  public List<String> parse(String text) {
    return text.isEmpty() ? List.of() : list.parse(text);
  }
}
