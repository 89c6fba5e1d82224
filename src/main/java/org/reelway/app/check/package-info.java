/** Validates the operator's routes and kamelets before anything runs: file, line, what was found, and the fix. */
package org.reelway.app.check;
