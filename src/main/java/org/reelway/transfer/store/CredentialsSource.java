package org.reelway.transfer.store;

/** Where requests get their credentials; asked for each request, so that short-lived ones are renewed in time. */
@FunctionalInterface
public interface CredentialsSource extends AutoCloseable {
  /** @throws org.reelway.failure.DestinationFailure where there are none, with what was looked at and what to set */
  Credentials get();

  /**
   * A store called these expired or unknown: what is kept of them is forgotten, and looked up again at once.
   *
   * @return whether {@link #get()} now gives others, with which a request may be tried once more
   * @throws org.reelway.failure.DestinationFailure as {@link #get()} does
   */
  default boolean renew(Credentials refused) {
    return false;
  }

  /** Lets go of connections and threads, where it has any. */
  @Override
  default void close() {}

  /** A pair of an access key id and its secret. */
  static CredentialsSource fixed(String accessKey, String secretKey) {
    Credentials credentials = new Credentials(accessKey, secretKey, null);
    return () -> credentials;
  }
}
