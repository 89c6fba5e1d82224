package org.reelway.transfer.audit;

/**
 * What an audit looked at.
 *
 * @param objects in the bucket under the prefix
 * @param expected objects that state or manifests tell of
 * @param verifiedByState of them, those that the state tells of
 * @param manifests that could be read and are believed
 * @param rewritten objects whose ETag is another, with a checksum that shows the same bytes
 * @param forgotten objects that carry a recording's id, of which neither state nor a manifest knows any more
 * @param readBytes of objects that were read whole
 * @param unread objects that a deep audit could not compare: no digest of them is known
 * @param findings how many
 */
public record AuditReport(
    long objects,
    long expected,
    long verifiedByState,
    long manifests,
    long rewritten,
    long forgotten,
    long readBytes,
    long unread,
    long findings) {

  /** Without either, every object would be unknown: nothing could be said. */
  public boolean hadNothingToCompareWith() {
    return expected == 0 && objects > 0;
  }
}
