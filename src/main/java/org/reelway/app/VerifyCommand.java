package org.reelway.app;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.reelway.camel.ConfiguredStore;
import org.reelway.failure.Failure;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.settings.StoreSettings;
import org.reelway.state.ManifestRecords;
import org.reelway.state.StateDatabase;
import org.reelway.state.VerifiedRecordings;
import org.reelway.transfer.audit.AuditReport;
import org.reelway.transfer.audit.BucketAudit;
import org.reelway.transfer.audit.ManifestFormat;
import org.reelway.transfer.store.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reelway verify}: is everything that was verified still in the bucket, as it was, and nothing else? */
@Command(
    name = "verify",
    description = {
      "Audits the bucket against the state and the manifests in it, and lists what is missing, altered or unknown.",
      "Reads only, and may run beside the sidecar. One of state and manifests is enough."
    },
    exitCodeList = {"0:all is as it was verified", "1:something is not", "2:it could not be told"})
final class VerifyCommand extends SettingsCommand {
  @Mixin private StoreOption which;

  /** It could not be told. */
  private static final int CANNOT = 2;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Only keys that start with this (default: the store's prefix; \"\" for the whole bucket).")
  private String prefix;

  @Option(names = "--deep", description = "Read every object, and compare its bytes with the checksums that are known.")
  private boolean deep;

  @Option(names = "--json", description = "Print one JSON object, findings as they are found.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings(StoreSettings.BUCKET);
    try (Store store = which.configured(settings).connect()) {
      return audit(settings, store);
    } catch (Failure e) {
      err().println("reelway: " + e.getMessage());
      return CANNOT;
    }
  }

  private int audit(Settings settings, Store store) throws InterruptedException {
    String bucket = which.configured(settings).bucket();
    String folder = StateDatabase.place(settings);
    Optional<StateDatabase> state = StateDatabase.openToRead(settings);
    if (state.isEmpty()) {
      err().println("no state is in " + folder + ": only what manifests tell of is looked for");
    }
    String keys = prefix == null ? which.configured(settings).keyPrefix() : prefix;
    BucketAudit audit =
        new BucketAudit(
            store,
            bucket,
            keys,
            ManifestFormat.of(settings),
            state.map(
                database -> new VerifiedRecordings(
                    database.jdbi(), database.hasTable("backup_copy"),
                    database.hasColumn("recording", "store") ? which.name() : null)),
            state.filter(database -> database.hasTable("recording_manifest"))
                .map(database -> new ManifestRecords(database.jdbi(), null, Clock.systemUTC())),
            deep);
    AuditOutput output =
        json
            ? new AuditOutput.Json(out(), store.address(), bucket, keys)
            : new AuditOutput.Text(out(), store.address(), bucket, keys);
    AuditReport report = audit.run(output::finding);
    output.end(report);
    if (report.hadNothingToCompareWith()) {
      err().println(
          "reelway: " + report.objects() + " objects are there, and neither the state in " + folder
              + " nor any manifest tells of one: nothing can be compared");
      return CANNOT;
    }
    return report.findings() == 0 ? 0 : CommandLineProgram.FAILED;
  }
}
