package org.reelway.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.MinIOContainer;

/** Against MinIO in a container; skipped, and says so, where there is no Docker engine or no image of MinIO. */
class MinioIT {
  private static final String IMAGE = "minio/minio:RELEASE.2025-04-22T22-12-26Z";

  @TempDir Path folder;

  @Test
  void recordingsReachMinioVerified() {
    assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine answers here");
    try (MinIOContainer minio = new MinIOContainer(IMAGE)) {
      start(minio);
      new OtherStore(URI.create(minio.getS3URL()), minio.getUserName(), minio.getPassword())
          .takesRecordings(folder, "MinIO");
    }
  }

  private static void start(MinIOContainer minio) {
    try {
      minio.start();
    } catch (ContainerFetchException e) {
      assumeTrue(false, "the image " + IMAGE + " is not here and cannot be pulled: " + e.getMessage());
    }
  }
}
