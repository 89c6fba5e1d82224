package org.reelway.stream.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reelway.settings.GroupMember;
import org.reelway.settings.RoutingSettings.RoutedBy;
import org.reelway.settings.ServerApi;

class GroupTest {
  private static ServerApi ems(String uri) {
    return new ServerApi(ServerApi.Kind.EMS, "m", URI.create(uri));
  }

  private static Group group(String address, List<ServerApi> own, String... members) {
    return Group.of(
        Arrays.stream(members).map(uri -> new GroupMember(null, ems(uri))).toList(), address, own, RoutedBy.SERVER);
  }

  private static List<String> pulling(Group group) {
    return group.pulling().stream().map(each -> each.uri().getAuthority()).toList();
  }

  @Test
  void aServerIsNeverToldToPullFromItself() {
    assertThat(pulling(group("A.example.com:1935", List.of(), "http://a.example.com:7777", "http://b.example.com:7777")))
        .as("by the host of its address").containsExactly("b.example.com:7777");
    assertThat(pulling(group("a.example.com", List.of(ems("http://10.0.0.1:7777")), "http://10.0.0.1:7777", "http://b:7777")))
        .as("by the API that is asked").containsExactly("b:7777");
    assertThat(pulling(group("a", List.of(ems("http://127.0.0.1:7777")), "http://a:7777", "http://a:7778")))
        .as("another port of its host is another server").containsExactly("a:7778");
  }

  @Test
  void theAddressHasAPort() {
    assertThat(group("a", List.of()).self()).isEqualTo("a:1935");
    assertThat(group("a:1936", List.of()).self()).isEqualTo("a:1936");
  }

  @Test
  void whereAStreamIsPulledFromIsTheSourceByTheAddress() {
    assertThat(PullSource.template("rtmp://127.0.0.1:1936/live/{stream}", "a:1935")).isEqualTo("rtmp://a:1935/live/{stream}");
    assertThat(PullSource.template("rtmp://127.0.0.1/{app}/{stream}", "a:1935")).isEqualTo("rtmp://a:1935/{app}/{stream}");
    assertThat(PullSource.template("http://127.0.0.1/{stream}.flv", "a:1935")).isEqualTo("rtmp://a:1935/{app}/{stream}");
  }
}
