package org.reelway.camel.jmx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.URIDecoder;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import org.jolokia.json.JSONStructure;
import org.jolokia.server.core.config.ConfigKey;
import org.jolokia.server.core.config.StaticConfiguration;
import org.jolokia.server.core.http.HttpRequestHandler;
import org.jolokia.server.core.request.BadRequestException;
import org.jolokia.server.core.request.EmptyResponseException;
import org.jolokia.server.core.request.JolokiaRequest;
import org.jolokia.server.core.request.NotChangedException;
import org.jolokia.server.core.service.JolokiaServiceManagerFactory;
import org.jolokia.server.core.service.api.JolokiaServiceManager;
import org.jolokia.server.core.service.impl.QuietLogHandler;
import org.jolokia.server.core.util.RequestType;
import org.jolokia.service.jmx.LocalRequestHandler;
import org.jolokia.service.jmx.api.CacheKeyProvider;
import org.jolokia.service.serializer.JolokiaSerializer;
import org.reelway.camel.http.Audit;
import org.reelway.camel.http.HttpGuard;
import org.reelway.camel.http.HttpRefusal;
import org.reelway.settings.access.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JMX over HTTP, by Jolokia. One request is answered at a time, and no more than so much: what it says lies in the heap. */
public final class Jolokia implements Handler<RoutingContext>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jolokia.class);

  /** Of an answer, in characters. */
  static final int LONGEST = 8 << 20;

  private static final String NAME = "/jolokia";
  private static final String SHARED = ConfigKey.LIST_CACHE.getKeyValue();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JmxPolicy policy;
  private final Audit audit;
  private final JolokiaServiceManager services;
  private HttpRequestHandler requests;

  public Jolokia(JmxPolicy policy, Audit audit) {
    this.policy = policy;
    this.audit = audit;
    this.services = JolokiaServiceManagerFactory.createJolokiaServiceManager(
        new StaticConfiguration(ConfigKey.AGENT_ID, "reelway", ConfigKey.INCLUDE_STACKTRACE, "false"), new QuietLogHandler(), policy);
    services.addService(new JolokiaSerializer());
    services.addService(new Answered());
    services.addService(new SharedDescriptions());
    services.addService(new JmxRights(policy));
  }

  /** Before the first request can come. */
  public void start() {
    requests = new HttpRequestHandler(services.start());
  }

  @Override
  public void handle(RoutingContext context) {
    boolean isPost = context.request().method() == HttpMethod.POST;
    // A request that asks for an operation by its address could be an image of a page from elsewhere.
    boolean operates = isPost && HttpGuard.account(context).role() == Role.OPERATE;
    String answer = policy.answering(operates, () -> isPost ? posted(context) : addressed(context));
    if (answer.length() > LONGEST) {
      HttpRefusal.send(context, 413, "the answer is longer than " + LONGEST + " characters; ask for less at once");
    } else {
      context.response().putHeader("Content-Type", "application/json").end(answer);
    }
  }

  private synchronized String addressed(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = URIDecoder.decodeURIComponent(context.normalizedPath(), false);
    String asked = path.substring(path.indexOf(NAME) + NAME.length());
    return told(() -> requests.handleGetRequest(request.uri(), asked, parameters(request.params())));
  }

  private synchronized String posted(RoutingContext context) {
    try {
      JsonNode asked = JSON.readTree(Objects.toString(context.body().asString(), ""));
      return asked.isArray() ? all(context, asked) : one(context, asked);
    } catch (JsonProcessingException e) {
      return refused(e.getOriginalMessage());
    }
  }

  private String all(RoutingContext context, JsonNode asked) {
    StringBuilder answers = new StringBuilder("[");
    for (JsonNode each : asked) {
      answers.append(answers.length() == 1 ? "" : ",").append(one(context, each));
      if (answers.length() > LONGEST) {
        break;
      }
    }
    return answers.append(']').toString();
  }

  private String one(RoutingContext context, JsonNode asked) {
    if (!(asked instanceof ObjectNode object)) {
      return refused("a request is a JSON object");
    }
    if (object.get("config") instanceof ObjectNode config) {
      config.remove(SHARED);
    }
    HttpServerRequest request = context.request();
    InputStream text = new ByteArrayInputStream(object.toString().getBytes(StandardCharsets.UTF_8));
    String answer =
        told(() -> requests.handlePostRequest(request.uri(), text, StandardCharsets.UTF_8.name(), parameters(request.params())));
    if ("exec".equalsIgnoreCase(object.path("type").asText())) {
      note(context, object.path("mbean").asText(), object.path("operation").asText(), answer);
    }
    return answer;
  }

  /** What changes nothing is not noted. */
  private void note(RoutingContext context, String bean, String operation, String answer) {
    try {
      if (!policy.shows(new ObjectName(bean), operation)) {
        audit.note(
            HttpGuard.account(context), HttpGuard.source(context.request()), "JMX " + bean + " " + operation,
            JSON.readTree(answer).path("status").asInt());
      }
    } catch (MalformedObjectNameException | JsonProcessingException e) {
      LOG.debug("an operation is not noted: {}", e.toString());
    }
  }

  private static String refused(String reason) {
    return JSON.createObjectNode().put("status", 400).put("error", reason).toString();
  }

  private String told(Callable<JSONStructure> request) {
    try {
      return request.call().toJSONString();
    } catch (Exception e) {
      return requests.handleThrowable(e).toJSONString();
    }
  }

  private static Map<String, String[]> parameters(MultiMap given) {
    Map<String, String[]> all = given.names().stream()
        .collect(Collectors.toMap(Function.identity(), name -> given.getAll(name).toArray(String[]::new)));
    all.put(SHARED, new String[] {"true"});
    return all;
  }

  /** Jolokia asks no policy about notifications, and keeps each client that registers for them. */
  private static final class Answered extends LocalRequestHandler {
    Answered() {
      super(1);
    }

    @Override
    public <R extends JolokiaRequest> Object handleRequest(R request, Object before)
        throws JMException, IOException, NotChangedException, BadRequestException, EmptyResponseException {
      if (request.getType() == RequestType.NOTIFICATION) {
        throw new SecurityException("notifications are not sent");
      }
      return super.handleRequest(request, before);
    }
  }

  /** A list of all MBeans describes each class once, not each of a thousand steps: 7 MB of text would be 100 MB of heap. */
  private static final class SharedDescriptions extends CacheKeyProvider {
    SharedDescriptions() {
      super(0);
    }

    @Override
    public String determineKey(ObjectInstance bean) {
      boolean isCamels = bean.getObjectName().getDomain().equals("org.apache.camel");
      return isCamels ? bean.getClassName() : null;
    }
  }

  @Override
  public void close() {
    services.stop();
  }
}
