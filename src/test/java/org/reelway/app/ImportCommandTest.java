package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is imported is what {@code reelway check} finds good. */
class ImportCommandTest {
  private static final String GROUP = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

  @TempDir Path folder;
  private final StringWriter said = new StringWriter();

  private int command(Object... words) {
    PrintWriter writer = new PrintWriter(said, true);
    return CommandLineProgram.commandLine().setOut(writer).setErr(writer)
        .execute(Arrays.stream(words).map(Object::toString).toArray(String[]::new));
  }

  private Path application(String... pairs) throws IOException {
    StringBuilder xml = new StringBuilder("<Root><Application><Name>live</Name><Properties>");
    for (int i = 0; i < pairs.length; i += 2) {
      xml.append("<Property><Name>").append(pairs[i]).append("</Name><Value>").append(pairs[i + 1]).append("</Value></Property>");
    }
    return Files.writeString(folder.resolve("Application.xml"), xml + "</Properties></Application></Root>");
  }

  @Test
  void anApplicationWithAllThatTheModuleKnowsWorksAfterItsImport() throws IOException {
    try (SidecarFixture fixture = new SidecarFixture(folder)) {
      fixture.store.createBucket(SidecarFixture.BUCKET);
      Path application =
          application(
              "s3UploadAccessKey", "key", "s3UploadSecretKey", "secret-of-the-store", "s3UploadBucketName",
              SidecarFixture.BUCKET, "s3UploadEndpoint", fixture.store.endpoint().toString(), "s3UploadFilePrefix", "archive",
              "s3UploadPathStyleAccess", "true", "s3UploadVersionFile", "true", "s3UploadDeletOriginalFiles", "true",
              "s3UploadDelay", "60000", "s3UploadResumeUploads", "false", "s3UploadRestartFailedUploadTimeout", "90000",
              "s3UploadACLGroupGranteeUri", GROUP, "s3UploadACLPermissionRule", "Read", "s3UploadCheckBucket", "true",
              "streamRecorderOutputPath", fixture.recordings.toString());
      Path out = folder.resolve("imported.properties");

      assertThat(command("import", "wowza", application, "--with-secrets", "--out", out)).as(said.toString()).isZero();
      assertThat(Files.readString(out)).contains("reelway.store.acl-permission=read\n");
      said.getBuffer().setLength(0);
      int check = command("check", "-c", out, "-s", "reelway.state.folder=" + folder.resolve("state"));

      assertThat(said.toString()).startsWith("settings are valid\n").contains("recordings folder ");
      assertThat(check).as(said.toString()).isZero();
    }
  }

  @Test
  void whatCannotBeTogetherIsSaidAndLeavesNoFile() throws IOException {
    Path out = folder.resolve("imported.properties");
    Path application = application("s3UploadBucketName", "recordings", "s3UploadACLGroupGranteeUri", GROUP);

    assertThat(command("import", "wowza", application, "--out", out)).isEqualTo(2);
    assertThat(said.toString()).contains("reelway.store.acl-permission");
    assertThat(out).doesNotExist();
  }

  @Test
  void thePluginsOfEvoStreamWorkAfterTheirImport() throws IOException {
    try (SidecarFixture fixture = new SidecarFixture(folder);
        ServerSocket ems = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      fixture.store.createBucket(SidecarFixture.BUCKET);
      Path live = Files.createDirectory(folder.resolve("live"));
      String local = "127.0.0.1:" + ems.getLocalPort();
      Path plugins = Files.writeString(folder.resolve("plugins.json"), """
          {"StreamAutoRouter": {"plugin_switch": "enabled", "parameters": {"token": "x", "destination_uri": "%s"}},
           "StreamRecorder": {"plugin_switch": "enabled", "parameters": {"file_location": "%s", "period_time": 60}},
           "AmazonHLSUpload": {"plugin_switch": "enabled", "parameters": {"aws_access_key": "key",
             "aws_secret_key": "secret-of-the-store", "default_bucket": "%s"}}}
          """.formatted(local, fixture.recordings, SidecarFixture.BUCKET));
      Path out = folder.resolve("imported.properties");

      int imported = command("import", "evostream", plugins, "--with-secrets", "--out", out, "-s", "reelway.live.folder=" + live,
          "-s", "reelway.store.endpoint=" + fixture.store.endpoint());
      assertThat(imported).as(said.toString()).isZero();
      assertThat(said.toString()).contains("look at: AmazonHLSUpload made objects public-read; ").doesNotContain("secret-of-the-store");
      said.getBuffer().setLength(0);
      Files.writeString(out, Files.readString(out).replace("ems:http://127.0.0.1:7777", "ems:http://" + local));
      int check = command("check", "-c", out, "-s", "reelway.state.folder=" + folder.resolve("state"));

      assertThat(said.toString()).startsWith("settings are valid\n").containsPattern("destination rtmp://127.0.0.1:\\d+/live/.* ok ")
          .contains("API of ems 127.0.0.1", "live folder ");
      assertThat(check).as(said.toString()).isZero();
    }
  }

  @Test
  void secretsAreNotPrintedAndNotTakenFromTheCommandLine() throws IOException {
    Path plugins = Files.writeString(folder.resolve("plugins.json"), """
        {"StreamAutoRouter": {"plugin_switch": "enabled", "parameters": {"destination_uri": "rtmp://a/app/a-stream-key"}}}
        """);

    assertThat(command("import", "evostream", plugins)).as(said.toString()).isZero();
    assertThat(said.toString()).contains("REELWAY_ROUTING_DESTINATIONS", "reelway.routing.source=rtmp://127.0.0.1:1935/live/{stream}\n")
        .doesNotContain("a-stream-key");
    assertThat(command("import", "evostream", plugins, "--with-secrets")).isEqualTo(2);
    assertThat(command("import", "evostream", plugins, "-s", "reelway.store.secret-key=x")).isEqualTo(2);
    assertThat(command("import", "evostream", plugins, "-s", "reelway.routing.adress=x")).isEqualTo(2);
    assertThat(said.toString()).contains("reelway.routing.adress: is not a setting; the nearest is reelway.routing.address");
  }
}
