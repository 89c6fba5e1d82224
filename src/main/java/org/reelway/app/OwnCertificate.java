package org.reelway.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Setting;

/**
 * Trust of this machine's commands in the sidecar: its certificate is the one of the settings' file, whatever name is in it and
 * whoever signed it.
 */
final class OwnCertificate implements X509TrustManager {
  private final X509Certificate own;
  private final String setting;

  private OwnCertificate(X509Certificate own, String setting) {
    this.own = own;
    this.setting = setting;
  }

  /** @throws InputFailure where the file cannot be read, or holds no certificate */
  static void trust(HttpsURLConnection connection, Setting<Path> setting, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      X509Certificate own = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new OwnCertificate(own, setting.key())}, null);
      connection.setSSLSocketFactory(context.getSocketFactory());
      connection.setHostnameVerifier((name, session) -> true);
    } catch (IOException | GeneralSecurityException e) {
      throw new InputFailure(
          setting + " is \"" + file + "\", and this command, which trusts what is in it, cannot read it: " + e, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    if (!chain[0].equals(own)) {
      throw new CertificateException("it shows another certificate than that of " + setting);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("no client is asked for a certificate");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
