package org.reelway.callback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures by Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks, "Symmetric signatures"):
 * {@code v1,} and the base64 of HMAC-SHA256 over id, timestamp and body, one for each secret. Never shows a secret.
 */
public final class Signer {
  private static final String ENCODED = "whsec_";

  private final Supplier<List<String>> secrets;

  /** @param secrets {@code whsec_} and base64, or any other text as it is; none for no signature */
  public Signer(List<String> secrets) {
    this(() -> secrets);
  }

  /** @param secrets as they are when something is signed */
  public Signer(Supplier<List<String>> secrets) {
    this.secrets = secrets;
  }

  private static byte[] key(String secret) {
    return secret.startsWith(ENCODED)
        ? Base64.getDecoder().decode(secret.substring(ENCODED.length()))
        : secret.getBytes(StandardCharsets.UTF_8);
  }

  /** The value of {@code webhook-signature}. @param seconds since 1970 */
  public Optional<String> sign(String id, long seconds, byte[] body) {
    List<byte[]> keys = secrets.get().stream().map(Signer::key).toList();
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    byte[] head = (id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8);
    return Optional.of(keys.stream().map(key -> "v1," + hmac(key, head, body)).collect(Collectors.joining(" ")));
  }

  private static String hmac(byte[] key, byte[] head, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(head);
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
