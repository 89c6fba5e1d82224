/** The store: the few S3 calls behind one interface, and what carries them. */
package org.reelway.transfer.store;
