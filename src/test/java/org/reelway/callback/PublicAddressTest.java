package org.reelway.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1",
    "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:c0a8:101::", "::127.0.0.1", "2001:db8::1"
  })
  void theseAreClosed(String address) throws Exception {
    assertThat(PublicAddress.is(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "8.8.8.8", "172.32.0.1", "172.15.0.1", "192.169.0.1", "100.128.0.1", "11.0.0.1", "2606:4700::1111",
    "64:ff9b::808:808", "2002:808:808::"
  })
  void theseAreOpen(String address) throws Exception {
    assertThat(PublicAddress.is(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void closedOnesAreAllowedByNameOrAddress() throws Exception {
    InetAddress lan = InetAddress.getByName("10.1.2.3");
    assertThat(new AllowedHosts(List.of()).allows("a.lan", lan)).isFalse();
    assertThat(new AllowedHosts(List.of("lan")).allows("A.lan", lan)).isTrue();
    assertThat(new AllowedHosts(List.of("b.lan", "xa.lan")).allows("a.lan", lan)).isFalse();
    assertThat(new AllowedHosts(List.of("10.1.2.3")).allows("a.lan", lan)).isTrue();
    assertThat(new AllowedHosts(List.of("*")).allows("a.lan", lan)).isTrue();
    assertThat(new AllowedHosts(List.of("[::1]")).allows("[::1]", InetAddress.getByName("::1"))).isTrue();
  }
}
