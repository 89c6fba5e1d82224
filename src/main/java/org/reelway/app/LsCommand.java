package org.reelway.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.reelway.camel.ConfiguredStore;
import org.reelway.failure.InputFailure;
import org.reelway.settings.StoreSettings;
import org.reelway.transfer.store.ListedObject;
import org.reelway.transfer.store.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelway ls}: what is in the bucket. */
@Command(
    name = "ls",
    description = "Lists the objects of the bucket whose keys start with PREFIX, in the store's order.",
    exitCodeList = {"0:listed", "1:no object starts so, or the bucket cannot be listed", "2:the settings are wrong"})
final class LsCommand extends SettingsCommand {
  @Mixin private StoreOption which;

  private static final int MOST = 100_000;

  @Parameters(
      arity = "0..1",
      paramLabel = "PREFIX",
      description = "Start of the keys (default: the store's prefix; \"\" for the whole bucket).")
  private String prefix;

  @Option(
      names = "--limit", paramLabel = "N", defaultValue = "1000",
      description = "How many at most, 1 to 100000 (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** Ends a listing that has given enough. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super(null, null, false, false);
    }
  }

  @Override
  public Integer call() {
    if (limit < 1 || limit > MOST) {
      throw new InputFailure("--limit is " + limit + "; allowed: 1 to " + MOST);
    }
    LogOutput.warningsOnly();
    ConfiguredStore configured = which.configured(settings(StoreSettings.BUCKET));
    String keys = prefix == null ? configured.keyPrefix() : prefix;
    try (Store store = configured.connect()) {
      List<ListedObject> objects = new ArrayList<>();
      boolean more = isMore(store, configured.bucket(), keys, objects);
      if (json) {
        printJson(configured.bucket(), keys, objects, more);
      } else if (!objects.isEmpty()) {
        print(objects);
      }
      if (more) {
        err().println("only the first " + limit + ": list more with --limit, or fewer with a longer PREFIX");
      }
      if (objects.isEmpty()) {
        err().println("no object in " + store.address(configured.bucket(), null) + " starts with \"" + keys + "\"");
      }
      return objects.isEmpty() ? CommandLineProgram.FAILED : 0;
    }
  }

  private boolean isMore(Store store, String bucket, String keys, List<ListedObject> objects) {
    try {
      store.list(bucket, keys, object -> {
        if (objects.size() == limit) {
          throw new Enough();
        }
        objects.add(object);
      });
      return false;
    } catch (Enough e) {
      return true;
    }
  }

  private void print(List<ListedObject> objects) {
    List<List<String>> rows = objects.stream()
        .map(each -> List.of(String.valueOf(each.lastModified()), String.valueOf(each.size()), shown(each.key()))).toList();
    out().print(new ConsoleTable(List.of("modified", "bytes", "key"), rows).text());
    out().flush();
  }

  /** Whoever may write to the bucket chooses names: none shall move a terminal's cursor. */
  private static String shown(String key) {
    return key.replaceAll("\\p{Cntrl}", "?");
  }

  private void printJson(String bucket, String keys, List<ListedObject> objects, boolean more) {
    try {
      JsonGenerator generator = new JsonFactory().createGenerator(out()).useDefaultPrettyPrinter();
      generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      generator.writeStartObject();
      generator.writeStringField("bucket", bucket);
      generator.writeStringField("prefix", keys);
      generator.writeBooleanField("more", more);
      generator.writeArrayFieldStart("objects");
      for (ListedObject object : objects) {
        generator.writeStartObject();
        generator.writeStringField("key", object.key());
        generator.writeNumberField("size", object.size());
        generator.writeStringField("modified", String.valueOf(object.lastModified()));
        generator.writeStringField("etag", object.etag());
        generator.writeStringField("storageClass", object.storageClass());
        generator.writeEndObject();
      }
      generator.writeEndArray();
      generator.writeEndObject();
      generator.writeRaw('\n');
      generator.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
