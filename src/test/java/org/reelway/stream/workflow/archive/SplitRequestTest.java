package org.reelway.stream.workflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;
import org.reelway.stream.workflow.archive.SplitRequest.Format;

/** What of a request for a split is taken, and what is said of the rest. */
class SplitRequestTest {
  private static SplitRequest read(String json) {
    try {
      return JsonMapper.builder().build().readValue(json.replace('\'', '"'), SplitRequest.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static void all(SplitRequest request) {
    request.session();
    request.wanted();
    request.modifier();
    request.sections();
  }

  @Test
  void numbersAndTextsAreSecondsWithFractions() {
    SplitRequest request =
        read("{'timestamp_list': [{'start': 3, 'end': '7.5'}, {'start': '0', 'end': 1e2}, {'start': ' 2.25 ', 'end': 3.0}],"
            + " 'session_id': 's', 'name_modifier': 'a_b-1.2', 'format': 'mp4', 'exact': true}");
    assertThat(request.sections()).containsExactly(new Section(3, 7.5), new Section(0, 100), new Section(2.25, 3));
    assertThat(request.session()).isEqualTo("s");
    assertThat(request.modifier()).contains("a_b-1.2");
    assertThat(request.wanted()).isEqualTo(Format.MP4);
    assertThat(request.isExact()).isTrue();
  }

  @Test
  void aBareRequestIsForPlaylistsUnderANameOfTheirOwn() {
    SplitRequest request = read("{'timestamp_list': [{'start': 0, 'end': 1}], 'session_id': 's'}");
    all(request);
    assertThat(request.wanted()).isEqualTo(Format.M3U8);
    assertThat(request.modifier()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      {'session_id': 's'}                                                       | "timestamp_list" is missing or empty
      {'timestamp_list': [], 'session_id': 's'}                                 | "timestamp_list" is missing or empty
      {'timestamp_list': [{'start': 0, 'end': 1}]}                              | "session_id" is missing
      {'timestamp_list': [{'start': 0, 'end': 1}], 'session_id': ' '}           | "session_id" is missing
      {'timestamp_list': [null], 'session_id': 's'}                             | "timestamp_list[0]" is null
      {'timestamp_list': [{'start': 0, 'end': 1}, {'start': 2}], 'session_id': 's'} | "timestamp_list[1].end" is missing
      {'timestamp_list': [{'end': 2}], 'session_id': 's'}                       | "timestamp_list[0].start" is missing
      {'timestamp_list': [{'start': 5, 'end': 5}], 'session_id': 's'}           | start 5 is not before its end 5
      {'timestamp_list': [{'start': 7.5, 'end': '3'}], 'session_id': 's'}       | start 7.5 is not before its end 3
      {'timestamp_list': [{'start': -1, 'end': 3}], 'session_id': 's'}          | "timestamp_list[0].start" is "-1"
      {'timestamp_list': [{'start': 'one', 'end': 3}], 'session_id': 's'}       | "timestamp_list[0].start" is "one"
      {'timestamp_list': [{'start': 'NaN', 'end': 3}], 'session_id': 's'}       | "timestamp_list[0].start" is "NaN"
      {'timestamp_list': [{'start': 0, 'end': 1e30}], 'session_id': 's'}        | "timestamp_list[0].end" is "1e30"
      {'timestamp_list': [{'start': '', 'end': 1}], 'session_id': 's'}          | "timestamp_list[0].start" is ""
      {'timestamp_list': [{'start': 0, 'end': 1}], 'session_id': 's', 'name_modifier': ''}     | "name_modifier" is ""
      {'timestamp_list': [{'start': 0, 'end': 1}], 'session_id': 's', 'name_modifier': '../x'} | "name_modifier" is "../x"
      {'timestamp_list': [{'start': 0, 'end': 1}], 'session_id': 's', 'name_modifier': 'a b'}  | "name_modifier" is "a b"
      {'timestamp_list': [{'start': 0, 'end': 1}], 'session_id': 's', 'format': 'MP4'}   | "format" is "MP4"; allowed are m3u8 and mp4
      {'timestamp_list': [{'start': 0, 'end': 1}], 'session_id': 's', 'exact': true}     | "exact" is for "format": "mp4"
      """)
  void whatIsWrongIsNamed(String json, String words) {
    assertThatThrownBy(() -> all(read(json))).isInstanceOf(InputFailure.class).hasMessageContaining(words);
  }

  @Test
  void namesAndListsHaveBounds() {
    SplitRequest.Stamps second = new SplitRequest.Stamps("0", "1");
    assertThatThrownBy(() -> all(new SplitRequest(Collections.nCopies(101, second), "s", null, null, null)))
        .hasMessageContaining("has 101 sections; at most 100");
    assertThatThrownBy(() -> all(new SplitRequest(Collections.nCopies(1, second), "s", "x".repeat(65), null, null)))
        .isInstanceOf(InputFailure.class);
    all(new SplitRequest(Collections.nCopies(100, second), "s", "x".repeat(64), null, null));
  }
}
