/** HTTP to media servers, destinations and backends: one client, and the name service within bounds. */
package org.reelway.transfer.http;
