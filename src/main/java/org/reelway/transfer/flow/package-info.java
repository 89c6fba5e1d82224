/** The recordings flow as routes call it: domain steps joined, without any type of the routing engine. */
package org.reelway.transfer.flow;
