/**
 * Recordings whose writer died: how they are known, and how as much as possible of them is made playable. Nothing here
 * ever changes a file in a recordings folder.
 */
package org.reelway.media.repair;
