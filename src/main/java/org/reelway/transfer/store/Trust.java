package org.reelway.transfer.store;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whose certificates are believed. Names are always checked as well, whatever is trusted; there is no way around it. */
public interface Trust {
  /**
   * Asked for every new connection.
   *
   * @throws IOException where what is to be trusted cannot be read
   */
  SSLContext context() throws IOException;

  /**
   * What the JVM trusts: its {@code cacerts}, or {@code javax.net.ssl.trustStore}.
   *
   * @param settings what the names of the store's settings start with
   */
  static Trust platform(String settings) {
    return new PlatformTrust(settings);
  }

  /** The JVM's trust, made at the first connection: a store over http needs none. */
  final class PlatformTrust implements Trust {
    private final String settings;
    private SSLContext context;

    private PlatformTrust(String settings) {
      this.settings = settings;
    }

    @Override
    public synchronized SSLContext context() throws IOException {
      if (context == null) {
        context = trusting(null, settings);
      }
      return context;
    }

    /** @param trusted null for the JVM's own */
    static SSLContext trusting(KeyStore trusted, String settings) throws IOException {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TellingTrustManager(managerOf(trusted), settings)}, null);
        return context;
      } catch (GeneralSecurityException e) {
        throw new IOException("this Java's TLS cannot be set up: " + e.getMessage(), e);
      }
    }

    static X509ExtendedTrustManager managerOf(KeyStore trusted) throws GeneralSecurityException {
      TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager known) {
          return known;
        }
      }
      throw new GeneralSecurityException("it has no manager for X.509 certificates");
    }
  }
}
