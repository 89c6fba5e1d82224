package org.reelway.live;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The complete playlists of those that a master names.
 *
 * @param names of the master
 */
record CompletePlaylists(PlaylistNames names, LivePublisher publisher) implements Presence {

  @Override
  public State of(NamedFile named) {
    Optional<Path> file = named.playlist() ? names.file(named.uri()) : Optional.empty();
    return file.isEmpty() || publisher.completeMark(file.get()).isPresent() ? State.THERE : State.AWAITED;
  }

  @Override
  public String uri(NamedFile named) {
    Optional<Path> file = named.playlist() ? names.file(named.uri()) : Optional.empty();
    return file.flatMap(publisher::completeMark).map(mark -> PlaylistNames.marked(named.uri(), mark)).orElse(named.uri());
  }
}
