/**
 * A small HTTP/1.1 client for large uploads: bodies go from the file to the socket without a copy in the heap, and a
 * silent peer is found whichever way the bytes should flow.
 *
 * <p>Sockets are non-blocking and each connection has a selector of its own, so one wait serves for "the peer takes
 * bytes again", "an answer came early", "the thread was interrupted" and "nothing happened for too long". A watchdog
 * on blocking sockets would not do: closing a socket does not end a {@code sendfile} that already blocks on it.
 */
package org.reelway.transfer.store.http;
