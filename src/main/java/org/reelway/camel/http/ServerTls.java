package org.reelway.camel.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.impl.KeyStoreHelper;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.reelway.failure.InputFailure;
import org.reelway.settings.ChangingFiles;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;

/** The certificate and key of one HTTP server, in PEM files that may be replaced while it runs. */
public final class ServerTls {
  /** Looks into its key store at each handshake, where the JVM's default takes what is in it once. */
  private static final String KEY_MANAGER = "NewSunX509";

  private static final char[] PASSWORD = "in memory only".toCharArray();

  private final String name;
  private final ChangingFiles<Pair> files;
  /**
   * Has one entry, under another name each time: what the key manager knows of a name it keeps. The one before stays until
   * the next look, or a handshake that has begun would find none.
   */
  private final KeyStore serving;
  private int number;
  private Pair served;

  private record Pair(PrivateKey key, Certificate[] chain) {
    X509Certificate certificate() {
      return (X509Certificate) chain[0];
    }
  }

  private ServerTls(Setting<Path> certificate, Path certificateFile, Path keyFile) {
    this.name = certificate.key();
    this.files =
        new ChangingFiles<>(name, List.of(certificateFile, keyFile), bytes -> pair(certificateFile, keyFile, bytes));
    this.serving = inMemory();
    serve(files.last());
  }

  private static KeyStore inMemory() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void serve(Pair pair) {
    try {
      serving.setKeyEntry("server-" + ++number, pair.key(), PASSWORD, pair.chain());
      served = pair;
    } catch (KeyStoreException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Of a server whose settings name them.
   *
   * @throws InputFailure where they cannot be read, or do not belong together
   */
  public static Optional<ServerTls> of(Settings settings, Setting<Path> certificate, Setting<Path> key) {
    try {
      return settings.get(certificate) == null ? Optional.empty()
          : Optional.of(new ServerTls(certificate, settings.get(certificate), settings.get(key)));
    } catch (InputFailure e) {
      throw new InputFailure(certificate + ": " + e.getMessage(), e);
    }
  }

  private void retireTheOneBefore() {
    try {
      serving.deleteEntry("server-" + (number - 1));
    } catch (KeyStoreException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Pair pair(Path certificateFile, Path keyFile, List<byte[]> bytes) {
    PemKeyCertOptions pem =
        new PemKeyCertOptions().setCertValue(Buffer.buffer(bytes.get(0))).setKeyValue(Buffer.buffer(bytes.get(1)));
    try {
      KeyStore read = pem.loadKeyStore(null);
      String alias = read.aliases().nextElement();
      // Vert.x keeps its password to itself.
      PrivateKey key = ((KeyStore.PrivateKeyEntry) read.getEntry(alias, new KeyStore.PasswordProtection(
          KeyStoreHelper.DUMMY_PASSWORD.toCharArray()))).getPrivateKey();
      Pair pair = new Pair(key, read.getCertificateChain(alias));
      if (!belong(key, pair.certificate())) {
        throw new InputFailure(
            "the key in " + keyFile + " is not that of the certificate in " + certificateFile + "; name two that belong together");
      }
      return pair;
    } catch (InputFailure told) {
      throw told;
    } catch (Exception e) {
      throw new InputFailure(
          certificateFile + " and " + keyFile + " are not a certificate and its key in PEM form (" + e.getMessage()
              + "); the first begins with -----BEGIN CERTIFICATE-----, the second with -----BEGIN PRIVATE KEY-----",
          e);
    }
  }

  private static boolean belong(Key key, X509Certificate certificate) throws GeneralSecurityException {
    String type = key.getAlgorithm();
    Signature signature =
        Signature.getInstance(type.equals("RSA") ? "SHA256withRSA" : type.equals("EC") ? "SHA256withECDSA" : type);
    byte[] any = {1, 2, 3};
    signature.initSign((PrivateKey) key);
    signature.update(any);
    byte[] signed = signature.sign();
    try {
      signature.initVerify(certificate.getPublicKey());
      signature.update(any);
      return signature.verify(signed);
    } catch (GeneralSecurityException otherKind) {
      return false;
    }
  }

  /** For Camel's server, as it begins. */
  SSLContextParameters parameters() {
    KeyStoreParameters store = new KeyStoreParameters() {
      @Override
      public KeyStore createKeyStore() {
        return serving;
      }
    };
    KeyManagersParameters keys = new KeyManagersParameters();
    keys.setKeyStore(store);
    keys.setAlgorithm(KEY_MANAGER);
    keys.setKeyPassword(String.valueOf(PASSWORD));
    SSLContextParameters parameters = new SSLContextParameters();
    parameters.setKeyManagers(keys);
    return parameters;
  }

  /** Has the server show what the files hold now; connections that are there go on. Not for a thread that must not wait. */
  public synchronized void refresh() {
    retireTheOneBefore();
    Pair now = files.now();
    if (now != served) {
      serve(now);
    }
  }

  /** Why its files are not read as they are, or that its certificate is over. */
  public Optional<String> trouble(Clock clock) {
    Instant end = ends();
    return files.trouble().map(found -> name + ": " + found).or(() -> end.isAfter(clock.instant()) ? Optional.empty()
        : Optional.of(name + ": the certificate ended on " + end + "; put a new one, and its key, in its place"));
  }

  /** When its certificate ends. */
  public Instant ends() {
    return files.last().certificate().getNotAfter().toInstant();
  }
}
