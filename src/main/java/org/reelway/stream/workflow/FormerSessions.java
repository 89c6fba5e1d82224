package org.reelway.stream.workflow;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.BadRequest;
import org.reelway.failure.Conflict;
import org.reelway.state.StoredWorkflow;
import org.reelway.state.WorkflowSessionRow;
import org.reelway.state.WorkflowStreamRow;
import org.reelway.stream.workflow.archive.ArchiveRoot;

/** Sessions that a stream had elsewhere, such as in the AWS module: closed long ago, and known for their archives alone. */
final class FormerSessions {
  private static final String MEMBER = "archives_path";

  private final StoredWorkflow stored;
  private final ArchiveRoots roots;

  FormerSessions(StoredWorkflow stored, ArchiveRoots roots) {
    this.stored = stored;
    this.roots = roots;
  }

  /**
   * @param archives by session
   * @throws BadRequest an id or a place is none
   * @throws Conflict a session of that id is known, or an archive is another's
   */
  List<WorkflowSessionRow> of(WorkflowStreamRow stream, Map<String, String> archives) {
    List<WorkflowSessionRow> all = new ArrayList<>();
    archives.forEach((id, path) -> {
      if (!id.matches("[A-Za-z0-9_-]{1,64}")) {
        throw new BadRequest("\"" + MEMBER + "\" has a session whose id is not made of 1 to 64 letters, digits, - and _");
      }
      if (stored.hasSession(id)) {
        throw new Conflict("\"" + MEMBER + "\" names the session \"" + id + "\", which is known already");
      }
      ArchiveRoot root = roots.of(MEMBER, path, wanted -> stored.archiveThatMeets(wanted).or(() -> among(all, wanted)));
      Instant began = ArchiveRoots.began(root, stream.createdAt());
      all.add(new WorkflowSessionRow(id, stream.id(), root.toString(), began, began, stream.createdAt(), stream.createdAt()));
    });
    return all;
  }

  private static Optional<String> among(List<WorkflowSessionRow> sessions, String wanted) {
    return sessions.stream().map(WorkflowSessionRow::archive)
        .filter(archive -> archive.startsWith(wanted) || wanted.startsWith(archive)).findFirst();
  }
}
