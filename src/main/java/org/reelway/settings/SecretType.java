package org.reelway.settings;

import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Text that is never shown, in no message either. */
final class SecretType implements ValueType<String> {
  static final SecretType PASSWORD = new SecretType("\\P{Cntrl}+", "no control characters");
  static final SecretType STORE_KEY = new SecretType("[^\\p{Cntrl}\\s\"']+", "no spaces, no quotes");

  static final SecretType CUSTOMER_KEY =
      new SecretType("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=", "32 bytes in base64 (44 characters)");

  static final SecretType SIGNING =
      new SecretType(
          "whsec_(?:[A-Za-z0-9+/]{4}){5,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?|(?!whsec_)[^\\p{Cntrl}\\s\"']{16,}",
          "whsec_ and base64, or 16 and more characters without spaces and quotes");

  private final Pattern form;
  private final String allowed;

  private SecretType(String form, String allowed) {
    this.form = Pattern.compile(form);
    this.allowed = allowed;
  }

  @Override
  public String text() {
    return "secret";
  }

  @Override
  public String allowed() {
    return allowed;
  }

  @Override
  public String parse(String text) {
    if (!form.matcher(text).matches()) {
      throw new InputFailure("the secret (not shown) has a character that is not valid here; allowed: " + allowed);
    }
    return text;
  }

  @Override
  public boolean isSecret() {
    return true;
  }
}
