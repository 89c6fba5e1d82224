package org.reelway.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ForeignJsonTest {
  private static final String TEXT = "{\"a name of another's choice\": 1}";

  private final JsonMapper reader = ForeignJson.reader().build();

  @Test
  void namesOfMembersAreNotKept() throws Exception {
    assertThat(name(reader.readTree(TEXT))).isNotSameAs(name(reader.readTree(TEXT)));
    byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
    assertThat(name(reader.readTree(bytes))).isNotSameAs(name(reader.readTree(bytes)));
  }

  private static String name(JsonNode json) {
    return json.fieldNames().next();
  }
}
