/** Where recordings go while the primary store takes none, and how they come back from there. */
package org.reelway.transfer.backup;
