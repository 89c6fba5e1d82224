package org.reelway.stream.relay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.reelway.failure.InputFailure;
import org.reelway.settings.DestinationUri;
import org.reelway.settings.GroupMember;
import org.reelway.settings.ServerApi;

/** Where streams can be sent to, by name: routes name a destination, and its URI with its secrets stays here. */
public final class Destinations {
  private final Map<String, Named> all = new LinkedHashMap<>();
  private final List<String> everywhere = new ArrayList<>();
  private final List<String> members = new ArrayList<>();

  /**
   * A destination, or a member of a group that pulls.
   *
   * @param uri null where it pulls
   * @param twin see {@link Destination#twin}
   * @param pulling null where it is sent to
   */
  record Named(String name, DestinationUri uri, int twin, ServerApi pulling) {
    String host() {
      return uri == null ? pulling.uri().getHost() : uri.host();
    }

    /** Without secrets. */
    @Override
    public String toString() {
      return uri == null ? GroupMember.shown(pulling) : uri.shown();
    }
  }

  /** @param destinations where each stream goes; those without a name have their host's */
  public Destinations(List<DestinationUri> destinations, Group group) {
    // Given names first, so that no host takes one of them.
    destinations.stream().map(DestinationUri::name).filter(name -> !name.isEmpty()).forEach(name -> all.put(name, null));
    add(destinations, everywhere);
    add(group.sentTo(), members);
    group.pulling().forEach(api -> members.add(put(new Named(free(api.uri().getHost()), null, 0, api))));
  }

  private void add(List<DestinationUri> uris, List<String> names) {
    for (int i = 0; i < uris.size(); i++) {
      DestinationUri uri = uris.get(i);
      // As two keys of one server do, which look the same without their secrets.
      int twin = (int) uris.subList(0, i).stream().map(DestinationUri::shown).filter(uri.shown()::equals).count();
      names.add(put(new Named(uri.name().isEmpty() ? free(uri.host()) : uri.name(), uri, twin, null)));
    }
  }

  private String put(Named named) {
    all.put(named.name(), named);
    return named.name();
  }

  private String free(String host) {
    String name = host;
    for (int i = 2; all.containsKey(name); i++) {
      name = host + "-" + i;
    }
    return name;
  }

  /** All that routes may name. */
  public Set<String> names() {
    return Collections.unmodifiableSet(all.keySet());
  }

  /** Where every stream goes. */
  public List<String> everywhere() {
    return everywhere;
  }

  /** The other media servers of the group, and perhaps this one. */
  public List<String> members() {
    return members;
  }

  /** Whose addresses tell who publishes. */
  Set<String> hosts() {
    return all.values().stream().map(Named::host).collect(Collectors.toSet());
  }

  /** @throws InputFailure where there is none of the name */
  Named get(String name) {
    Named found = all.get(name);
    if (found == null) {
      throw new InputFailure(
          "no destination is named \"" + String.valueOf(name).replaceAll("\\p{Cntrl}", "?") + "\"; "
              + (all.isEmpty() ? "there are none" : "there are " + String.join(", ", all.keySet()))
              + " (reelway.routing.destinations)");
    }
    return found;
  }
}
