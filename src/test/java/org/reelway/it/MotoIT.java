package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.Moto;
import org.reelway.transfer.store.StoreCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import org.reelway.transfer.store.Role;
import org.reelway.transfer.store.StoreConnection;

/** Against moto_server, AWS's interface written by others; skipped, and says so, where it is not installed. */
class MotoIT {
  @TempDir Path folder;

  @FunctionalInterface
  private interface Trial {
    void of(URI moto) throws Exception;
  }

  @Test
  void recordingsReachMotoVerified() throws Exception {
    withMoto(moto -> new OtherStore(moto, "moto", "moto-secret").takesRecordings(folder, "moto"));
  }

  @Test
  void whatIsToldOfObjectsIsWhatMotoKeeps() throws Exception {
    withMoto(moto -> {
      MotoObjects objects = new MotoObjects(moto);
      objects.areKeptAsTold(folder.resolve("s3"), Map.of("reelway.store.encryption", "s3"), head -> {
        assertThat(head.serverSideEncryptionAsString()).isEqualTo("AES256");
        assertThat(head.storageClassAsString()).isEqualTo("STANDARD_IA");
      });
      Map<String, String> kms = Map.of(
          "reelway.store.encryption", "kms",
          "reelway.store.kms-key", "alias/studio",
          "reelway.store.kms-bucket-key", "true");
      objects.areKeptAsTold(folder.resolve("kms"), kms, head -> {
        assertThat(head.serverSideEncryptionAsString()).isEqualTo("aws:kms");
        assertThat(head.ssekmsKeyId()).isEqualTo("alias/studio");
      });
      objects.refuseAnUnknownStorageClass(folder.resolve("refused"));
    });
  }

  private void withMoto(Trial trial) throws Exception {
    try (Moto moto = Moto.start(folder)) {
      trial.of(moto.endpoint());
    }
  }

  /** Role credentials of a service written by others, and a store that takes them. */
  @Test
  void aRoleIsAssumedAtMoto() throws Exception {
    withMoto(endpoint -> {
      Role role =
          new Role("arn:aws:iam::123456789012:role/reelway", "studio", "id-1", Duration.ofMinutes(15), endpoint);
      StoreConnection direct =
          new StoreConnection(
              endpoint, "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
              StoreCredentials.fixed("moto", "moto-secret"), null);
      try (StoreCredentials assumed = StoreCredentials.ofRole(role, direct.credentials(), direct)) {
        AwsSessionCredentials given = (AwsSessionCredentials) assumed.resolveCredentials();
        assertThat(given.accessKeyId()).startsWith("ASIA");
        assertThat(given.sessionToken()).isNotBlank();
        assertThat(assumed.resolveCredentials()).as("kept until shortly before its end").isEqualTo(given);
      }
    });
  }
}
