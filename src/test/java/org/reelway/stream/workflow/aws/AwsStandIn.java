package org.reelway.stream.workflow.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers as MediaLive, MediaPackage, SSM and CloudFront do, in the shapes and with the states, refusals and idempotency of
 * their public API references, and keeps what it is told. States change after a few looks at them.
 */
final class AwsStandIn {
  static final String DISTRIBUTION = "E1STANDIN";
  /** Of a request, beside its headers. */
  static final String QUERY = ":query";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String CLOUDFRONT = "/2020-05-31/distribution/";
  private static final Pattern QUANTITY = Pattern.compile("(?s)<(Origins|CacheBehaviors)>.*?</\\1>");

  /** By path, such as {@code /prod/channels/7}. */
  final Map<String, ObjectNode> things = new LinkedHashMap<>();
  /** Passwords of MediaPackage, by name. */
  final Map<String, String> parameters = new TreeMap<>();
  /** What was called, in order, such as {@code POST /prod/channels}. */
  final List<String> calls = new ArrayList<>();
  /** Bodies of those. */
  final List<String> bodies = new ArrayList<>();
  /** The distribution's, as it was last written. */
  String config = "<CallerReference>r</CallerReference><Aliases><Quantity>0</Quantity></Aliases><DefaultRootObject></DefaultRootObject>"
      + "<Origins><Quantity>1</Quantity><Items><Origin><Id>site</Id><DomainName>site.example.com</DomainName></Origin></Items></Origins>"
      + "<DefaultCacheBehavior><TargetOriginId>site</TargetOriginId><ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy>"
      + "</DefaultCacheBehavior><CacheBehaviors><Quantity>0</Quantity></CacheBehaviors><Comment></Comment><Enabled>true</Enabled>";
  /** How often a passing state is seen before it is over. */
  int looks = 1;
  /** Others change the distribution as often before it can be written. */
  int overtaken;
  /** Whether a request's id makes one thing only, as AWS says. */
  boolean honoursRequestIds = true;
  /** At most, of a listing. */
  int page = 100;
  /** What was made is not in listings yet. */
  boolean listsAreBehind;
  private final Map<String, Integer> looksLeft = new TreeMap<>();
  private final Map<String, ObjectNode> byRequestId = new TreeMap<>();
  private int version = 1;
  private int numbers = 1000;

  record Answer(int status, Map<String, String> headers, String body) {}

