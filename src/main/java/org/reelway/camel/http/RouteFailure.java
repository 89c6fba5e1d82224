package org.reelway.camel.http;

import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.ValidationException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.URISupport;
import org.reelway.failure.BadRequest;
import org.reelway.failure.Conflict;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.NotFound;
import org.reelway.failure.NotNow;
import org.reelway.state.StateDatabase;

/**
 * What a route failed with, Reelway's own failures and those of Camel's components alike.
 *
 * @param status of the answer to an HTTP request that failed with it
 * @param told to whoever asked: no more than they may know
 * @param logged what happened, without the secrets of addresses
 */
public record RouteFailure(FailureClass failureClass, int status, String told, String logged) {
  public static RouteFailure of(Throwable failure) {
    Optional<Failure> own = Failure.in(failure);
    if (own.isPresent()) {
      String message = own.get().getMessage();
      return new RouteFailure(own.get().failureClass(), status(own.get()), message, message);
    }
    String logged = URISupport.sanitizeUri(failure.toString());
    if (StateDatabase.isAway(failure)) {
      String why = StateDatabase.told(failure);
      return new RouteFailure(FailureClass.OURS, 503, why, why);
    }
    if (causes(failure).anyMatch(RouteFailure::isAway)) {
      return new RouteFailure(
          FailureClass.DESTINATION, 503, "what this request needs is away or refuses; the log tells more", logged);
    }
    Optional<String> input = causes(failure).map(RouteFailure::inputFault).filter(Objects::nonNull).findFirst();
    if (input.isPresent()) {
      return new RouteFailure(FailureClass.INPUT, 422, input.get(), logged);
    }
    return new RouteFailure(FailureClass.OURS, 500, "the request could not be handled; the log tells why", logged);
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  private static int status(Failure failure) {
    if (failure instanceof NotFound) {
      return 404;
    }
    if (failure instanceof BadRequest) {
      return 400;
    }
    if (failure instanceof Conflict) {
      return 409;
    }
    if (failure instanceof NotNow) {
      return 503;
    }
    return switch (failure.failureClass()) {
      case INPUT -> 422;
      case DESTINATION -> 503;
      case OURS -> 500;
    };
  }

  private static boolean isAway(Throwable cause) {
    return cause instanceof SocketException || cause instanceof SocketTimeoutException
        || cause instanceof UnknownHostException || cause instanceof HttpOperationFailedException || isOfBroker(cause.getClass());
  }

  /** By its name: the library is there with a broker only. */
  private static boolean isOfBroker(Class<?> type) {
    return type != null && (type.getName().equals("jakarta.jms.JMSException") || isOfBroker(type.getSuperclass()));
  }

  /** Null where it is none. */
  private static String inputFault(Throwable cause) {
    if (cause instanceof StreamReadException json) {
      return "the body is not JSON: " + json.getOriginalMessage();
    }
    if (cause instanceof MismatchedInputException json) {
      return "the body's JSON is not what is wanted: " + json.getOriginalMessage();
    }
    // Camel adds an id of its own.
    return cause instanceof ValidationException ? cause.getMessage().replaceFirst("\\. Exchange\\[.*", "") : null;
  }
}
