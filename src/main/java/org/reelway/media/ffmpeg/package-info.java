/** The ffmpeg and ffprobe programs: where they are, and running them as child processes. */
package org.reelway.media.ffmpeg;
