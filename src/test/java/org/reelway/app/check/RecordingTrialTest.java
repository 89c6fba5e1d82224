package org.reelway.app.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.app.check.RecordingTrial.Taker;
import org.reelway.app.check.RecordingTrial.Way;
import org.reelway.camel.TrialBeans;

class RecordingTrialTest {
  private static final String ROUTES = """
      - routeConfiguration:
          onException:
            - onException:
                exception:
                  - java.lang.Exception
                steps:
                  - filter:
                      id: on-failures-only
                      expression:
                        method:
                          ref: failures
                          method: isStoreBusy
                      steps:
                        - to:
                            uri: log:failed
      - route:
          id: one
          from:
            uri: kamelet:recording-markers
            parameters:
              folder: "{{my.folder}}"
              delay: 5s
            steps:
              - choice:
                  id: by-name
                  when:
                    - expression:
                        simple:
                          expression: "${header.RecordingName} startsWith 'test-'"
                      steps:
                        - to:
                            uri: kamelet:recording-skip
                            parameters:
                              reason: tests stay here
                    - expression:
                        simple:
                          expression: "${header.RecordingStream} == 'vip'"
                      steps:
                        - setHeader:
                            name: Where
                            expression:
                              constant:
                                expression: archive
                        - toD:
                            uri: kamelet:store-transfer?store=${header.Where}
                        - to:
                            uri: direct:end
              - filter:
                  id: only-a-bean-knows
                  expression:
                    method:
                      ref: failures
                      method: isStoreBusy
                  steps:
                    - to:
                        uri: kamelet:recording-skip
              - to:
                  uri: kamelet:store-transfer
                  parameters:
                    bucket: "{{my.bucket}}"
                    key: "own/{path}"
              - to:
                  uri: direct:end
      - route:
          id: end
          from:
            uri: direct:end
            steps:
              - to:
                  uri: kamelet:recording-tidy
                  parameters:
                    action: delete
      - route:
          id: off
          precondition: "{{my.off}}"
          from:
            uri: kamelet:recording-markers
            parameters:
              folder: /none
            steps:
              - to:
                  uri: kamelet:recording-skip
      """;

  @TempDir Path folder;

  private RecordingTrial trial() throws Exception {
    Files.writeString(folder.resolve("10-own.camel.yaml"), ROUTES);
    return new RecordingTrial(
        folder, Path.of("kamelets"), Map.of("my.folder", "/mnt/a+b", "my.bucket", "films", "my.off", "false"),
        camel -> TrialBeans.bind(camel, List.of("archive")));
  }

  @Test
  void aRecordingIsFollowedThroughWhatItComesWith() throws Exception {
    try (RecordingTrial trial = trial()) {
      Taker taker = trial.takers().get(0);
      assertThat(trial.takers()).hasSize(1);
      assertThat(taker.parameters()).containsEntry("folder", "/mnt/a+b").containsEntry("delay", "5s").containsEntry("settleTime", "0s");

      Way skipped = trial.way(taker, Map.of("RecordingName", "test-1.mp4"));
      assertThat(skipped.skipped()).contains("tests stay here");
      assertThat(skipped.transfer()).isEmpty();

      Way vip = trial.way(taker, Map.of("RecordingName", "cam.mp4", "RecordingStream", "vip"));
      assertThat(vip.transfer().orElseThrow()).containsEntry("store", "archive");
      assertThat(vip.tidy()).contains("delete");
      assertThat(vip.unknown()).isEmpty();

      Way other = trial.way(taker, Map.of("RecordingName", "cam.mp4"));
      assertThat(other.transfer().orElseThrow()).containsEntry("bucket", "films").containsEntry("key", "own/{path}");
      assertThat(other.unknown()).containsExactly("only-a-bean-knows");
    }
  }
}
