/**
 * The AWS SDK's HTTP client for the store, made for large uploads: bodies go from the file to the socket without a copy in
 * the heap, and a silent peer is found whichever way the bytes should flow.
 *
 * <p>Why not one of the SDK's: each reads a body through a stream, in pieces of some 8 KiB, which are 131,000 writes a GiB
 * where this makes 550. CPU time of 64 parts of 16 MiB, four at a time, in one warmed JVM, http / https, this one being 1:
 * Apache 5 tuned 2.0 / 1.26, Apache 4 3.9 / 1.37, Netty 1.7 / 1.37, CRT 3.3 / 2.8.
 *
 * <p>Sockets are non-blocking and each connection has a selector of its own, so one wait serves for "the peer takes
 * bytes again", "an answer came early", "the thread was interrupted" and "nothing happened for too long". A watchdog
 * on blocking sockets would not do: closing a socket does not end a {@code sendfile} that already blocks on it.
 */
package org.reelway.transfer.store.http;
