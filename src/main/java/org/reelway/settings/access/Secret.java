package org.reelway.settings.access;

import java.security.MessageDigest;
import java.util.Optional;
import org.reelway.failure.Sha256;

/**
 * An account's secret; compared in the same time whatever is given.
 *
 * @param digest SHA-256 of its UTF-8 bytes
 * @param plain what it is, where that is known
 */
record Secret(Account account, byte[] digest, Optional<String> plain) {
  static Secret of(Account account, String plain) {
    return new Secret(account, digest(plain), Optional.of(plain));
  }

  static byte[] digest(String secret) {
    return Sha256.of(secret);
  }

  boolean is(byte[] given) {
    return MessageDigest.isEqual(digest, given);
  }

  boolean isSame(Secret other) {
    return is(other.digest);
  }

  /** Never shows the secret. */
  @Override
  public String toString() {
    return account.toString();
  }
}
