package org.reelway.stream.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.reelway.stream.workflow.archive.SplitRequest;
import org.reelway.testkit.Postgres;

/** The live workflow's statements are PostgreSQL's, too; what it does is {@link LiveWorkflowTest}'s matter. */
class LiveWorkflowOnPostgresTest {
  @Test
  void streamsSessionsFactsAndEventsAreStoredAlsoOverRestarts() throws Exception {
    try (Postgres postgres = Postgres.start(); WorkflowFixture it = new WorkflowFixture(postgres.url())) {
      String id = it.created().row().id();
      it.route = notice -> {
        throw new IllegalStateException("later");
      };
      it.workflow.start(id, Optional.of("s3://bkt/one/"), Optional.of(60L), Optional.empty());
      it.workflow.live(id, true);
      it.stop();

      it.route = it.told::add;
      it.open();
      assertThat(it.workflow.one(id).archives()).containsValue("s3://bkt/one/");
      assertThat(it.workflow.one(id).row().isLive()).isTrue();
      assertThat(it.workflow.one(id).facts().get(StreamFacts.RTMP1)).isPresent();
      await().until(() -> it.told.size() == 1);
      String session = it.workflow.one(id).row().sessionId();
      it.workflow.split(
          id, new SplitRequest(List.of(new SplitRequest.Stamps("1", "2")), session, "m".repeat(64), null, null));
      it.workflow.stop(id);
      it.workflow.delete(id);
      await().until(() -> it.told.size() == 3);
      assertThat(it.workflow.list("", 10)).isEmpty();
    }
  }
}
