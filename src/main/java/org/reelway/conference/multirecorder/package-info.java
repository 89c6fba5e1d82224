/** Streams of a conference, each recorded by itself, as one file with a track for each on the true timeline. */
package org.reelway.conference.multirecorder;
