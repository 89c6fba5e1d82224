/**
 * The local driver of the live workflow: Reelway takes the media of two ingests itself, has ffmpeg cut what comes, keeps the
 * playlists, and has all of it published by the live flow.
 */
package org.reelway.stream.workflow.local;
