package org.reelway.transfer.store;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Decides as the JVM's own does, and says which certificate was refused, who issued it, and what to do. */
final class TellingTrustManager extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager judge;
  private final String settings;

  /** @param settings what the names of the store's settings start with */
  TellingTrustManager(X509ExtendedTrustManager judge, String settings) {
    this.judge = judge;
    this.settings = settings;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
    try {
      judge.checkServerTrusted(chain, type, engine);
    } catch (CertificateException e) {
      throw told(chain, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
    try {
      judge.checkServerTrusted(chain, type, socket);
    } catch (CertificateException e) {
      throw told(chain, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    try {
      judge.checkServerTrusted(chain, type);
    } catch (CertificateException e) {
      throw told(chain, e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
    judge.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
    judge.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    judge.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return judge.getAcceptedIssuers();
  }

  private CertificateException told(X509Certificate[] chain, CertificateException refusal) {
    X509Certificate own = chain[0];
    String which =
        "the certificate \"" + own.getSubjectX500Principal().getName() + "\", issued by \""
            + own.getIssuerX500Principal().getName() + "\", valid from " + own.getNotBefore().toInstant() + " to "
            + own.getNotAfter().toInstant() + ", ";
    return new CertificateException(which + verdict(chain, refusal), refusal);
  }

  private String verdict(X509Certificate[] chain, CertificateException refusal) {
    if (isCausedBy(refusal, CertificateExpiredException.class)
        || isCausedBy(refusal, CertificateNotYetValidException.class)) {
      return "or one above it, is not valid now (" + refusal.getMessage()
          + "): give the store a new one, or set the clock of this machine";
    }
    if (isCausedBy(refusal, java.security.cert.CertPathBuilderException.class)) {
      return "is not trusted (" + refusal.getMessage() + "): set " + settings + ".ca-file to a PEM file with the"
          + " certificate of \"" + chain[chain.length - 1].getIssuerX500Principal().getName() + "\"";
    }
    return "is refused (" + refusal.getMessage() + "); it is for " + names(chain[0])
        + ": correct " + settings + ".endpoint, or give the store a certificate for its name";
  }

  private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> kind) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  /** RFC 5280's alternative names: pairs of a type's number and the name. */
  private static String names(X509Certificate certificate) {
    try {
      if (certificate.getSubjectAlternativeNames() == null) {
        return "no name at all";
      }
      return certificate.getSubjectAlternativeNames().stream()
          .map(List::copyOf)
          .map(pair -> String.valueOf(pair.get(1)))
          .collect(Collectors.joining(", "));
    } catch (CertificateParsingException e) {
      return "names that cannot be read";
    }
  }
}
