package org.reelway.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.reelway.transfer.audit.AuditReport;
import org.reelway.transfer.audit.Finding;

/** How an audit is told. */
interface AuditOutput {
  void finding(Finding finding);

  void end(AuditReport report);

  /** For people: a table, of the first findings where there are many. */
  final class Text implements AuditOutput {
    private static final int MOST_ROWS = 1000;

    private final PrintWriter out;
    private final List<List<String>> rows = new ArrayList<>();
    private long more;

    Text(PrintWriter out, String address, String bucket, String prefix) {
      this.out = out;
      out.println("store " + address + ", bucket " + bucket + (prefix.isEmpty() ? "" : ", keys from " + prefix));
      out.flush();
    }

    @Override
    public void finding(Finding finding) {
      if (rows.size() < MOST_ROWS) {
        String id = finding.recordingId() == null ? "" : finding.recordingId();
        rows.add(List.of(finding.kind().word(), finding.key(), id, finding.found()));
      } else {
        more++;
      }
    }

    @Override
    public void end(AuditReport report) {
      if (!rows.isEmpty()) {
        out.println(new ConsoleTable(List.of("what", "key", "recording", "found"), rows).text());
      }
      if (more > 0) {
        out.println("… and " + more + " more; --json tells all");
      }
      out.printf(
          Locale.ROOT,
          "%,d objects, %,d expected (%,d by the state), %,d manifests, %,d findings%n",
          report.objects(),
          report.expected(),
          report.verifiedByState(),
          report.manifests(),
          report.findings());
      say(report.rewritten(), "have another ETag and the same checksum: copied or encrypted anew");
      say(report.forgotten(), "were sent by Reelway, and are too new or too old for what is known here");
      say(report.unread(), "could not be compared by their bytes: no checksum of the whole object is known");
      out.println(report.findings() == 0 && !report.hadNothingToCompareWith() ? "all is as it was verified" : "");
      out.flush();
    }

    private void say(long count, String what) {
      if (count > 0) {
        out.printf(Locale.ROOT, "%,d %s%n", count, what);
      }
    }
  }

  /** For programs: one object, written as it goes. */
  final class Json implements AuditOutput {
    private final JsonGenerator json;

    Json(PrintWriter out, String address, String bucket, String prefix) {
      try {
        json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeStringField("store", address);
        json.writeStringField("bucket", bucket);
        json.writeStringField("prefix", prefix);
        json.writeArrayFieldStart("findings");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void finding(Finding finding) {
      try {
        json.writeStartObject();
        json.writeStringField("kind", finding.kind().word());
        json.writeStringField("key", finding.key());
        json.writeStringField("recording", finding.recordingId());
        json.writeStringField("found", finding.found());
        json.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void end(AuditReport report) {
      try {
        json.writeEndArray();
        json.writeNumberField("objects", report.objects());
        json.writeNumberField("expected", report.expected());
        json.writeNumberField("verifiedByState", report.verifiedByState());
        json.writeNumberField("manifests", report.manifests());
        json.writeNumberField("rewritten", report.rewritten());
        json.writeNumberField("forgotten", report.forgotten());
        json.writeNumberField("readBytes", report.readBytes());
        json.writeNumberField("unread", report.unread());
        json.writeNumberField("count", report.findings());
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
