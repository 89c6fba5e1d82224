package org.reelway.transfer.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import org.reelway.failure.InputFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM's trust and the certificates of a PEM file, which is read again when it changes. One that cannot be read any
 * more is said once; connections are made with what it last held.
 */
public final class CaFile implements Trust {
  private static final Logger LOG = LoggerFactory.getLogger(CaFile.class);

  private final Path file;
  private final String settings;
  private Version read;
  private SSLContext context;

  /** What tells that a file is another than before. */
  private record Version(long size, long modifiedNanos, Object key) {
    static Version of(Path file) throws IOException {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(
          now.size(), now.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS), now.fileKey());
    }
  }

  private CaFile(Path file, String settings) {
    this.file = file;
    this.settings = settings;
  }

  /**
   * @param settings what the names of the store's settings start with
   * @throws InputFailure where the file cannot be read or holds no certificate: better said at the start
   */
  public static CaFile of(Path file, String settings) {
    CaFile ca = new CaFile(file, settings);
    try {
      ca.readNew();
      return ca;
    } catch (IOException e) {
      throw new InputFailure(
          settings + ".ca-file is \"" + file + "\": " + reason(e)
              + "; name a file with certificates in PEM form (-----BEGIN CERTIFICATE-----)",
          e);
    }
  }

  @Override
  public synchronized SSLContext context() {
    try {
      readNew();
    } catch (IOException e) {
      LOG.warn("{}.ca-file \"{}\" is not read again: {}; what it held before is trusted", settings, file, reason(e));
    }
    return context;
  }

  private synchronized void readNew() throws IOException {
    Version now;
    try {
      now = Version.of(file);
    } catch (IOException e) {
      if (read == null && context != null) {
        return;
      }
      read = null;
      throw e;
    }
    if (now.equals(read)) {
      return;
    }
    // Set before reading: a file that stays wrong is said once.
    read = now;
    context = PlatformTrust.trusting(together(certificates()), settings);
  }

  private Collection<? extends Certificate> certificates() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IOException("no certificate is in it");
      }
      return found;
    } catch (GeneralSecurityException e) {
      throw new IOException("it holds something that is no certificate (" + e.getMessage() + ")", e);
    }
  }

  static KeyStore together(Collection<? extends Certificate> own) throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      int number = 0;
      for (X509Certificate known : PlatformTrust.managerOf(null).getAcceptedIssuers()) {
        trusted.setCertificateEntry("jvm-" + number++, known);
      }
      for (Certificate added : own) {
        trusted.setCertificateEntry("file-" + number++, added);
      }
      return trusted;
    } catch (GeneralSecurityException e) {
      throw new IOException("its certificates cannot be used (" + e.getMessage() + ")", e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "there is no such file"
        : e instanceof java.nio.file.AccessDeniedException ? "it may not be read" : e.getMessage();
  }
}
