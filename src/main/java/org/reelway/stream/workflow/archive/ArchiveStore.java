package org.reelway.stream.workflow.archive;

import java.util.function.Function;
import org.reelway.transfer.Capabilities;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Store;

/**
 * The store that archives are in.
 *
 * @param attributes of a playlist, by its key
 */
public record ArchiveStore(Store store, Capabilities capabilities, Function<String, ObjectAttributes> attributes) {}
