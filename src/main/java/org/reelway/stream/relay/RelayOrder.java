package org.reelway.stream.relay;

/**
 * A stream to be sent to a destination for as long as it is on.
 *
 * @param stream its name
 * @param mark what the destination is told of where the stream has been, see {@link StreamTrail}
 */
record RelayOrder(String stream, StreamSource source, Destination destination, String mark) {
  /** The same for the same stream, source and destination, also after a restart. */
  String id() {
    // Not the secrets themselves: the id is shown, and whoever sees it could try what fits.
    return TaskId.of(stream, source.uri(), destination.group() + destination.twinWord());
  }
}
