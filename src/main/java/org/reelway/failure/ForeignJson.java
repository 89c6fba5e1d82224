package org.reelway.failure;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Readers of JSON that others wrote. By default Jackson keeps the names of all members that it has read, up to 12,000 of them
 * with 50,000 characters each, as long as the process lives: these readers keep none.
 */
public final class ForeignJson {
  private static final int DEEPEST = 32;

  private ForeignJson() {}

  public static JsonMapper.Builder reader() {
    return JsonMapper.builder(
        JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build());
  }
}
