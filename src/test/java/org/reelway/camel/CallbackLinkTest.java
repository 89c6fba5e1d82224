package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

/** The shipped route that adds a link to a callback, whatever an operator has made of its body. */
class CallbackLinkTest {
  @Test
  void onlyWhatTellsOfARecordingInTheStoreGetsALinkAndAllElsePasses() throws Exception {
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      camel.disableJMX();
      camel.getRegistry().bind("callbackSteps", new CallbackSteps(null, null, null, null, null, null, null, null, null));
      PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("link.yaml", shipped()));
      AdviceWith.adviceWith(
          camel, "callback-link", false, route -> route.weaveById("make-link").replace().setBody().constant("https://s/k?sig"));
      camel.start();

      assertThat(told(camel, "{\"data\":{\"place\":\"store\",\"bucket\":\"b\",\"key\":\"k\"}}"))
          .isEqualTo("{\"data\":{\"place\":\"store\",\"bucket\":\"b\",\"key\":\"k\",\"link\":\"https://s/k?sig\"}}");
      for (String body : new String[] {
          "{\"data\":{\"place\":\"backup\"}}", "{\"text\":\"done\"}", "{\"data\":\"done\"}", "{\"data\":null}", "[1]", "\"done\""}) {
        assertThat(told(camel, body)).isEqualTo(body);
      }
    }
  }

  private static String shipped() throws Exception {
    String all = Files.readString(Path.of("routes/65-callbacks.camel.yaml"));
    int begin = all.lastIndexOf("- route:", all.indexOf("id: callback-link\n"));
    return all.substring(begin, all.indexOf("- route:", begin + 1))
        .replace("{{reelway.callbacks.link-expires-ms}}", "60000").replace("{{reelway.store.bucket}}", "bucket");
  }

  private static String told(DefaultCamelContext camel, String body) throws Exception {
    return camel.createFluentProducerTemplate().to("direct:callback-link").withBody(body).request(String.class);
  }
}
