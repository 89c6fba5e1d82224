package org.reelway.camel;

import java.nio.file.Path;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.audit.RecordingManifests.Subject;
import org.reelway.transfer.backup.BroughtBack;

/** Recordings that are back from the backup store, for the route that begins with {@code kamelet:returned-recordings}. */
final class ReturnedRecordings {
  private static final String RETURNED = "ReelwayReturned";

  private final RouteSource<Returned> source = new RouteSource<>("returned-recordings", ReturnedRecordings::fill);

  /** @param manifest what it is to be written of */
  private record Returned(BroughtBack back, Subject manifest) {}

  /**
   * Returns once the route has gone through; a failure keeps the copy in the backup.
   *
   * @param recovered whether its writer died
   * @param bytes the file that was sent now
   */
  void give(BroughtBack back, boolean recovered, Path bytes, VerifiedObject object) {
    try {
      source.give(new Returned(back, new Subject(back.id(), back.path(), back.file(), recovered, bytes, object)));
    } catch (DestinationFailure e) {
      // Whose fault it was decides what is said of it.
      throw e.getCause() instanceof RuntimeException own ? own : e;
    }
  }

  private static void fill(Returned returned, Exchange exchange) {
    BroughtBack back = returned.back();
    exchange.setProperty(RETURNED, back);
    exchange.setProperty(ManifestSteps.SUBJECT, returned.manifest());
    Message message = exchange.getMessage();
    message.setBody(returned.manifest().bytes().toFile());
    message.setHeader("RecordingId", back.id());
    message.setHeader("RecordingFile", back.file().toString());
    message.setHeader("RecordingPath", back.path());
    message.setHeader("RecordingName", back.file().getFileName().toString());
    message.setHeader("ObjectStore", back.store());
    message.setHeader("ObjectBucket", back.bucket());
    message.setHeader("ObjectKey", back.key());
    message.setHeader("ObjectAddress", back.address());
    message.setHeader("ObjectEtag", back.etag());
    message.setHeader("ObjectEvidence", back.evidence());
    message.setHeader("ObjectInBackup", false);
    message.setHeader("BackupBucket", back.backupBucket());
    message.setHeader("BackupKey", back.backupKey());
  }

  /** @throws InputFailure for a message of another route */
  static BroughtBack of(Exchange exchange) {
    if (exchange.getProperty(RETURNED) instanceof BroughtBack back) {
      return back;
    }
    throw new InputFailure("a message that is no recording from the backup: use it in a route that starts with"
        + " kamelet:returned-recordings");
  }

  Endpoint endpoint(String uri, Component component) {
    return new SourceEndpoint<>(uri, component, source);
  }
}
