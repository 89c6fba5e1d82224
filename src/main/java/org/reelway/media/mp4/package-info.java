/** MP4 boxes (ISO/IEC 14496-12), read within their bounds and written. */
package org.reelway.media.mp4;
