package org.reelway.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.reelway.app.demo.EmbeddedStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reelway demo store}: a store to try things against, which can be ended and started again. */
@Command(
    name = "store",
    description = {
      "Runs an S3-compatible store on loopback until Ctrl-C, for trying Reelway without an account.",
      "Its objects are files of a folder, and stay. Its keys are known to all: nothing but trials belongs there."
    },
    mixinStandardHelpOptions = true)
final class DemoStoreCommand implements Callable<Integer> {
  private static final String BUCKET = "recordings";
  private static final String ACCESS_KEY = "try";
  private static final String SECRET_KEY = "only-for-trying";

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "Where the objects go, a folder for each bucket (default: demo/objects in the program's folder).")
  private Path folder;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9000",
      description = "Port on 127.0.0.1 (default: ${DEFAULT-VALUE}; 0 takes any).")
  private int port;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    LogOutput.warningsOnly();
    DemoCommand.requireStore();
    Path where = folder != null ? folder : CommandLineProgram.home().resolve("demo").resolve("objects");
    PrintWriter out = spec.commandLine().getOut();
    try (EmbeddedStore store = EmbeddedStore.start(where, port, ACCESS_KEY, SECRET_KEY)) {
      store.createBucket(BUCKET);
      out.printf("# A store on this machine until Ctrl-C; objects in %s. Settings for it:%n", where.resolve(BUCKET));
      out.printf("reelway.store.endpoint=%s%n", store.endpoint());
      out.printf("reelway.store.bucket=%s%n", BUCKET);
      out.printf("reelway.store.access-key=%s%n", ACCESS_KEY);
      out.printf("reelway.store.secret-key=%s%n", SECRET_KEY);
      out.flush();
      new CountDownLatch(1).await();
      return 0;
    }
  }
}
