/** What Reelway remembers beyond the markers. Losing all of it loses no recording. */
package org.reelway.state;
