package org.reelway.stream.workflow.archive;

import org.reelway.failure.InputFailure;

/**
 * Where an archive is.
 *
 * @param prefix of its keys, with the slash at the end
 */
public record ArchiveRoot(String bucket, String prefix) {
  private static final String SCHEME = "s3://";

  /** @throws InputFailure the text is not {@code s3://bucket/prefix/} */
  public static ArchiveRoot of(String text) {
    int slash = text.indexOf('/', SCHEME.length());
    if (!text.startsWith(SCHEME) || slash <= SCHEME.length() || !text.endsWith("/") || slash == text.length() - 1) {
      throw new InputFailure("\"" + text + "\" is no place of an archive; allowed is s3://bucket/prefix/");
    }
    return new ArchiveRoot(text.substring(SCHEME.length(), slash), text.substring(slash + 1));
  }

  @Override
  public String toString() {
    return SCHEME + bucket + "/" + prefix;
  }
}
