/** DASH manifests: ISO/IEC 23009-1. */
package org.reelway.live.dash;
