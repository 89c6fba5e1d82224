package org.reelway.transfer.store;

import javax.net.ssl.SSLContext;
import org.reelway.transfer.bandwidth.Bandwidth;

/**
 * What lies between here and a store.
 *
 * @param minRate bytes a second below which a call is given up, over the idle timeout; 0 for none
 * @param proxy null for none
 * @param bandwidth shared by all that send
 */
public record Transport(long minRate, Trust trust, StoreProxy proxy, Bandwidth bandwidth) {

  /** The straight way, without limits. @param tls null for the platform's own trust */
  public static Transport direct(SSLContext tls) {
    return new Transport(1024, tls == null ? Trust.platform("reelway.store") : () -> tls, null, Bandwidth.unlimited());
  }
}
