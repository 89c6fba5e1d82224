/** How long verified files stay, and what happens when a disk fills up. Never touches a file that is not in the store. */
package org.reelway.transfer.retention;
