package org.reelway.live.dash;

import org.reelway.live.NamedFile;

/**
 * A file that a representation needs beside its segments.
 *
 * @param reference relative to the base URL; empty for the base URL itself
 * @param range bytes of it; null for all
 * @param initialization whether it is the initialization segment
 */
record Resource(String reference, String range, NamedFile named, boolean initialization) {}
