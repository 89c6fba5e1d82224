package org.reelway.stream.workflow.aws;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Settings;
import org.reelway.stream.workflow.StreamDriver;
import org.reelway.transfer.store.StoreConnection;

/** The way in: the only class here that loads without the AWS SDK's modules for live streaming. */
public final class AwsLive {
  private AwsLive() {}

  /**
   * @param store whose credentials count, and whose region where none is set
   * @param bucket of archives
   * @param home folder of the program
   * @throws InputFailure a setting or a library is missing, or a template is wrong
   */
  public static StreamDriver driver(Settings settings, StoreConnection store, String bucket, Path home) {
    return withLibraries(() -> {
      AwsTerms terms = AwsTerms.of(settings, store.region(), bucket, home);
      return new AwsDriver(terms, new AwsClients(store, terms.region(), terms.endpoint()));
    });
  }

  /** Whether a driver could be made. @throws InputFailure as {@link #driver} */
  public static void check(Settings settings, Path home) {
    withLibraries(() -> AwsTerms.of(settings, "any", "any", home));
  }

  private static <T> T withLibraries(Supplier<T> making) {
    try {
      return making.get();
    } catch (NoClassDefFoundError missing) {
      throw new InputFailure(
          "reelway.workflow.driver is \"aws\", but the AWS SDK's modules for it are not on the class path ("
              + missing.getMessage() + "): start Reelway by its launcher ./reelway, which adds the folder aws-live-lib beside"
              + " the jar where one plain line sets it, or add that folder's jars (docs/workflow.md)",
          missing);
    }
  }
}
