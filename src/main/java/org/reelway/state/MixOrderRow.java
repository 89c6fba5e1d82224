package org.reelway.state;

import java.util.Locale;

/**
 * A mix that any sidecar may make.
 *
 * @param id of the recording, which has one mix
 * @param node that ordered it
 * @param path of the recording, relative to its recordings folder
 * @param identity text of its {@code FileIdentity} on the node that ordered it
 * @param recorderUri of the multi-recorder; empty for none
 * @param created when the recording began, milliseconds since 1970
 * @param length of the recording in milliseconds; 0 where nobody knows
 * @param store that has the recording; empty for the primary
 * @param bucket empty while the recording is not in the store, as are the key and the ETag
 * @param worker that has it, or had it last; empty for none
 * @param fence of the worker's lease
 * @param tries how often a worker began
 * @param trouble why it is not mixed; empty for nothing
 * @param orderedAt milliseconds since 1970, of the database; 0 of one that is new
 */
public record MixOrderRow(
    String id, String node, String path, String identity, String recorderUri, long created, long length, String store, String bucket,
    String key, String etag, long size, State state, String worker, long fence, int tries, String trouble, long orderedAt) {

  /** How far it is. */
  public enum State {
    /** Its recording is not in the store yet. */
    WAITING,
    /** A worker may take it. */
    ORDERED,
    /** A worker has it, until the mix is in the store. */
    MIXING,
    /** The mix is in the store. */
    MIXED,
    FAILED,
    CANCELLED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** One that is new. */
  public static MixOrderRow of(
      String id, String node, String path, String identity, String recorderUri, long created, long length, long size) {
    return new MixOrderRow(
        id, node, path, identity, recorderUri, created, length, "", "", "", "", size, State.WAITING, "", 0, 0, "", 0);
  }
}
