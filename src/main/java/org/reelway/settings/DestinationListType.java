package org.reelway.settings;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.reelway.failure.InputFailure;

/** Destinations of streams, separated by commas. Never shown: their stream keys are secrets. */
final class DestinationListType implements ValueType<List<DestinationUri>> {
  @Override
  public String text() {
    return "list of URIs, secret";
  }

  @Override
  public String allowed() {
    return "rtmp, rtmps, srt, rtsp, rtsps, udp, http or https (HLS), name= in front of it if you like; {stream} for the"
        + " stream's name";
  }

  @Override
  public List<DestinationUri> parse(String text) {
    List<String> entries = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (entries.contains("")) {
      throw new InputFailure("the list (not shown) has an empty entry; write URIs separated by single commas");
    }
    List<DestinationUri> all = entries.stream().map(DestinationUri::parse).toList();
    Set<String> names = new HashSet<>();
    all.stream().map(DestinationUri::name).filter(name -> !name.isEmpty() && !names.add(name)).findFirst()
        .ifPresent(twice -> {
          throw new InputFailure("two destinations are named " + twice + "; give each a name of its own");
        });
    return all;
  }

  @Override
  public boolean isSecret() {
    return true;
  }
}
