package org.reelway.camel.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class MBeansTest {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  @Test
  void stepsOfRoutesShareOneDescriptionAndCountForThemselves() throws Exception {
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      new MBeans().configure(camel);
      camel.addRoutes(new RouteBuilder() {
        @Override
        public void configure() {
          from("direct:a").to("log:one").id("one").stop().id("enough").to("log:two").id("two");
        }
      });
      camel.start();
      camel.createProducerTemplate().sendBody("direct:a", "x");

      List<ObjectName> steps = new ArrayList<>(SERVER.queryNames(
          new ObjectName("org.apache.camel:context=" + camel.getManagementName() + ",type=processors,*"), null));
      steps.removeIf(step -> !step.getKeyProperty("name").matches("\"(one|two)\""));
      assertThat(steps).hasSize(2);
      assertThat(SERVER.getMBeanInfo(steps.get(0)).getAttributes()[0])
          .isSameAs(SERVER.getMBeanInfo(steps.get(1)).getAttributes()[0]);
      assertThat(steps).extracting(step -> SERVER.getAttribute(step, "ExchangesTotal")).containsExactlyInAnyOrder(1L, 0L);
    }
  }
}
