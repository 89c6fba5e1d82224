package org.reelway.testkit;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Says on the console why a test was skipped: the runner itself only counts them. Registered for every test. */
public final class SaidSkips implements TestWatcher {
  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    say(context, String.valueOf(cause.getMessage()));
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    say(context, reason.orElse("disabled"));
  }

  private static void say(ExtensionContext context, String reason) {
    System.out.println("SKIPPED " + context.getRequiredTestClass().getSimpleName() + "."
        + context.getDisplayName() + ": " + reason.replace("Assumption failed: ", ""));
  }
}
