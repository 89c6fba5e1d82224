package org.reelway.app;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.reelway.camel.ConfiguredStore;
import org.reelway.failure.InputFailure;
import org.reelway.settings.CallbackSettings;
import org.reelway.settings.ObjectGroup.EncryptionChoice;
import org.reelway.settings.Settings;
import org.reelway.settings.StoreSettings;
import org.reelway.transfer.store.S3Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelway link}: a link to an object. */
@Command(
    name = "link",
    description = {
      "Prints a link by which anybody can get the object until it expires; it cannot be taken back.",
      "It ends before, with the credentials that signed it, where those are for a while only (a role's, a session's)."
    },
    exitCodeList = {"0:printed", "1:no such object, or the store failed", "2:the settings are wrong, or no link can be made"})
final class LinkCommand extends SettingsCommand {
  @Mixin private StoreOption which;

  @Parameters(index = "0", paramLabel = "KEY", description = "The whole key, as `reelway ls` shows it.")
  private String key;

  @Option(
      names = "--expires", paramLabel = "TIME", defaultValue = "1h",
      description = "How long it is good, 1m to 7d (default: ${DEFAULT-VALUE}).")
  private String expires;

  @Override
  public Integer call() {
    LogOutput.warningsOnly();
    Duration time = time();
    Settings settings = settings(StoreSettings.BUCKET);
    if (settings.get(which.group(settings).objects.encryption) == EncryptionChoice.CUSTOMER) {
      throw new InputFailure("the objects are encrypted with your own key, which no link can hold; use `reelway get`");
    }
    ConfiguredStore configured = which.configured(settings);
    try (S3Store store = configured.connect()) {
      if (store.head(configured.bucket(), key).isEmpty()) {
        err().println("reelway: no object is at " + store.address(configured.bucket(), key)
            + "; `reelway ls` lists what is there, keys begin with the store's prefix");
        return CommandLineProgram.FAILED;
      }
      out().println(store.link(configured.bucket(), key, time));
      err().println("good until " + Instant.now().plus(time).truncatedTo(ChronoUnit.SECONDS));
      return 0;
    }
  }

  private Duration time() {
    try {
      return CallbackSettings.LINK_EXPIRES.parse(expires);
    } catch (InputFailure e) {
      throw new InputFailure("--expires: " + e.getMessage(), e);
    }
  }
}
