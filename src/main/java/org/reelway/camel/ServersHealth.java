package org.reelway.camel;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.stream.server.ServerQuestions;

/** Down while a media server's API does not tell its streams. Part of neither liveness nor readiness: recordings travel. */
final class ServersHealth extends GuardedHealth {
  private final Supplier<List<ServerQuestions.Answering>> servers;

  ServersHealth(Supplier<List<ServerQuestions.Answering>> servers) {
    super("reelway", "servers");
    this.servers = servers;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  public boolean isReadiness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    List<ServerQuestions.Answering> all = servers.get();
    List<String> bad =
        all.stream()
            .filter(ServerQuestions.Answering::failing)
            .map(each -> each.api().kind().word() + " " + each.api().name() + ": " + each.trouble())
            .toList();
    builder.detail("servers", all.size());
    if (bad.isEmpty()) {
      builder.up();
    } else {
      builder.message(String.join("; ", bad)).down();
    }
  }
}
