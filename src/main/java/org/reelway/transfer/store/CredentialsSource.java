package org.reelway.transfer.store;

/** Where requests get their credentials; asked for each request, so that short-lived ones are renewed in time. */
@FunctionalInterface
public interface CredentialsSource {
  /** @throws org.reelway.failure.DestinationFailure where there are none, with what was looked at and what to set */
  Credentials get();

  /** A pair of an access key id and its secret. */
  static CredentialsSource fixed(String accessKey, String secretKey) {
    Credentials credentials = new Credentials(accessKey, secretKey, null);
    return () -> credentials;
  }
}
