/** Manifests in XML, of which some places are changed and all else stays to the byte. */
package org.reelway.live.xml;
