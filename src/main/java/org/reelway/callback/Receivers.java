package org.reelway.callback;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Receivers by their names. Callbacks are stored with the name alone: an address can hold a secret, and one that was
 * wrong is put right in the settings, for what waits too.
 */
public final class Receivers {
  private final Map<String, Supplier<Optional<URI>>> addresses = new ConcurrentHashMap<>();

  /** From now on the receiver of this name is known. @param address asked for at each try */
  public void add(String name, Supplier<Optional<URI>> address) {
    addresses.put(name, address);
  }

  public void add(String name, URI address) {
    add(name, () -> Optional.of(address));
  }

  /** Empty for one that the settings do not name any more. */
  public Optional<URI> address(String name) {
    Supplier<Optional<URI>> address = addresses.get(name);
    return address == null ? Optional.empty() : address.get();
  }

  public boolean has(String name) {
    return address(name).isPresent();
  }

  /** All that are named, also those that have no address now. */
  public Set<String> names() {
    return Set.copyOf(addresses.keySet());
  }
}
