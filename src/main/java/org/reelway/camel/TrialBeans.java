package org.reelway.camel;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.component.aws2.s3.AWS2S3Component;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.spi.Registry;
import org.reelway.camel.http.ApiJson;
import org.reelway.camel.queue.Broker;
import org.reelway.settings.Settings;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * What features bind, for a trial build of routes, which looks up names, types and methods and calls none: nothing is opened,
 * connected or started.
 */
public final class TrialBeans {
  private static final List<Class<? extends Feature>> FEATURES =
      List.of(
          LogFeature.class, FleetFeature.class, StoreFeature.class, TransferFeature.class, CallbackFeature.class, FolderFeature.class,
          BackupFeature.class, RecordingFeature.class, RetentionFeature.class, JanitorFeature.class, RepairFeature.class,
          LiveFeature.class, WatchFeature.class, RelayFeature.class, RecorderFeature.class, MixerFeature.class, QueueFeature.class,
          MultiRecorderFeature.class, WorkflowFeature.class, EventFeature.class, DashboardFeature.class, HttpFeature.class);

  private TrialBeans() {}

  /** As {@link #bind(CamelContext, Collection)}, with what these settings add. */
  public static ReelwayComponent bind(CamelContext camel, Settings settings) {
    Broker.of(settings).ifPresent(broker -> broker.configure(camel));
    return bind(camel, settings.stores().keySet());
  }

  /**
   * @param stores names of those beside the primary
   * @return tells which folders the routes would watch
   */
  public static ReelwayComponent bind(CamelContext camel, Collection<String> stores) {
    Registry registry = camel.getRegistry();
    FEATURES.stream().flatMap(feature -> Arrays.stream(feature.getDeclaredFields())).forEach(field -> bind(field, registry));
    Stream.concat(Stream.of(""), stores.stream()).forEach(name -> {
      registry.bind(StoreFeature.client(name), S3Client.class, stub(S3Client.class));
      registry.bind(StoreFeature.PRESIGNER + StoreFeature.suffix(name), S3Presigner.class, stub(S3Presigner.class));
    });
    usePrimary(camel, registry);
    registry.bind("apiJson", ApiJson.mapper());
    ReelwayComponent component = new ReelwayComponent();
    camel.addComponent("reelway", component);
    return component;
  }

  /** As {@link CamelProperties} has it: of several clients none is found by its type. */
  private static void usePrimary(CamelContext camel, Registry registry) {
    AWS2S3Configuration configuration = camel.getComponent("aws2-s3", AWS2S3Component.class).getConfiguration();
    configuration.setAmazonS3Client(registry.lookupByNameAndType(StoreFeature.CLIENT, S3Client.class));
    configuration.setAmazonS3Presigner(registry.lookupByNameAndType(StoreFeature.PRESIGNER, S3Presigner.class));
  }

  private static void bind(Field field, Registry registry) {
    BindToRegistry bound = field.getAnnotation(BindToRegistry.class);
    Class<?> type = field.getType();
    if (bound == null || HealthCheck.class.isAssignableFrom(type)) {
      return;
    }
    if (type.isInterface()) {
      registry.bind(bound.value(), type, stub(type));
    } else if (type.getName().startsWith("org.reelway.")) {
      registry.bind(bound.value(), withNothing(type));
    }
  }

  private static Object stub(Class<?> type) {
    return Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type},
        (self, method, arguments) -> switch (method.getName()) {
          case "hashCode" -> System.identityHashCode(self);
          case "equals" -> self == arguments[0];
          case "toString" -> "a " + type.getSimpleName() + " of a trial";
          default -> throw new IllegalStateException(method + " was called in a trial");
        });
  }

  /** By the constructor that only keeps what it is given. */
  private static Object withNothing(Class<?> type) {
    try {
      Constructor<?> constructor =
          Arrays.stream(type.getDeclaredConstructors())
              .max(Comparator.comparing(Constructor::getParameterCount)).orElseThrow();
      constructor.setAccessible(true);
      return constructor.newInstance(new Object[constructor.getParameterCount()]);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made for a trial: " + e, e);
    }
  }
}
