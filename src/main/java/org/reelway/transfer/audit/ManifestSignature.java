package org.reelway.transfer.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.reelway.failure.OurFailure;

/**
 * HMAC-SHA-256 of a manifest's bytes, taken while the signature's own 64 digits are zeros, and then put in their place:
 * no canonical form of JSON is needed to check it.
 */
public final class ManifestSignature {
  static final String ALGORITHM = "hmac-sha256";
  /** Stands where the signature goes. */
  static final String UNSIGNED = "0".repeat(64);

  private final byte[] secret;

  public ManifestSignature(String secret) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
  }

  /** @param text with {@link #UNSIGNED} as its signature, once */
  String sign(String text) {
    int at = text.lastIndexOf(UNSIGNED);
    return text.substring(0, at) + hmac(text) + text.substring(at + UNSIGNED.length());
  }

  /** @param value the signature that the text carries */
  boolean isValid(String text, String value) {
    int at = text.lastIndexOf(value);
    if (value.length() != UNSIGNED.length() || at < 0) {
      return false;
    }
    String unsigned = text.substring(0, at) + UNSIGNED + text.substring(at + value.length());
    return MessageDigest.isEqual(bytes(hmac(unsigned)), bytes(value));
  }

  private String hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(bytes(text)));
    } catch (GeneralSecurityException e) {
      throw new OurFailure("this Java has no HMAC-SHA-256", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
