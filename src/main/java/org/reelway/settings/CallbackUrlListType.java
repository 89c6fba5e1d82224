package org.reelway.settings;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Entries {@code [name=]URL}, separated by commas. Never shown. */
final class CallbackUrlListType implements ValueType<List<CallbackUrl>> {
  private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9_.-]{1,100})\\s*=\\s*(https?://.*)");
  private static final Set<String> TAKEN = Set.of("events", "multi-recorder");

  @Override
  public String text() {
    return "list of URLs, secret";
  }

  @Override
  public String allowed() {
    return "[name=]URL, separated by commas (a comma in a URL is written %2C); such as "
        + "cms=https://cms.example.com/reelway,https://archive.example.com/hook";
  }

  @Override
  public List<CallbackUrl> parse(String text) {
    List<String> entries = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (entries.contains("")) {
      throw new InputFailure("the list (not shown) has an empty entry; write URLs separated by single commas");
    }
    List<CallbackUrl> urls = entries.stream().map(CallbackUrlListType::url).toList();
    Set<String> names = new HashSet<>(TAKEN);
    for (CallbackUrl url : urls) {
      if (!names.add(url.name())) {
        throw new InputFailure(
            "the name " + Shown.quoted(url.name()) + " is " + (TAKEN.contains(url.name()) ? "taken" : "given twice")
                + "; name each receiver, as in cms=https://cms.example.com/reelway");
      }
    }
    return urls;
  }

  private static CallbackUrl url(String entry) {
    Matcher named = NAMED.matcher(entry);
    return named.matches() ? CallbackUrl.parse(named.group(1), named.group(2)) : CallbackUrl.parse(null, entry);
  }

  @Override
  public boolean isSecret() {
    return true;
  }
}
