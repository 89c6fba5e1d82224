package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;

class LiveKeyTest {
  @ParameterizedTest
  @CsvSource({
    "{path}, news/cam1/x.ts, news/cam1/x.ts",
    "{path}, x.ts, x.ts",
    "a b/{path}, news/cam1/x.ts, a b/news/cam1/x.ts",
    "{group}/{rest}, news/cam1/x.ts, news/cam1/x.ts",
    "tenants/{group}/live/{rest}, news/cam1/x.ts, tenants/news/live/cam1/x.ts",
    "{group}-hls/{path}, news/cam1/x.ts, news-hls/news/cam1/x.ts",
    "t-{group}-{group}/x/{rest}, a-a/x/y.ts, t-a-a-a-a/x/x/y.ts",
    "'{group}/{rest}', '$1/\\\\E(.ts', '$1/\\\\E(.ts'"
  })
  void aFileHasTheKeyOfItsTemplateAndTheKeyLeadsBackToIt(String template, String path, String key) {
    LiveKey live = LiveKey.parse(template);

    assertThat(live.of(path)).isEqualTo(key);
    assertThat(live.path(key)).contains(path);
  }

  @ParameterizedTest
  @CsvSource({
    "a/{path}, b/x.ts", "tenants/{group}/live/{rest}, tenants/news/other/x.ts", "{group}-hls/{path}, news-hls/sport/x.ts",
    "t-{group}-{group}/{rest}, t-a-b/x.ts", "tenants/{group}/live/{rest}, tenants/news/live/"
  })
  void aKeyThatIsNobodysLeadsNowhere(String template, String key) {
    assertThat(LiveKey.parse(template).path(key)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "", "x", "{name}", "{path}x", "x{path}", "{rest}", "a/{rest}", "{path}/{path}", "{rest}/{path}", "{date:yyyy}/{path}",
      "{stream}/{path}", "../{path}", "/{path}", "a//{path}", "./{path}", "{group}/../{rest}", "{{group}}/{path}",
      "a}/{path}", "a\\/{path}", "a\n/{path}", "{group}{path}"})
  void aTemplateThatWouldBreakPlaybackIsRefused(String template) {
    assertThatThrownBy(() -> LiveKey.parse(template))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("allowed: text and {group} before {path} or {rest}, which comes last");
  }

  @Test
  void aFileWithoutAGroupHasNoKeyWhereTheTemplateNeedsOne() {
    assertThatThrownBy(() -> LiveKey.parse("t/{group}/{rest}").of("x.m3u8"))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("\"x.m3u8\" lies in no folder below the live folder");
  }
}