  /** Refused as AWS does, with a status and the code of the error. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    Refused(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }
  }

  synchronized Answer call(String method, String path, Map<String, String> headers, String body) {
    calls.add(method + " " + path + headers.getOrDefault("x-amz-target", ""));
    bodies.add(body);
    boolean isXml = path.startsWith(CLOUDFRONT);
    try {
      return isXml ? cloudFront(method, path.substring(CLOUDFRONT.length()), headers, body)
          : new Answer(200, Map.of("Content-Type", "application/json"), json(method, path, headers, body).toString());
    } catch (Refused refused) {
      return refusal(refused, isXml);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static Answer refusal(Refused refused, boolean isXml) {
    return isXml
        ? new Answer(refused.status, Map.of("Content-Type", "text/xml"),
            "<ErrorResponse xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Error><Type>Sender</Type><Code>" + refused.code
                + "</Code><Message>" + refused.getMessage() + "</Message></Error><RequestId>r</RequestId></ErrorResponse>")
        : new Answer(refused.status, Map.of("Content-Type", "application/json", "x-amzn-ErrorType", refused.code),
            JSON.createObjectNode().put("message", refused.getMessage()).toString());
  }

  private ObjectNode json(String method, String path, Map<String, String> headers, String body) throws JsonProcessingException {
    ObjectNode in = body.isEmpty() ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(body);
    String what = method + " " + path.replaceAll("^(/prod)?(/(?!prod)[a-z_]+)/[^/]+", "$1$2/*");
    return switch (what) {
      case "POST /prod/inputs" -> JSON.createObjectNode().set("input", once(in, this::createInput));
      case "POST /prod/channels" -> JSON.createObjectNode().set("channel", once(in, this::createChannel));
      case "GET /prod/inputs" -> list("/prod/inputs/", "inputs", headers);
      case "GET /prod/channels" -> list("/prod/channels/", "channels", headers);
      case "GET /prod/inputs/*", "GET /prod/channels/*" -> seen(path);
      case "GET /channels/*", "GET /origin_endpoints/*" -> there(path);
      case "DELETE /prod/inputs/*" -> to(path, "DETACHED", "DELETING");
      case "DELETE /prod/channels/*" -> to(path, "IDLE CREATE_FAILED UPDATE_FAILED", "DELETING");
      case "POST /prod/channels/*/start" -> to(path.replace("/start", ""), "IDLE UPDATE_FAILED", "STARTING");
      case "POST /prod/channels/*/stop" -> to(path.replace("/stop", ""), "RUNNING", "STOPPING");
      case "PUT /prod/channels/*" -> JSON.createObjectNode().set("channel", updated(path, in));
      case "GET /channels" -> list("/channels/", "channels", headers);
      case "POST /channels" -> packageChannel(in);
      case "POST /origin_endpoints" -> endpoint(in);
      case "PUT /origin_endpoints/*" -> there(path).setAll(in);
      case "DELETE /channels/*", "DELETE /origin_endpoints/*" -> removed(path);
      case "POST /" -> parameter(headers.getOrDefault("x-amz-target", ""), in);
      default -> throw new AssertionError("not spoken here: " + what);
    };
  }

  private ObjectNode once(ObjectNode in, java.util.function.UnaryOperator<ObjectNode> making) {
    String id = in.path("requestId").asText();
    if (id.isEmpty()) {
      throw new Refused(400, "BadRequestException", "requestId is missing");
    }
    return honoursRequestIds ? byRequestId.computeIfAbsent(id, first -> making.apply(in)) : making.apply(in);
  }

  private ObjectNode createInput(ObjectNode in) {
    String id = Integer.toString(++numbers);
    ArrayNode to = JSON.createArrayNode();
    in.path("destinations").forEach(
        one -> to.addObject().put("ip", "192.0.2.1").put("port", "1935")
            .put("url", "rtmp://192.0.2." + to.size() + ":1935/" + one.path("streamName").asText()));
    ObjectNode made = in.deepCopy().put("id", id).put("state", "CREATING");
    made.set("destinations", to);
    made.putArray("attachedChannels");
    return put("/prod/inputs/" + id, made);
  }

  private ObjectNode createChannel(ObjectNode in) {
    String input = in.path("inputAttachments").path(0).path("inputId").asText();
    ObjectNode attached = things.get("/prod/inputs/" + input);
    if (attached == null) {
      throw new Refused(422, "UnprocessableEntityException", "input " + input + " does not exist");
    }
    attached.put("state", "ATTACHED");
    String id = Integer.toString(++numbers);
    return put("/prod/channels/" + id, in.deepCopy().put("id", id).put("state", "CREATING"));
  }

  private ObjectNode put(String path, ObjectNode made) {
    looksLeft.put(path, looks);
    things.put(path, made);
    return made;
  }

  private ObjectNode there(String path) {
    ObjectNode found = things.get(path);
    if (found == null) {
      throw new Refused(404, "NotFoundException", path + " does not exist");
    }
    return found;
  }

  private ObjectNode seen(String path) {
    ObjectNode found = there(path);
    String state = found.path("state").asText();
    String next = Map.of(
        "CREATING", path.contains("inputs") ? "DETACHED" : "IDLE", "STARTING", "RUNNING", "STOPPING", "IDLE",
        "UPDATING", "IDLE", "DELETING", "DELETED").getOrDefault(state, "");
    int left = looksLeft.merge(path, -1, Integer::sum);
    if (!next.isEmpty() && left < 0) {
      found.put("state", next);
      if (next.equals("DELETED")) {
        things.remove(path);
        found.path("inputAttachments").forEach(
            one -> things.get("/prod/inputs/" + one.path("inputId").asText()).put("state", "DETACHED"));
      }
    }
    return found;
  }

  private ObjectNode to(String path, String from, String state) {
    ObjectNode found = there(path);
    if (!List.of(from.split(" ")).contains(found.path("state").asText())) {
      throw new Refused(409, "ConflictException", path + " is " + found.path("state").asText());
    }
    looksLeft.put(path, looks);
    return found.put("state", state);
  }

  private ObjectNode updated(String path, ObjectNode in) {
    if (!there(path).path("state").asText().matches("IDLE|UPDATE_FAILED|CREATE_FAILED")) {
      throw new Refused(409, "ConflictException", path + " is " + there(path).path("state").asText());
    }
    return there(path).setAll(in);
  }

  private ObjectNode list(String folder, String member, Map<String, String> headers) {
    ObjectNode all = JSON.createObjectNode();
    ArrayNode items = all.putArray(member);
    List<String> paths = listsAreBehind ? List.of() : of(folder);
    Matcher token = Pattern.compile("nextToken=(\\d+)").matcher(headers.getOrDefault(QUERY, ""));
    int from = token.find() ? Integer.parseInt(token.group(1)) : 0;
    int to = Math.min(paths.size(), from + page);
    paths.subList(from, to).forEach(path -> items.add(things.get(path)));
    return to < paths.size() ? all.put("nextToken", Integer.toString(to)) : all;
  }

  private ObjectNode packageChannel(ObjectNode in) {
    String id = in.path("id").asText();
    requireFree("/channels/" + id);
    ObjectNode made = in.deepCopy();
    ArrayNode ingests = made.putObject("hlsIngest").putArray("ingestEndpoints");
    for (int i = 1; i <= 2; i++) {
      ingests.addObject().put("id", id + i).put("url", "https://ingest" + i + ".example/in/v2/" + id + "/channel")
          .put("username", "user" + i + id).put("password", "password" + i + id);
    }
    return put("/channels/" + id, made);
  }

  private ObjectNode endpoint(ObjectNode in) {
    there("/channels/" + in.path("channelId").asText());
    requireFree("/origin_endpoints/" + in.path("id").asText());
    String url = "https://abc.mediapackage.us-west-2.amazonaws.com/out/v1/" + in.path("id").asText() + "/index.m3u8";
    return put("/origin_endpoints/" + in.path("id").asText(), in.deepCopy().put("url", url));
  }

  private void requireFree(String path) {
    if (things.containsKey(path)) {
      throw new Refused(422, "UnprocessableEntityException", path + " already exists");
    }
  }

  private ObjectNode removed(String path) {
    there(path);
    String id = path.substring(path.lastIndexOf('/') + 1);
    boolean isUsed = path.startsWith("/channels/")
        && things.entrySet().stream().anyMatch(
            one -> one.getKey().startsWith("/origin_endpoints/") && one.getValue().path("channelId").asText().equals(id));
    if (isUsed) {
      throw new Refused(422, "UnprocessableEntityException", path + " has endpoints");
    }
    things.remove(path);
    return JSON.createObjectNode();
  }

  private ObjectNode parameter(String target, ObjectNode in) {
    if (target.equals("AmazonSSM.PutParameter")) {
      if (!in.path("Type").asText().equals("SecureString")) {
        throw new Refused(400, "ValidationException", "only SecureString here");
      }
      parameters.put(in.path("Name").asText(), in.path("Value").asText());
      return JSON.createObjectNode().put("Version", 1);
    }
    ObjectNode gone = JSON.createObjectNode();
    for (JsonNode name : in.path("Names")) {
      gone.withArray(parameters.remove(name.asText()) == null ? "InvalidParameters" : "DeletedParameters").add(name);
    }
    return gone;
  }

  private Answer cloudFront(String method, String path, Map<String, String> headers, String body) {
    if (!path.replace("/config", "").equals(DISTRIBUTION)) {
      throw new Refused(404, "NoSuchDistribution", "The specified distribution does not exist.");
    }
    if (method.equals("PUT")) {
      write(headers, body);
    }
    String answer = "<?xml version=\"1.0\"?><Distribution xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Id>" + DISTRIBUTION
        + "</Id><ARN>a</ARN><Status>InProgress</Status><DomainName>d111.cloudfront.net</DomainName><DistributionConfig>" + config
        + "</DistributionConfig></Distribution>";
    return new Answer(200, Map.of("Content-Type", "text/xml", "ETag", "V" + version), answer);
  }

  private void write(Map<String, String> headers, String body) {
    if (overtaken > 0) {
      overtaken--;
      version++;
    }
    if (!("V" + version).equals(headers.get("if-match"))) {
      throw new Refused(412, "PreconditionFailed", "The request failed because it didn't meet the preconditions");
    }
    version++;
    config = body.replaceFirst("(?s).*?<DistributionConfig[^>]*>", "").replaceFirst("(?s)</DistributionConfig>.*", "");
    Matcher lists = QUANTITY.matcher(config);
    while (lists.find()) {
      String item = lists.group(1).equals("Origins") ? "<Origin>" : "<CacheBehavior>";
      int there = lists.group().split(item, -1).length - 1;
      if (!lists.group().contains("<Quantity>" + there + "</Quantity>")) {
        throw new Refused(400, "InconsistentQuantities", "The value of Quantity and the size of Items don't match.");
      }
    }
  }

  /** How often the distribution names this text. */
  int named(String text) {
    return config.split(Pattern.quote(text), -1).length - 1;
  }

  /** Paths of what there is of one kind, such as {@code /prod/channels/}. */
  List<String> of(String folder) {
    return things.keySet().stream().filter(path -> path.startsWith(folder)).toList();
  }

  static byte[] bytes(Answer answer) {
    return answer.body().getBytes(StandardCharsets.UTF_8);
  }
}
