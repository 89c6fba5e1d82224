package org.reelway.camel.jmx;

import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.stream.Collectors;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ObjectName;
import org.jolokia.json.JSONArray;
import org.jolokia.json.JSONObject;
import org.jolokia.server.core.service.api.DataUpdater;

/**
 * Says in lists of MBeans which operations may be run by whoever asks, in the form in which Hawtio's own server does: it shows a
 * lock beside the others, and no buttons for them. See RBACDecorator of io.hawt:hawtio-system.
 */
final class JmxRights extends DataUpdater {
  private static final String OPERATIONS = "op";
  private static final String BY_SIGNATURE = "opByString";
  private static final String MAY = "canInvoke";

  private final JmxPolicy policy;

  JmxRights(JmxPolicy policy) {
    // Behind those that describe operations.
    super(1000);
    this.policy = policy;
  }

  @Override
  public String getKey() {
    return BY_SIGNATURE;
  }

  @Override
  public void update(Map<String, Object> described, ObjectName bean, MBeanInfo info, Deque<String> path) {
    verifyThatPathIsEmpty(path);
    JSONObject bySignature = new JSONObject();
    for (MBeanOperationInfo each : info.getOperations()) {
      bySignature.put(signature(each), may(bean, each.getName()));
    }
    described.put(BY_SIGNATURE, bySignature);
    described.put(MAY, true);
    if (described.get(OPERATIONS) instanceof Map<?, ?> operations) {
      JSONObject all = new JSONObject();
      operations.forEach((name, operation) -> all.put(name.toString(), with(may(bean, name.toString()), operation)));
      described.put(OPERATIONS, all);
    }
  }

  private JSONObject may(ObjectName bean, String operation) {
    JSONObject may = new JSONObject();
    may.put(MAY, policy.isOperationAllowed(bean, operation));
    return may;
  }

  /** Descriptions are shared between requests, and so stay as they are. @param operation one, or a list of those of one name */
  private static Object with(JSONObject may, Object operation) {
    if (operation instanceof Collection<?> several) {
      JSONArray all = new JSONArray();
      several.forEach(each -> all.add(with(may, each)));
      return all;
    }
    JSONObject copy = new JSONObject();
    ((Map<?, ?>) operation).forEach((key, value) -> copy.put(key.toString(), value));
    copy.putAll(may);
    return copy;
  }

  private static String signature(MBeanOperationInfo operation) {
    return operation.getName() + Arrays.stream(operation.getSignature()).map(MBeanParameterInfo::getType)
        .collect(Collectors.joining(",", "(", ")"));
  }
}
