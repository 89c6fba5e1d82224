/** Reads the configuration of the Wowza S3 upload module, so that its users move by one command. */
package org.reelway.settings.wowza;
