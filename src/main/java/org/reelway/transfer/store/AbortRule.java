package org.reelway.transfer.store;

/**
 * A bucket's own rule that aborts unfinished uploads.
 *
 * @param prefix of the keys that it is for; empty for all
 * @param days from an upload's creation to its abort
 */
public record AbortRule(String prefix, int days) {}
