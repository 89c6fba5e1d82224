package org.reelway.testkit;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.reelway.testkit.StoreRequest.Operation;

/** What some stores make of headers, for {@link FaultyStore#direct}: null where a request is taken as it is. */
@FunctionalInterface
public interface StoreHabit extends Function<StoreRequest, StoreFault> {

  /** An ETag with its quotes is compared with one without, so that {@code If-Match} is never true. */
  static StoreHabit comparesEtagsToTheLetter() {
    return request ->
        request.header("if-match").startsWith("\"") ? StoreFault.refusal(412, "PreconditionFailed") : null;
  }

  /** Every condition of these requests counts as false. */
  static StoreHabit refusesConditions(Operation first, Operation... more) {
    Set<Operation> operations = EnumSet.of(first, more);
    return request ->
        operations.contains(request.operation()) && (request.hasHeader("if-match:") || request.hasHeader("if-none-match:"))
            ? StoreFault.refusal(412, "PreconditionFailed")
            : null;
  }

  /** Every checksum of these requests is refused, and so is the question for one. */
  static StoreHabit refusesChecksums(int status, String code, Operation first, Operation... more) {
    Set<Operation> operations = EnumSet.of(first, more);
    return request ->
        operations.contains(request.operation()) && (hasCrc(request) || request.hasHeader("content-md5:"))
            ? StoreFault.refusal(status, code)
            : null;
  }

  /** The same, where MD5 is taken. */
  static StoreHabit refusesCrcs(int status, String code, Operation first, Operation... more) {
    Set<Operation> operations = EnumSet.of(first, more);
    return request ->
        operations.contains(request.operation()) && hasCrc(request) ? StoreFault.refusal(status, code) : null;
  }

  /** No checksum header is known to it at all. */
  static StoreHabit refusesAllChecksums() {
    return refusesChecksums(
        400, "InvalidArgument", Operation.HEAD, Operation.PUT, Operation.CREATE, Operation.PART, Operation.COMPLETE);
  }

  private static boolean hasCrc(StoreRequest request) {
    return request.hasHeader("x-amz-checksum");
  }
}
