package org.reelway.camel.jmx;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.modelmbean.InvalidTargetObjectTypeException;
import javax.management.modelmbean.ModelMBean;
import javax.management.modelmbean.ModelMBeanInfo;
import javax.management.modelmbean.RequiredModelMBean;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedInstance;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.api.management.NotificationSenderAware;
import org.apache.camel.spi.ManagementMBeanAssembler;
import org.apache.camel.support.management.DefaultManagementMBeanAssembler;
import org.apache.camel.support.management.MBeanInfoAssembler;
import org.apache.camel.support.management.MixinRequiredModelMBean;
import org.apache.camel.support.management.NotificationSenderAdapter;
import org.apache.camel.support.service.ServiceHelper;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beans with {@code @ManagedResource} over JMX: ours as {@code org.reelway:type=…}, and Camel's own. Camel reads the annotations
 * of each bean anew and keeps a description of its own for each: 0.2 ms of CPU time, half of what a small recording's whole
 * transfer takes, and 300,000 objects for the steps of the shipped routes. One description for each class takes 0.01 ms and no
 * room.
 */
public final class MBeans implements ManagementMBeanAssembler {
  private static final Logger LOG = LoggerFactory.getLogger(MBeans.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final Map<Class<?>, ModelMBeanInfo> known = new ConcurrentHashMap<>();
  private final Set<String> shown = ConcurrentHashMap.newKeySet();
  private volatile CamelContext camel;

  /** From now on beans are shown, and Camel's are made here. */
  public void configure(CamelContext camel) {
    this.camel = camel;
    camel.getCamelContextExtension().setManagementMBeanAssembler(this);
  }

  /** As {@link DefaultManagementMBeanAssembler} does, which is asked for beans that mix a class of somebody else's in. */
  @Override
  public ModelMBean assemble(MBeanServer server, Object bean, ObjectName name) throws JMException {
    if (bean instanceof ManagedInstance managed && managed.getInstance() != null
        && managed.getInstance().getClass().isAnnotationPresent(ManagedResource.class)) {
      DefaultManagementMBeanAssembler mixing = new DefaultManagementMBeanAssembler(camel);
      ServiceHelper.startService(mixing);
      return mixing.assemble(server, bean, name);
    }
    boolean isMasked = Boolean.TRUE.equals(camel.getManagementStrategy().getManagementAgent().getMask());
    RequiredModelMBean model = new MixinRequiredModelMBean(described(bean), isMasked, null, null);
    try {
      model.setManagedResource(bean, "ObjectReference");
    } catch (InvalidTargetObjectTypeException e) {
      throw new JMException(e.getMessage());
    }
    if (bean instanceof NotificationSenderAware aware) {
      aware.setNotificationSender(new NotificationSenderAdapter(model));
    }
    return model;
  }

  private ModelMBeanInfo described(Object bean) {
    return known.computeIfAbsent(bean.getClass(), type -> info(bean));
  }

  /** @param name such as {@code type=Relay,name=7} */
  public void show(String name, Object bean) {
    if (camel == null) {
      return;
    }
    try {
      ObjectName objectName = objectName(name);
      server.registerMBean(assemble(server, bean, objectName), objectName);
      shown.add(name);
    } catch (InstanceAlreadyExistsException e) {
      LOG.debug("{} is shown already", name);
    } catch (JMException e) {
      LOG.warn("{} is not shown over JMX: {}", name, e.toString());
    }
  }

  private ModelMBeanInfo info(Object bean) {
    MBeanInfoAssembler annotations = new MBeanInfoAssembler(camel);
    annotations.start();
    try {
      return annotations.getMBeanInfo(camel, bean, null, "");
    } catch (JMException e) {
      throw new OurFailure(bean.getClass() + " cannot be shown over JMX: " + e, e);
    } finally {
      annotations.stop();
    }
  }

  public void hide(String name) {
    if (shown.remove(name)) {
      try {
        server.unregisterMBean(objectName(name));
      } catch (JMException e) {
        LOG.debug("{} was not shown", name);
      }
    }
  }

  @Override
  public void start() {}

  /** Of Camel's lifecycle; {@link #hideAll} ends what is ours. */
  @Override
  public void stop() {}

  public void hideAll() {
    Set.copyOf(shown).forEach(this::hide);
  }

  private static ObjectName objectName(String name) throws JMException {
    return new ObjectName("org.reelway:" + name);
  }

  /** A client of JMX need not know our classes. */
  static void refusing(Runnable operation) {
    try {
      operation.run();
    } catch (InputFailure e) {
      throw new IllegalArgumentException(e.getMessage());
    }
  }
}
