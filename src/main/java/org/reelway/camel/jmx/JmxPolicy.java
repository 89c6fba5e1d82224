package org.reelway.camel.jmx;

import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.function.Supplier;
import javax.management.ObjectName;
import org.jolokia.server.core.restrictor.policy.PolicyRestrictor;

/**
 * What may be done over Jolokia. The file {@code jolokia-access.xml} says what everybody may, which is to look. Who may operate
 * runs the operations of our own MBeans too, and with routes opened starts and stops them.
 */
public final class JmxPolicy extends PolicyRestrictor {
  private static final Set<String> OF_ROUTES = Set.of("start", "stop", "suspend", "resume", "restart", "reset");

  /** Of the process: not the command line, nor system properties. */
  private static final Set<String> OF_THE_PROCESS = Set.of("StartTime", "Uptime", "VmName", "VmVendor", "VmVersion");

  private final boolean routesAreOpen;
  /** Of the request that this thread answers. */
  private final ThreadLocal<Boolean> operates = ThreadLocal.withInitial(() -> false);

  public JmxPolicy(boolean routesAreOpen) {
    super(JmxPolicy.class.getResourceAsStream("/jolokia-access.xml"));
    this.routesAreOpen = routesAreOpen;
  }

  /** Answers a request of somebody who may operate, or may not. */
  <T> T answering(boolean operator, Supplier<T> request) {
    operates.set(operator);
    try {
      return request.get();
    } finally {
      operates.remove();
    }
  }

  @Override
  public boolean isAttributeReadAllowed(ObjectName bean, String attribute) {
    return super.isAttributeReadAllowed(bean, attribute)
        || bean.getCanonicalName().equals(ManagementFactory.RUNTIME_MXBEAN_NAME) && OF_THE_PROCESS.contains(attribute);
  }

  /** @param operation by its name, or with its signature behind */
  @Override
  public boolean isOperationAllowed(ObjectName bean, String operation) {
    String name = operation.replaceFirst("\\(.*", "");
    return shows(bean, name) || operates.get() && (isOurs(bean) || routesAreOpen && isOfRoute(bean, name));
  }

  /** Whether everybody may run it, for it changes nothing. */
  boolean shows(ObjectName bean, String operation) {
    return super.isOperationAllowed(bean, operation.replaceFirst("\\(.*", ""));
  }

  private static boolean isOurs(ObjectName bean) {
    return bean.getDomain().equals("org.reelway");
  }

  private static boolean isOfRoute(ObjectName bean, String operation) {
    return bean.getDomain().equals("org.apache.camel") && "routes".equals(bean.getKeyProperty("type"))
        && OF_ROUTES.contains(operation);
  }
}
