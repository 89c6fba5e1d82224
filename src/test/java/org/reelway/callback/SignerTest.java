package org.reelway.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignerTest {
  /** The example of the Standard Webhooks libraries; its signature was computed by Python's hmac as well. */
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

  private static String signed(String... secrets) {
    return new Signer(List.of(secrets)).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY).orElse(null);
  }

  @Test
  void theExampleOfTheStandardIsSignedAsItSays() {
    assertThat(signed(SECRET)).isEqualTo(SIGNATURE);
  }

  @Test
  void twoSecretsMakeTwoSignatures() {
    assertThat(signed("another secret, plain", SECRET)).matches("v1,[A-Za-z0-9+/]{43}= .*").endsWith(" " + SIGNATURE);
  }

  @Test
  void withoutASecretThereIsNone() {
    assertThat(signed()).isNull();
  }
}
