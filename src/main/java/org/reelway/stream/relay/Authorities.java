package org.reelway.stream.relay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose certificates destinations may show: authorities that the JVM trusts, and those of a file of the operator's, which is
 * read again when it changes. ffmpeg is given the same ones by a file, as it knows none on some systems. Safe for several
 * threads.
 */
public final class Authorities {
  private static final Logger LOG = LoggerFactory.getLogger(Authorities.class);
  private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final Path own;
  private final Path folder;
  private FileTime read;
  private boolean isRead;
  private List<Certificate> added = List.of();
  private SSLContext context;

  private Authorities(Path own, Path folder) {
    this.own = own;
    this.folder = folder;
  }

  /**
   * @param own certificates in PEM form; null for none beside the JVM's
   * @param folder of our own, for what ffmpeg reads
   * @throws InputFailure where the file cannot be used: better said at the start
   */
  public static Authorities of(Path own, Path folder) {
    Authorities all = new Authorities(own, folder);
    try {
      all.added = own == null ? List.of() : all.certificates();
      return all;
    } catch (IOException | GeneralSecurityException e) {
      throw new InputFailure(
          "reelway.relay.ca-file is \"" + own + "\", which cannot be used (" + e
              + "); name a file with certificates in PEM form (-----BEGIN CERTIFICATE-----)",
          e);
    }
  }

  private List<Certificate> certificates() throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(own)) {
      List<Certificate> found = List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
      if (found.isEmpty()) {
        throw new IOException("no certificate is in it");
      }
      return found;
    }
  }

  /** For our own connections: names are checked by whoever makes them. */
  synchronized SSLContext context() {
    refresh();
    return context;
  }

  /**
   * For ffmpeg, which compares a certificate with a host's name, but not with an address: for that only the operator's own
   * authorities will do.
   *
   * @param name whether the host is a name
   */
  synchronized Path file(boolean name) {
    refresh();
    return folder.resolve(name ? "authorities.pem" : "own-authorities.pem");
  }

  private void refresh() {
    try {
      FileTime now = own == null ? null : Files.getLastModifiedTime(own);
      if (isRead && (now == null || now.equals(read))) {
        return;
      }
      added = own == null ? List.of() : certificates();
      read = now;
    } catch (IOException | GeneralSecurityException e) {
      LOG.warn("reelway.relay.ca-file \"{}\" is not read again: {}; what it held before is trusted", own, e.toString());
      if (isRead) {
        return;
      }
    }
    use();
    isRead = true;
  }

  private void use() {
    try {
      List<Certificate> all = new ArrayList<>(added);
      for (TrustManager manager : managers(null)) {
        if (manager instanceof X509TrustManager known) {
          all.addAll(List.of(known.getAcceptedIssuers()));
        }
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < all.size(); i++) {
        store.setCertificateEntry("authority-" + i, all.get(i));
      }
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(null, managers(store), null);
      Files.createDirectories(folder);
      write("authorities.pem", all);
      write("own-authorities.pem", added);
      context = made;
    } catch (IOException | GeneralSecurityException e) {
      throw new OurFailure("what destinations' certificates are checked with cannot be made in " + folder + ": " + e, e);
    }
  }

  private static TrustManager[] managers(KeyStore trusted) throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  /** Renamed into place: an ffmpeg may be reading it. */
  private void write(String name, List<Certificate> certificates) throws IOException, GeneralSecurityException {
    StringBuilder text = new StringBuilder();
    for (Certificate each : certificates) {
      text.append("-----BEGIN CERTIFICATE-----\n").append(PEM.encodeToString(each.getEncoded()))
          .append("\n-----END CERTIFICATE-----\n");
    }
    Path beside = folder.resolve(name + ".tmp");
    Files.writeString(beside, text, StandardCharsets.US_ASCII);
    Files.move(beside, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }
}
