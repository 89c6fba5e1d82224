package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.Moto;

/** AWS's own command, as docs/players.md and docs/workflow.md have it, against services written by others. */
class AwsCommandsIT {
  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");

  @TempDir static Path folder;
  private static Moto moto;
  private static Path bin;

  @BeforeAll
  static void start() throws IOException {
    Optional<Path> aws = Moto.onPath("aws");
    assumeTrue(aws.isPresent(), "aws is not on PATH (apt install awscli brings it)");
    moto = Moto.start(folder);
    bin = Files.createDirectories(folder.resolve("bin"));
    program("aws", aws.get() + " --endpoint-url " + moto.endpoint() + " \"$@\"");
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (moto != null) {
      moto.close();
    }
  }

  private static void program(String name, String line) throws IOException {
    Files.writeString(bin.resolve(name), "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(bin.resolve(name), PosixFilePermissions.fromString("rwx------"));
  }

  /** The blocks of a page with AWS's command in them. */
  private static List<String> blocks(String page) throws IOException {
    return BLOCK.matcher(Files.readString(Path.of("docs", page))).results().map(block -> block.group(1))
        .filter(block -> block.contains("aws ")).toList();
  }

  /** @return what it printed; it ended well */
  private static String run(String script) throws IOException, InterruptedException {
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
  void theRulesOfABucketAreThoseThatAStoreTakes() throws Exception {
    run("aws s3api create-bucket --bucket recordings");
    for (String block : blocks("players.md")) {
      run(block);
    }

    assertThat(run("aws s3api get-bucket-policy --bucket recordings")).contains("s3:GetObject", "recordings/live/*");
    assertThat(run("aws s3api get-bucket-cors --bucket recordings")).contains("https://www.example.com", "Content-Range");
  }

  @Test
  void whatTheAwsDriverNeedsIsMadeAndStreamsOfTheModuleAreTakenOver() throws Exception {
    List<String> blocks = blocks("workflow.md").stream()
        .map(block -> block.replace("BUCKET", "recordings").replace("REGION", "us-east-1").replace("ACCOUNT", "123456789012")).toList();
    assertThat(blocks).hasSize(4);

    run(blocks.get(0));
    assertThat(run("aws iam get-role-policy --role-name reelway-medialive --policy-name streams"))
        .contains("arn:aws:s3:::recordings/*", "arn:aws:ssm:us-east-1:123456789012:parameter/Medialive_api/*");
    // The stand-in has no security groups: the command looks at its own parameters.
    run(blocks.get(1).strip() + " --generate-cli-skeleton output");
    String distribution = run(blocks.get(2)).strip();
    assertThat(run("aws cloudfront get-distribution --id " + distribution)).contains("recordings.s3.us-east-1.amazonaws.com");
    takesOver(blocks.get(3));
  }

  private static void takesOver(String block) throws Exception {
    assumeTrue(Moto.onPath("jq").isPresent(), "jq is not on PATH");
    run("aws dynamodb create-table --table-name MedialiveApiStorage --attribute-definitions AttributeName=id,AttributeType=S"
        + " --key-schema AttributeName=id,KeyType=HASH --billing-mode PAY_PER_REQUEST");
    run("aws dynamodb put-item --table-name MedialiveApiStorage --item"
        + " '{\"id\": {\"S\": \"x1\"}, \"name\": {\"S\": \"Sunday\"}, \"archives_path\": {\"M\": {\"s1\": {\"S\": \"s3://recordings/x1\"}}}}'");
    // LiveWalkIT makes streams of such bodies.
    program("curl", "printf '%s' \"$2\" >posted");

    run(block);

    JsonNode posted = new JsonMapper().readTree(folder.resolve("posted").toFile());
    assertThat(posted).isEqualTo(new JsonMapper().readTree(
        "{\"name\": \"Sunday\", \"description\": \"\", \"segment_length\": 300, \"archives_path\": {\"s1\": \"s3://recordings/x1\"}}"));
  }
}
