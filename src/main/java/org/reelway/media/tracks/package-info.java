/** What is in a multi-track MP4: its tracks, whose they are, and when each of them was on. */
package org.reelway.media.tracks;
