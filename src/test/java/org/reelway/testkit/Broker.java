package org.reelway.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.awaitility.Awaitility;

/** A real Artemis broker in a process of its own, with a journal on disk: it can be killed, and comes back with what it had. */
public final class Broker implements AutoCloseable {
  private final Path folder;
  private final int port;
  private Process server;

  private Broker(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  public static Broker start(Path folder) throws IOException {
    Broker broker = new Broker(Files.createDirectories(folder), FreePort.any());
    broker.comeBack();
    return broker;
  }

  public int port() {
    return port;
  }

  public String url() {
    return "tcp://127.0.0.1:" + port;
  }

  /** kill -9 */
  public void goAway() throws InterruptedException {
    server.destroyForcibly().waitFor();
  }

  public void comeBack() throws IOException {
    Path log = folder.resolve("log");
    server =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(), "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData", "-cp", System.getProperty("java.class.path"), Broker.class.getName(), folder.toString(),
            String.valueOf(port))
            .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    Awaitility.await("the broker runs; see " + log)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .failFast("it ended; see " + log, () -> !server.isAlive())
        .until(() -> FreePort.isTaken(port));
  }

  /** The broker itself. Arguments: folder, port. It ends with the process that started it. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Configuration configuration = new ConfigurationImpl()
        .setPersistenceEnabled(true)
        .setSecurityEnabled(false)
        .setJMXManagementEnabled(false)
        .setJournalType(JournalType.NIO)
        .setJournalFileSize(1 << 20)
        .setJournalMinFiles(2)
        .setJournalDirectory(folder.resolve("journal").toString())
        .setBindingsDirectory(folder.resolve("bindings").toString())
        .setLargeMessagesDirectory(folder.resolve("large").toString())
        .setPagingDirectory(folder.resolve("paging").toString())
        // A test's disk may be nearly full.
        .setMaxDiskUsage(-1)
        .addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + arguments[1])
        .setAddressSettings(Map.of("#", new AddressSettings().setDeadLetterAddress(SimpleString.of("DLQ"))));
    EmbeddedActiveMQ broker = new EmbeddedActiveMQ().setConfiguration(configuration);
    broker.start();
    ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> Runtime.getRuntime().halt(0)));
  }

  @Override
  public void close() throws InterruptedException {
    server.destroy();
    if (!server.waitFor(20, TimeUnit.SECONDS)) {
      goAway();
    }
  }
}
