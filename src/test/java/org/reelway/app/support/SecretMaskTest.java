package org.reelway.app.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of the log, with secrets that no setting has. */
class SecretMaskTest {
  private final SecretMask mask = new SecretMask(Stream.of("known-secret"));

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "GET http://h/a?part=3&key=hunter1&x=y failed              | GET http://h/a?part=3&key=*****&x=y failed",
      "GET https://h/b?X-Amz-Signature=hunter2 -> 403            | GET https://h/b?X-Amz-Signature=***** -> 403",
      "sent Authorization: AWS4-HMAC-SHA256 hunter=3, x          | sent Authorization: *****, x",
      "[Authorization: Bearer hunter4abc, Accept: */*]           | [Authorization: *****, Accept: */*]",
      "curl with Basic aHVudGVyOmh1bnRlcg== was refused          | curl with Basic ***** was refused",
      "the id AKIAHUNTER1234567890 is unknown                    | the id AKIA***** is unknown",
      "http://me:hunter5@h/x is away                             | http://*****@h/x is away",
      "relay to rtmp://h:1935/live2/hunter6-abcd?x=hunter ended  | relay to rtmp://h:1935/live2/***** ended",
      "'rtmps://h/app/inst/hunter7' ended, again in 5 s          | 'rtmps://h/app/*****' ended, again in 5 s",
      "srt://h:9000?mode=caller&streamid=hunter8&passphrase=hunter9 is away | srt://h:9000?mode=caller&streamid=*****&passphrase=***** is away",
      "login failed for password=hunter10, id 5                  | login failed for password=*****, id 5",
      "answer {\"token\": \"hunter11\", \"id\": 5}                 | answer {\"token\": *****, \"id\": 5}",
      "a library says known-secret                               | a library says *****"})
  void whatLooksLikeASecretGoes(String line, String left) {
    assertThat(mask.maskLogged(line)).isEqualTo(left).doesNotContain("hunter");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "reelway.callbacks.secret: it is shorter than 16 characters; make one by openssl",
      "reelway.http.access-file: /etc/reelway/access:1: the secret (not shown) is shorter than 16 characters",
      "/media/key to the city.mp4 \u2192 recordings/key/cam1.mp4 (10 bytes, checksum, kept)",
      "PUT http://store/recordings/cam1.mp4?partNumber=3&uploadId=abc-def answered 503",
      "rtmp://127.0.0.1:1935/live is not reached",
      "set aside (input): /media/rtmp/live/cam1.mp4 has no bytes"})
  void whatHelpsToFindAFaultStays(String line) {
    assertThat(mask.maskLogged(line)).isEqualTo(line);
  }
}
