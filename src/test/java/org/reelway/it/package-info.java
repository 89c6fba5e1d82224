/** The packaged program, as users run it: a child process, a real store, and what is left on disk. */
package org.reelway.it;
