package org.reelway.transfer.store;

/** @param sessionToken null for long-term keys */
public record Credentials(String accessKey, String secretKey, String sessionToken) {
  /** Never shows the secret or the token. */
  @Override
  public String toString() {
    return "Credentials[accessKey=" + accessKey + ", secretKey=****" + (sessionToken == null ? "]" : ", sessionToken=****]");
  }
}
