package org.reelway.app;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the JVM's optimising compiler to the code that computes over recordings' bytes: for the rest it costs a sidecar
 * more CPU time and memory than it ever gives back. Told by the JVM's own management, as
 * {@code jcmd Compiler.directives_add} would, for the option of the command line prints a line of its own.
 */
final class ThriftyCompiler {
  private static final Logger LOG = LoggerFactory.getLogger(ThriftyCompiler.class);

  private ThriftyCompiler() {}

  /** Where the file is missing, or the JVM takes no directives, everything works, for a little more. */
  static void use(Path home) {
    Path directives = home.resolve("jvm").resolve("compilers.json").toAbsolutePath();
    if (!Files.isReadable(directives)) {
      return;
    }
    try {
      Object answer = ManagementFactory.getPlatformMBeanServer().invoke(
          new ObjectName("com.sun.management:type=DiagnosticCommand"),
          "compilerDirectivesAdd",
          new Object[] {new String[] {directives.toString()}},
          new String[] {String[].class.getName()});
      LOG.debug("{}: {}", directives, String.valueOf(answer).strip());
    } catch (JMException | RuntimeException e) {
      LOG.debug("this JVM takes no compiler directives: {}", e.toString());
    }
  }
}
