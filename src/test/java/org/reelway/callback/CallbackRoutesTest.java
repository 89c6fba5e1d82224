package org.reelway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.CallbackRow;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.CallbackReceiver.Received;

/** The shipped route of callbacks step by step, and as operators edit it. */
class CallbackRoutesTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final CallbackReceiver receiver = new CallbackReceiver();
  private OutboxFixture fixture;

  @BeforeEach
  void make() {
    fixture = new OutboxFixture(folder.resolve("state"));
    fixture.addresses.put("backend", receiver.uri("/hook?token=x"));
    fixture.secrets = List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  }

  @AfterEach
  void close() {
    fixture.close();
    receiver.close();
  }

  /** @param edit a piece of the shipped file, which is there once @param by what stands in its place */
  private void edited(String edit, String by) {
    String shipped = fixture.routes;
    assertThat(shipped.split(java.util.regex.Pattern.quote(edit), -1)).hasSize(2);
    fixture.routes = shipped.replace(edit, by);
  }

  private void beforeSign(String step) {
    edited("              - to:\n                  id: sign\n", step.indent(14) + "              - to:\n                  id: sign\n");
  }

  private static void untilState(OutboxFixture fixture, String id, String state) {
    await().atMost(PATIENT).untilAsserted(() -> assertThat(fixture.row(id).state()).isEqualTo(state));
  }

  private MockEndpoint withMockForPost() {
    fixture.advice = route -> route.weaveById("post").replace().to("mock:post");
    fixture.open();
    return fixture.camel().getEndpoint("mock:post", MockEndpoint.class);
  }

  @Test
  void aCallbackThatIsDueIsSignedAddressedPostedAndSettledInThisOrder() throws Exception {
    MockEndpoint post = withMockForPost();
    post.expectedMessageCount(1);
    String id = fixture.add("backend", "a", 0);

    post.assertIsSatisfied(PATIENT.toMillis());
    Map<String, Object> headers = post.getExchanges().get(0).getMessage().getHeaders();
    assertThat(headers)
        .containsEntry("webhook-id", id).containsEntry("Content-Type", "application/json")
        .containsEntry("CamelHttpUri", receiver.uri("/hook?token=x"))
        .containsOnlyKeys("webhook-id", "webhook-timestamp", "webhook-signature", "Content-Type", "CamelHttpUri");
    byte[] body = post.getExchanges().get(0).getMessage().getBody(byte[].class);
    long seconds = fixture.clock.instant().getEpochSecond();
    assertThat(headers.get("webhook-signature"))
        .isEqualTo(new Signer(fixture.secrets).sign(id, seconds, body).orElseThrow());
    assertThat(post.getExchanges().get(0).getProperties())
        .containsEntry("CallbackType", "test.done").containsEntry("CallbackReceiver", "backend")
        .containsEntry("CallbackAbout", "a").containsEntry("CallbackTry", 1);
    untilState(fixture, id, CallbackRow.DELIVERED);
  }

  @Test
  void anAnswerDecidesWhetherItIsTriedAgainOrADeadLetter() throws Exception {
    MockEndpoint post = withMockForPost();
    post.whenAnyExchangeReceived(
        exchange -> {
          int status = exchange.getMessage().getBody(String.class).contains("\"n\":0") ? 410 : 422;
          exchange.setException(
              new HttpOperationFailedException("http://backend", status, "", null, Map.of("retry-after", "600"), "why"));
        });
    String never = fixture.add("backend", "a", 0);
    untilState(fixture, never, CallbackRow.DEAD);
    String later = fixture.add("backend", "a", 1);
    await().atMost(PATIENT).until(() -> fixture.row(later).tries() == 1);

    assertThat(fixture.row(later).state()).isEqualTo(CallbackRow.WAITING);
    assertThat(fixture.row(later).problem()).isEqualTo("it answers 422: why");
    assertThat(fixture.row(later).dueAt()).isEqualTo(fixture.clock.instant().plusSeconds(600));
    assertThat(fixture.deliveries.away()).as("it answers").isEmpty();
  }

  @Test
  void aHeaderIsAddedByOneStep() {
    beforeSign("- setHeader: {id: tenant, name: X-Tenant, expression: {constant: {expression: \"7\"}}}");
    fixture.open();
    untilState(fixture, fixture.add("backend", "a", 0), CallbackRow.DELIVERED);

    assertThat(receiver.received()).singleElement().extracting(Received::headers).satisfies(
        headers -> assertThat(headers).containsEntry("x-tenant", "7"));
  }

  @Test
  void aBodyThatAStepBeforeChangedIsTheOneThatIsSigned() {
    beforeSign("- setBody: {id: text, expression: {simple: {expression: '{\"text\": \"${exchangeProperty.CallbackType} für ${body}\"}'}}}");
    fixture.open();
    String id = fixture.add("backend", "a", 0);
    untilState(fixture, id, CallbackRow.DELIVERED);

    Received seen = receiver.received().get(0);
    assertThat(seen.body()).startsWith("{\"text\": \"test.done für {\"queue\"");
    assertThat(seen.headers().get("webhook-signature"))
        .isEqualTo(
            new Signer(fixture.secrets)
                .sign(id, fixture.clock.instant().getEpochSecond(), seen.body().getBytes(StandardCharsets.UTF_8))
                .orElseThrow());
  }

  /** Its failure keeps the callback: both get it again. */
  @Test
  void asWellToAnotherReceiver() {
    try (CallbackReceiver other = new CallbackReceiver()) {
      other.behave(CallbackReceiver.answering(500));
      edited(
          "              - to:\n                  id: delivered\n",
          "              - to: {id: other, uri: \"" + other.uri("/copy") + "\", parameters: {httpMethod: POST, httpClient: \"#callbackClient\"}}\n"
              + "              - to:\n                  id: delivered\n");
      fixture.open();
      String id = fixture.add("backend", "a", 0);
      await().atMost(PATIENT).until(() -> fixture.row(id).tries() == 1);
      assertThat(fixture.row(id).problem()).isEqualTo("it answers 500: ok");

      other.behave(CallbackReceiver.answering(200));
      fixture.forward(Duration.ofMinutes(15));
      untilState(fixture, id, CallbackRow.DELIVERED);
      assertThat(other.received()).extracting(Received::path).containsExactly("/copy", "/copy");
      assertThat(other.received())
          .allSatisfy(
              copy -> {
                assertThat(copy.body()).as("the callback, not what the first receiver answered").isEqualTo("{\"queue\":\"a\",\"n\":0}");
                assertThat(copy.headers()).containsEntry("webhook-id", id).containsEntry("content-type", "application/json");
              });
      assertThat(receiver.received()).extracting(Received::path).containsOnly("/hook?token=x").hasSize(2);
    }
  }

  @Test
  void toAFileInsteadOfAReceiver() {
    int begin = fixture.routes.indexOf("              - setHeader:\n                  id: address");
    int end = fixture.routes.indexOf("              - to:\n                  id: delivered");
    edited(
        fixture.routes.substring(begin, end),
        "              - to: {id: file, uri: \"file:" + folder.resolve("told")
            + "\", parameters: {fileName: \"${exchangeProperty.CallbackType}-${header.webhook-id}.json\"}}\n");
    fixture.open();
    String id = fixture.add("backend", "a", 0);
    untilState(fixture, id, CallbackRow.DELIVERED);

    assertThat(folder.resolve("told/test.done-" + id + ".json")).hasContent("{\"queue\":\"a\",\"n\":0}");
    assertThat(receiver.received()).isEmpty();
  }

  @Test
  void aRouteThatSettlesNothingKeepsTheCallback() {
    fixture.routes = """
        - route:
            id: forgetful
            from:
              uri: kamelet:callbacks-due
              steps:
                - to: {uri: "log:told"}
        """;
    fixture.open();
    String id = fixture.add("backend", "a", 0);
    await().atMost(PATIENT).until(() -> fixture.row(id).tries() == 1);
    assertThat(fixture.row(id).state()).isEqualTo(CallbackRow.WAITING);
    assertThat(fixture.row(id).problem()).isEqualTo("the route of kamelet:callbacks-due ended without kamelet:callback-settle");
  }

  @Test
  void aRouteThatIsStoppedHandsNothingOutAndGoesOnWhenItIsStarted() throws Exception {
    fixture.open();
    fixture.camel().getRouteController().stopRoute("callback-delivery");
    String id = fixture.add("backend", "a", 0);
    fixture.forward(Duration.ofMinutes(1));
    assertThat(fixture.row(id).tries()).isZero();
    fixture.camel().getRouteController().startRoute("callback-delivery");
    untilState(fixture, id, CallbackRow.DELIVERED);
    assertThat(receiver.received()).hasSize(1);
  }
}
