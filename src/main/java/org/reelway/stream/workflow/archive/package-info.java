/**
 * Archives of the live workflow's sessions in the store: what segments there are, and playlists and files of their
 * sections.
 */
package org.reelway.stream.workflow.archive;
