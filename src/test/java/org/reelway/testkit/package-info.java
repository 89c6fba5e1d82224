/** What integration tests are made of: the program as a child process, a store with an independent client, a wire that can stall. */
package org.reelway.testkit;
