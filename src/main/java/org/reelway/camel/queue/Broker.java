package org.reelway.camel.queue;

import java.util.Optional;
import org.apache.camel.CamelContext;
import org.reelway.failure.InputFailure;
import org.reelway.settings.QueueSettings;
import org.reelway.settings.Settings;

/** The broker of {@code reelway.queue.url}, as routes reach it by {@code jms:}. */
public interface Broker extends AutoCloseable {
  /** From now on {@code jms:} endpoints that name no connection factory of their own are of it. Before routes are made. */
  void configure(CamelContext camel);

  /** Asks it once. @return why it cannot be used */
  Optional<String> trial();

  /** Looks again and again whether it answers. */
  void begin();

  /** Why it cannot be used; empty while it can. */
  String trouble();

  @Override
  void close();

  /**
   * @return empty where no broker is set
   * @throws InputFailure the libraries are not there
   */
  static Optional<Broker> of(Settings settings) {
    if (!settings.isSet(QueueSettings.URL)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ArtemisBroker(
          settings.get(QueueSettings.URL), settings.get(QueueSettings.USERNAME), settings.get(QueueSettings.PASSWORD)));
    } catch (NoClassDefFoundError missing) {
      throw new InputFailure(
          "reelway.queue.url is set, but the broker's libraries are not on the class path (" + missing.getMessage()
              + "): start Reelway by its launcher ./reelway, which adds the folder queue-lib beside the jar where one plain line sets"
              + " it, or add that folder's jars (docs/mixer.md, A mixing farm)", missing);
    }
  }
}
