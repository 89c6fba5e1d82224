/** Media files and the programs that read and write them: ffmpeg, boxes and tracks, repair of what a dead writer left. */
package org.reelway.media;
