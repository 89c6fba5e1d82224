package org.reelway.camel;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Has what fails in a route's source, as a folder that cannot be read, told as failures of routes are: each source of
 * Camel's logs a stack trace each time it fails, and each time that a message comes back to it.
 */
final class SourceFailures implements EndpointStrategy {
  private final RouteFailures failures;

  SourceFailures(RouteFailures failures) {
    this.failures = failures;
  }

  @Override
  public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
    if (endpoint instanceof DefaultEndpoint source && source.getExceptionHandler() == null && !source.isBridgeErrorHandler()) {
      source.setExceptionHandler(new Teller(source));
    }
    return endpoint;
  }

  private final class Teller implements ExceptionHandler {
    private final DefaultEndpoint source;

    Teller(DefaultEndpoint source) {
      this.source = source;
    }

    @Override
    public void handleException(Throwable failure) {
      handleException(null, null, failure);
    }

    @Override
    public void handleException(String message, Throwable failure) {
      handleException(message, null, failure);
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable failure) {
      if (!RouteFailures.isTold(exchange)) {
        failures.tell("source " + source.getEndpointBaseUri(), failure, "it is tried again");
      }
    }
  }
}
