/** Recordings on disk: what is finished, its marker, its identity, and what happens to the file in the end. */
package org.reelway.recording;
