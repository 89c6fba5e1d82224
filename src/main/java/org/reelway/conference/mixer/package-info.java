/** One film of a recording of several streams: who is seen where and when, and the run of ffmpeg that makes it. */
package org.reelway.conference.mixer;
