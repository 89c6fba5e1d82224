package org.reelway.transfer.store.http;

import java.time.Duration;
import org.reelway.transfer.store.Transport;

/**
 * @param connect for each address of a host: the TCP connection, and each step of the TLS handshake; and for a lookup of
 *     its name
 * @param idle the longest time without a byte in either direction
 * @param interim how long a large body waits for {@code 100 Continue} before it goes out all the same
 */
public record HttpSettings(Duration connect, Duration idle, Duration interim, Transport transport) {}
