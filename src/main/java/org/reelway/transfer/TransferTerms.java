package org.reelway.transfer;

import java.util.Map;
import java.util.function.Supplier;
import org.reelway.recording.MarkerBook;

/**
 * What a transfer is told of its recording, where it would find out something else itself: one that goes to another
 * store than its own, or that comes from another file.
 *
 * @param id of the recording
 * @param path relative to its recordings folder
 * @param stream null where nobody told it
 * @param modifiedNanos of its file, nanoseconds since the epoch
 * @param key whole, where nobody else has it
 * @param metadata beside what every object of ours carries; asked for only when an object is created
 * @param markers where it is kept how far this transfer is
 */
public record TransferTerms(
    String id,
    String path,
    String stream,
    long modifiedNanos,
    String key,
    Supplier<Map<String, String>> metadata,
    MarkerBook markers) {}
