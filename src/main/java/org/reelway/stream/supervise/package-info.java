/**
 * Child processes that copy a stream for as long as it is on, looked after by one thread: begun anew after every end,
 * ended when nothing goes on, and isolated from one another.
 */
package org.reelway.stream.supervise;
