package org.reelway.app.check;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;

/** What endpoints look at only when they start, which nothing here does. */
final class StartRule {
  private final CamelContext camel;

  StartRule(CamelContext camel) {
    this.camel = camel;
  }

  /** @param uses of routes and kamelets */
  List<RouteProblem> problems(List<EndpointUse> uses) {
    return uses.stream().filter(use -> !use.path().contains("{")).flatMap(use -> problem(use).stream()).toList();
  }

  private Optional<RouteProblem> problem(EndpointUse use) {
    return switch (use.scheme()) {
      case "validator" -> Stream.of(use.path()).filter(schema -> !schema.matches("https?:.*") && !isThere(schema)).findFirst()
          .map(schema -> use.file().error(use.line(), "the schema " + schema + " is not there",
              "correct its name: validator:file:PATH for a file, else it is looked for in jars"));
      case "minio" -> Stream.of(use.path()).filter(bucket -> bucket.length() < 3 || bucket.length() > 63).findFirst()
          .map(bucket -> use.file().error(use.line(), "no bucket can be called '" + bucket + "'", "write one of 3 to 63 characters"));
      default -> Optional.empty();
    };
  }

  private boolean isThere(String resource) {
    return ResourceHelper.resolveResource(camel, resource).exists();
  }
}
