package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.Moto;

/** The bucket's rules of docs/players.md, given by AWS's own command as they stand there, to a store written by others. */
class PlayersPageIT {
  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");

  @TempDir Path folder;

  /** @return what it printed; it ended well */
  private String run(Path bin, String script) throws IOException, InterruptedException {
    ProcessBuilder shell = new ProcessBuilder("sh", "-e", "-c", script).directory(folder.toFile()).redirectErrorStream(true);
    shell.environment().merge("PATH", bin.toString(), (path, own) -> own + ":" + path);
    shell.environment().put("AWS_ACCESS_KEY_ID", "moto");
    shell.environment().put("AWS_SECRET_ACCESS_KEY", "moto-secret");
    shell.environment().put("AWS_DEFAULT_REGION", "us-east-1");
    Process process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", script, said).isZero();
    return said;
  }

  @Test
  void theRulesAreThoseThatAStoreTakes() throws Exception {
    Optional<Path> aws = Moto.onPath("aws");
    assumeTrue(aws.isPresent(), "aws is not on PATH (apt install awscli brings it)");
    List<String> blocks = BLOCK.matcher(Files.readString(Path.of("docs", "players.md"))).results()
        .map(block -> block.group(1)).toList();
    try (Moto moto = Moto.start(folder)) {
      Path bin = Files.createDirectories(folder.resolve("bin"));
      Files.writeString(bin.resolve("aws"), "#!/bin/sh\nexec " + aws.get() + " --endpoint-url " + moto.endpoint() + " \"$@\"\n");
      Files.setPosixFilePermissions(bin.resolve("aws"), PosixFilePermissions.fromString("rwx------"));
      run(bin, "aws s3api create-bucket --bucket recordings");

      run(bin, blocks.get(0));
      run(bin, blocks.get(1));

      assertThat(run(bin, "aws s3api get-bucket-policy --bucket recordings")).contains("s3:GetObject", "recordings/live/*");
      assertThat(run(bin, "aws s3api get-bucket-cors --bucket recordings")).contains("https://www.example.com", "Content-Range");
    }
  }
}
