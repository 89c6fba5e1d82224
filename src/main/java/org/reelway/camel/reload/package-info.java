/** Edits of routes put into force while these run: what changed, the rest of all that goes through them, the swap. */
package org.reelway.camel.reload;
