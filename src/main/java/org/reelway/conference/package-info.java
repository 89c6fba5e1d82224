/** Conferences: many streams recorded into one file by the multi-recorder, and that file mixed into one picture. */
package org.reelway.conference;
