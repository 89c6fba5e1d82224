/** Live streams: the media servers that have them, their relays and their recorders, and the processes behind these. */
package org.reelway.stream;
