/** Reads the configuration of the Wowza S3 upload module and of the EvoStream web services, so that their users move by one command. */
package org.reelway.settings.imports;
