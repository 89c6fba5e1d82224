package org.reelway.stream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.settings.DestinationUri;

class DestinationArgumentsTest {
  private static Destination destination(String uri, String stream) {
    return DestinationArguments.of(DestinationUri.parse(uri), stream, StreamTrail.NOBODY.and("a:1935").and("b:1935"));
  }

  @Test
  void theStreamKeyOfAnRtmpDestinationIsNoArgument() {
    Destination destination = destination("rtmp://live.example.com/app/abcd-1234-key?token=s3cret", "main");

    assertThat(destination.arguments()).endsWith("rtmp://live.example.com:1935/").doesNotContain("abcd-1234-key");
    assertThat(destination.arguments().toString()).doesNotContain("abcd").doesNotContain("s3cret");
    assertThat(destination.secrets())
        .containsExactly(new Destination.Secret("rtmp_playpath", "abcd-1234-key?token=s3cret"));
    assertThat(destination.shown()).isEqualTo("rtmp://live.example.com:1935/app/***?***");
    assertThat(destination.toString()).doesNotContain("abcd").doesNotContain("s3cret");
    assertThat(destination.redacted("rtmp: abcd-1234-key?token=s3cret refused")).isEqualTo("rtmp: *** refused");
  }

  @Test
  void theStreamsOwnNameIsNoSecret() {
    Destination destination = destination("rtmps://b.example.com/live/{stream}", "cam 1; rm -rf $HOME 'x'");

    assertThat(destination.shown()).isEqualTo("rtmps://b.example.com:443/live/cam 1; rm -rf $HOME 'x'");
    assertThat(destination.secrets())
        .containsExactly(new Destination.Secret("rtmp_playpath", "cam 1; rm -rf $HOME 'x'"));
    assertThat(destination.group()).isEqualTo("rtmps://b.example.com:443/live/{stream}");
  }

  @Test
  void serversThatShowQueriesAreToldTheWayOfTheStreamInIt() {
    Destination destination = destination("rtmp://h/live/{stream}?key=k&reelwayVia={via}", "cam {via}");

    assertThat(destination.secrets())
        .containsExactly(new Destination.Secret("rtmp_playpath", "cam {via}?key=k&reelwayVia=" + StreamTrail.id("a:1935") + "," + StreamTrail.id("b:1935")));
  }

  @Test
  void applicationsMayHaveAnInstance() {
    Destination destination = destination("rtmp://h/live2/inst/{stream}/x", "s");

    assertThat(destination.arguments()).containsSubsequence("-rtmp_app", "live2/inst");
    assertThat(destination.secrets()).containsExactly(new Destination.Secret("rtmp_playpath", "s/x"));
  }

  @Test
  void theStreamIsEscapedWhereItIsPartOfAUrl() {
    Destination destination = destination("https://u:p%40ss@h/in/{stream}/index.m3u8", "ä b/c");

    assertThat(destination.http().playlist()).hasToString("https://h:443/in/%C3%A4%20b%2Fc/index.m3u8");
    assertThat(destination.http().authorization()).isEqualTo("Basic dTpwQHNz");
    assertThat(destination.arguments()).noneMatch(each -> each.contains("h:443"));
    assertThat(destination.toString()).doesNotContain("dTpwQHNz");
    assertThat(destination.shown()).startsWith("https://***@h:443/").doesNotContain("p@ss");
  }

  @Test
  void theQueryOfAnHttpDestinationIsPartOfEveryRequestAndNoArgument() {
    Destination destination = destination("http://h/in/{stream}.m3u8?cid=topsecret", "s");

    assertThat(destination.http().playlist()).hasToString("http://h:80/in/s.m3u8?cid=topsecret");
    assertThat(destination.toString() + destination.http()).doesNotContain("topsecret");
    assertThat(destination.shown()).isEqualTo("http://h:80/in/s.m3u8?***");
  }

  @Test
  void srtKeepsItsPassphraseToItself() {
    Destination destination =
        destination("srt://h:9000?latency=200000&passphrase=verysecret1&streamid=publish:{stream}", "s");

    assertThat(destination.arguments()).endsWith("srt://h:9000?latency=200000");
    assertThat(destination.secrets())
        .containsExactly(
            new Destination.Secret("passphrase", "verysecret1"), new Destination.Secret("srt_streamid", "publish:s"));
    assertThat(destination.shown()).isEqualTo("srt://h:9000?***");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      ftp://h/x                         | scheme
      rtmp://h/live                     | no stream
      rtmp://user:topsecret@h/live/x    | list of processes
      rtsp://user:topsecret@h/x         | list of processes
      rtmp://h/live/{via}               | reelwayVia={via}
      rtmp://h/live/{stream}?v={via}    | reelwayVia={via}
      srt://h:1?reelwayVia={via}        | reelwayVia={via}
      rtsp://h/x?cid=topsecret          | list of processes
      https://h/x                       | .m3u8
      srt://h                           | no port
      rtmp:///live/x                    | host
      rtmp://h/live/{name}              | {name} is not known
      rtmp://h:70000/live/x             | port
      nonsense                          | scheme
      """)
  void whatCannotBeUsedIsRefusedWithTheReasonAndWithoutItsSecrets(String uri, String why) {
    assertThatThrownBy(() -> DestinationUri.parse(uri))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining(why)
        .message().doesNotContain("topsecret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../x", "a/../b", "two\nlines", "nul\0"})
  void streamsWithNamesThatLeadElsewhereAreNotSent(String stream) {
    DestinationUri uri = DestinationUri.parse("rtmp://h/live/{stream}");

    assertThatThrownBy(() -> DestinationArguments.of(uri, stream, StreamTrail.NOBODY)).isInstanceOf(InputFailure.class).hasMessageContaining("cannot be sent");
  }
}
