/** Copies of streams that run to destinations: one supervised ffmpeg each, isolated from one another, never given up. */
package org.reelway.stream.relay;
