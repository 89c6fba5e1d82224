/** Records streams that are on: files that a crash cannot spoil, cut where the operator wants. */
package org.reelway.stream.recorder;
