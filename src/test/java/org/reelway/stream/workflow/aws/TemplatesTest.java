package org.reelway.stream.workflow.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;
import software.amazon.awssdk.services.cloudfront.model.CacheBehavior;

/** Templates are read strictly: what AWS would not know is refused by name. */
class TemplatesTest {
  private static final Path CHANNEL = Streams.HOME.resolve("aws-live/channel.json");
  private static final Path BEHAVIOR = Streams.HOME.resolve("aws-live/cloudfront-behavior.json");

  @TempDir private Path folder;

  private Path edited(Path shipped, String old, String other) throws IOException {
    String text = Files.readString(shipped);
    assertThat(text).contains(old);
    return Files.writeString(folder.resolve("edited.json"), text.replace(old, other));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      "ChannelClass": "STANDARD"       | "ChannelKlass": "STANDARD"       | "ChannelKlass" is not known; the nearest member of the request is ChannelClass
      "NameModifier": "$dt$"           | "NameModifer": "$dt$"            | "EncoderSettings.OutputGroups[1].Outputs[0].OutputSettings.ArchiveOutputSettings.NameModifer" is not known; the nearest member of
      "InputId": "${input}"            | "InputId": "${inputs}"           | InputAttachments[0].InputId has the placeholder ${inputs}, which is not known; there are archive_1, archive_2, id, input,
      "SegmentLength": 6               | "SegmentLength": "six"           | SegmentLength is "six", where Integer is wanted
      "SegmentLength": 6               | "SegmentLength": null            | SegmentLength is no single value
      "Destinations": [                | "Destinations": {}, "Tags": {}, "Vpc": [ | Destinations is no list
      "TimecodeConfig": {"Source": "SYSTEMCLOCK"} | "TimecodeConfig": 7   | EncoderSettings.TimecodeConfig is no object
      "Name": "${name}"                | "Name": "a", "Name": "b"         | is no JSON, line
      """)
  void whatIsWrongInAChannelsTemplateIsNamed(String old, String other, String message) throws IOException {
    Path file = edited(CHANNEL, old, other);
    assertThatThrownBy(() -> new Templates(file, BEHAVIOR)).isInstanceOf(InputFailure.class)
        .hasMessageContaining(file.toString()).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      "PathPattern": | "PathPatern": | cloudfront: CacheBehavior: "PathPatern" is not known; the nearest member of the request is PathPattern
      "Origin": {    | "Origins": {  | "Origins" is not known; the nearest member of this template is Origin
      "HTTPPort": 80 | "HTTPPort": true | Origin: CustomOriginConfig.HTTPPort is "true", where Integer is wanted
      """)
  void whatIsWrongInADistributionsTemplateIsNamed(String old, String other, String message) throws IOException {
    Path file = edited(BEHAVIOR, old, other);
    assertThatThrownBy(() -> new Templates(CHANNEL, file)).isInstanceOf(InputFailure.class)
        .hasMessageContaining(message.replace("cloudfront: ", ""));
  }

  @Test
  void oneThatIsMissingSaysWhichSettingNamesIt() {
    assertThatThrownBy(() -> new Templates(folder.resolve("none.json"), BEHAVIOR)).isInstanceOf(InputFailure.class)
        .hasMessageContaining("none.json cannot be read").hasMessageContaining("reelway.workflow.aws.channel-template");
  }

  @Test
  void oneOfASinglePipelineIsFine() throws IOException {
    Path file = edited(CHANNEL, "\"STANDARD\"", "\"SINGLE_PIPELINE\"");
    assertThatCode(() -> new Templates(file, BEHAVIOR)).doesNotThrowAnyException();
  }

  @Test
  void aBehaviorHasItsStreamsOriginAndPathAndAwsPoliciesForMediaPackage() {
    CacheBehavior behavior = new Templates(CHANNEL, BEHAVIOR).behavior("reelway-1", "/out/v1/1/*");

    assertThat(behavior.targetOriginId()).isEqualTo("reelway-1");
    assertThat(behavior.pathPattern()).isEqualTo("/out/v1/1/*");
    assertThat(behavior.cachePolicyId()).isEqualTo("08627262-05a9-4f76-9ded-b50ca2e3a84f");
    assertThat(behavior.allowedMethods().quantity()).isEqualTo(3);
  }
}
