package org.reelway.camel.queue;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.jms.JmsComponent;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.connection.CachingConnectionFactory;

/** An Artemis broker. It may be away for as long as it wants: consumers connect again by themselves, and senders at each message. */
final class ArtemisBroker implements Broker {
  private static final Logger LOG = LoggerFactory.getLogger(ArtemisBroker.class);
  private static final long LOOK_SECONDS = 5;
  private static final long RECOVERY_MILLIS = 2000;
  /**
   * Where the address does not say otherwise: no message waits behind another in a worker, and the broker gives those of a worker
   * that is cut off or stopped to others within half a minute.
   */
  private static final Map<String, String> USUAL = usual();

  private final String url;
  private final ActiveMQConnectionFactory factory;
  private final CachingConnectionFactory senders;
  private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("broker"));
  private volatile String trouble = "";
  private Connection looked;

  ArtemisBroker(String url, String username, String password) {
    this.url = url;
    this.factory = new ActiveMQConnectionFactory(address(url));
    if (username != null) {
      factory.setUser(username);
      factory.setPassword(password == null ? "" : password);
    }
    this.senders = new CachingConnectionFactory(factory);
    senders.setReconnectOnException(true);
  }

  private static Map<String, String> usual() {
    Map<String, String> usual = new LinkedHashMap<>();
    usual.put("consumerWindowSize", "0");
    usual.put("connectionTTL", "20000");
    usual.put("clientFailureCheckPeriod", "8000");
    usual.put("callTimeout", "10000");
    usual.put("reconnectAttempts", "0");
    return usual;
  }

  /** @param url as it is set: one, several by commas, or in Artemis' form */
  static String address(String url) {
    int question = url.indexOf('?');
    String hosts = (question < 0 ? url : url.substring(0, question)).replaceAll("\\s", "");
    String given = question < 0 ? "" : url.substring(question + 1);
    String more = USUAL.entrySet().stream().filter(each -> !given.contains(each.getKey() + "="))
        .map(each -> each.getKey() + "=" + each.getValue()).collect(Collectors.joining("&"));
    String all = hosts.contains(",") && !hosts.startsWith("(") ? "(" + hosts + ")" : hosts;
    return all + "?" + (given.isEmpty() ? more : more.isEmpty() ? given : given + "&" + more);
  }

  @Override
  public void configure(CamelContext camel) {
    JmsComponent jms = new JmsComponent();
    jms.setConnectionFactory(factory);
    jms.setTemplateConnectionFactory(senders);
    jms.setRecoveryInterval(RECOVERY_MILLIS);
    // A start does not wait for it.
    jms.setAsyncStartListener(true);
    // A failure has been told by its route.
    jms.setErrorHandlerLoggingLevel(LoggingLevel.DEBUG);
    jms.setErrorHandlerLogStackTrace(false);
    camel.addComponent("jms", jms);
  }

  @Override
  public Optional<String> trial() {
    try (Connection connection = factory.createConnection()) {
      connection.start();
      return Optional.empty();
    } catch (JMSException | RuntimeException e) {
      return Optional.of(words(e));
    }
  }

  @Override
  public void begin() {
    looks.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  private synchronized void look() {
    if (looked != null) {
      return;
    }
    Connection connection = null;
    try {
      connection = factory.createConnection();
      connection.setExceptionListener(this::broke);
      connection.start();
      looked = connection;
      if (!trouble.isEmpty()) {
        LOG.info("the broker of reelway.queue.url answers again");
      }
      trouble = "";
    } catch (JMSException | RuntimeException e) {
      end(connection);
      away(e);
    }
  }

  private synchronized void broke(JMSException why) {
    end(looked);
    looked = null;
    away(why);
  }

  private void away(Exception why) {
    String words = words(why);
    if (trouble.isEmpty()) {
      LOG.warn("{}; mixes of the farm wait in the state until it does", words);
    }
    trouble = words;
  }

  private String words(Exception why) {
    return "the broker " + url + (why instanceof JMSSecurityException ? " does not let reelway.queue.username in: " : " does not answer: ")
        + Failure.rootOf(why);
  }

  private static void end(Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (JMSException e) {
        LOG.debug("{}", e.toString());
      }
    }
  }

  @Override
  public String trouble() {
    return trouble;
  }

  @Override
  public void close() {
    looks.shutdownNow();
    senders.destroy();
    synchronized (this) {
      end(looked);
      looked = null;
    }
    factory.close();
  }
}
