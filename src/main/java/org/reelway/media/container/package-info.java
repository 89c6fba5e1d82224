/** Whether media files are whole, as their containers show it: MP4, Matroska, FLV, MPEG-TS. */
package org.reelway.media.container;
