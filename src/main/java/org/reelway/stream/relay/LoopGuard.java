package org.reelway.stream.relay;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.transfer.http.HostNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Keeps a stream from going back to a server that it came from or through. Safe for several threads. */
public final class LoopGuard {
  private static final Logger LOG = LoggerFactory.getLogger(LoopGuard.class);
  /** With the name service, once. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Destinations destinations;
  private final String self;
  private final HostNames hosts;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /** @param self names this media server in what streams are told of their way: its address, or anything unique */
  public LoopGuard(Destinations destinations, String self, HostNames hosts) {
    this.destinations = destinations;
    this.self = self;
    this.hosts = hosts;
    // So that the answers are there when they are wanted.
    destinations.hosts().stream().filter(host -> literal(host).isEmpty()).forEach(host -> hosts.known(host, Duration.ZERO));
  }

  /** Whether it was published on this media server, and came through no other one that Reelway knows of. */
  public boolean isOwn(SourceStream stream) {
    return stream.isInbound() && stream.via().servers().isEmpty();
  }

  /**
   * Whether the stream may go there. Waits for a name service that is slow, for a short time, and then decides by what is
   * known. A name that no destination has is let through, so that the relay says it.
   */
  public boolean allows(SourceStream stream, String destination) {
    if (!destinations.names().contains(destination)) {
      return true;
    }
    Destinations.Named to = destinations.get(destination);
    String why = refusal(stream, to);
    if (why == null && !canBeTold(stream, to)) {
      say(Level.WARN, stream, to, "it came through " + StreamTrail.MOST_TOLD + " servers, and no more can be told to the next one"
          + " by the Flash version; write ?reelwayVia={via} behind the destination where its events show queries");
      return false;
    }
    if (why != null && !why.isEmpty()) {
      say(Level.INFO, stream, to, why);
    }
    return why == null;
  }

  /**
   * The one of several destinations that a stream of this name always goes to, and others of other names, where it may go
   * there; a destination more or less changes as few as possible. Never this server itself.
   */
  public Optional<String> oneOf(SourceStream stream, List<String> names) {
    return names.stream().filter(name -> !isSelf(name)).max(Comparator.comparingLong(name -> weight(stream.name(), name)));
  }

  private boolean isSelf(String name) {
    return destinations.names().contains(name) && destinations.get(name).uri() != null
        && destinations.get(name).uri().authority().equalsIgnoreCase(self);
  }

  /** Rendezvous hashing. */
  private static long weight(String stream, String destination) {
    long mixed = (stream + "\n" + destination).hashCode() * 0x9E3779B97F4A7C15L;
    return (mixed ^ mixed >>> 29) * 0xBF58476D1CE4E5B9L >>> 1;
  }

  /** Once for each destination and reason: the streams that are on at a start come all at once. */
  private void say(Level level, SourceStream stream, Destinations.Named to, String why) {
    if (said.add(to + " " + why)) {
      LOG.atLevel(level).log("stream {} is not sent to {}: {}; not said again of others", stream.shownName(), to, why);
    }
  }

  private boolean canBeTold(SourceStream stream, Destinations.Named to) {
    boolean byFlashVersion = to.uri() != null && to.uri().isRtmp() && !to.uri().tellsVia();
    return !byFlashVersion || stream.via().and(self).canBeTold();
  }

  /** Null where nothing is against it; empty for this server itself, which needs no word. */
  private String refusal(SourceStream stream, Destinations.Named to) {
    if (stream.via().has(self)) {
      return "it came through here before";
    }
    if (to.uri() == null) {
      return null;
    }
    if (to.uri().authority().equalsIgnoreCase(self)) {
      return "";
    }
    return stream.via().has(to.uri().authority()) || isPublishedBy(stream, to.host()) ? "it came from there" : null;
  }

  private boolean isPublishedBy(SourceStream stream, String host) {
    Optional<InetAddress> publisher = literal(stream.publisher());
    if (publisher.isEmpty()) {
      return stream.publisher().equalsIgnoreCase(host);
    }
    // An address of this machine says nothing: whoever publishes here may be on it, and so may the destination.
    Optional<InetAddress> address = literal(host);
    return !publisher.get().isLoopbackAddress()
        && (address.isPresent() ? address.equals(publisher) : hosts.known(host, PATIENCE).contains(publisher.get()));
  }

  /** The address that the text is, with or without a port; empty where it is a name, and nobody is asked. */
  private static Optional<InetAddress> literal(String text) {
    String host =
        text.startsWith("[") ? text.replaceFirst("^\\[([^]]*)].*$", "$1")
            : text.indexOf(':') == text.lastIndexOf(':') ? text.replaceFirst(":.*$", "") : text;
    boolean numbers = host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || host.contains(":") && host.matches("[0-9a-fA-F:.%]+");
    try {
      return numbers ? Optional.of(InetAddress.getByName(host)) : Optional.empty();
    } catch (UnknownHostException noAddress) {
      return Optional.empty();
    }
  }
}
