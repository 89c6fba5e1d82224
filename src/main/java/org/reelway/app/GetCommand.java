package org.reelway.app;

import java.nio.file.Files;
import java.nio.file.Path;
import org.reelway.camel.ConfiguredStore;
import org.reelway.failure.InputFailure;
import org.reelway.settings.StoreSettings;
import org.reelway.transfer.store.Download;
import org.reelway.transfer.store.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelway get}: an object out of the bucket. */
@Command(
    name = "get",
    description = {
      "Gets an object, and compares its bytes with the checksum that the store shows.",
      "FILE appears once it is whole; a connection that breaks is taken up again."
    },
    exitCodeList = {
      "0:it is there, whole", "1:no such object, the store failed, or its bytes differ; no file is left",
      "2:the settings are wrong, or FILE cannot be used"
    })
final class GetCommand extends SettingsCommand {
  @Mixin private StoreOption which;

  private static final long FIRST_PAUSE = 1000;

  @Parameters(index = "0", paramLabel = "KEY", description = "The whole key, as `reelway ls` shows it.")
  private String key;

  @Parameters(
      index = "1", arity = "0..1", paramLabel = "FILE",
      description = "A new file, or a folder for it (default: the key's last part, in the working folder).")
  private Path file;

  @Option(names = "--force", description = "Write over FILE.")
  private boolean force;

  @Option(names = "--no-checksum", description = "Compare the size only: for stores whose ETags look like MD5s and are none.")
  private boolean noChecksum;

  @Override
  public Integer call() {
    LogOutput.warningsOnly();
    ConfiguredStore configured = which.configured(settings(StoreSettings.BUCKET));
    Path to = target();
    try (Store store = configured.connect()) {
      Download.Done done = new Download(store, configured.bucket(), key, !noChecksum, FIRST_PAUSE).to(to, force);
      out().println(to + ": " + done.size() + " bytes, "
          + (done.evidence().isEmpty() ? "size compared" + why() : "verified " + done.evidence()));
      return 0;
    }
  }

  private String why() {
    return noChecksum ? "" : "; the store shows no checksum of the whole object";
  }

  /** A key's last part cannot leave the folder. */
  private Path target() {
    String name = key.substring(key.lastIndexOf('/') + 1);
    boolean isFolder = file != null && Files.isDirectory(file);
    if (file != null && !isFolder) {
      return file;
    }
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
      throw new InputFailure("the last part of the key \"" + key + "\" is no name of a file; name FILE");
    }
    return isFolder ? file.resolve(name) : Path.of(name);
  }
}
