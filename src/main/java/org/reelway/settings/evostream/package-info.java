/** Reads the plugins' file of the EvoStream web services, so that its users move by pointing at it. */
package org.reelway.settings.evostream;
