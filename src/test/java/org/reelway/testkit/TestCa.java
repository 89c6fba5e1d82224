package org.reelway.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority of a test's own, made by the JDK's keytool. */
public final class TestCa {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final String name;

  private TestCa(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** @param name its common name, also of its files */
  public static TestCa make(Path folder, String name) {
    TestCa ca = new TestCa(folder, name);
    ca.keytool("-genkeypair", "-alias", "ca", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=" + name, "-ext",
        "bc:c", "-validity", "2", "-storetype", "PKCS12", "-keystore", ca.keys(), "-storepass", PASSWORD);
    ca.keytool("-exportcert", "-rfc", "-alias", "ca", "-file", ca.certificate().toString(), "-keystore", ca.keys(),
        "-storepass", PASSWORD);
    return ca;
  }

  private String keys() {
    return folder.resolve(name + ".p12").toString();
  }

  /** Its own certificate, in PEM form. */
  public Path certificate() {
    return folder.resolve(name + ".pem");
  }

  /**
   * What a server with a certificate of this authority needs.
   *
   * @param san such as {@code ip:127.0.0.1} or {@code dns:store.example}
   */
  public SSLContext issue(String san) {
    return serving(Path.of(leaf(san) + ".p12"));
  }

  /** The certificate with its authority's in one PEM file, and its key in another. */
  public record Pem(Path certificate, Path key) {}

  /** As {@link #issue}, for servers that read PEM files. */
  public Pem pem(String san) {
    String leaf = leaf(san);
    try {
      KeyStore store = read(Path.of(leaf + ".p12"));
      String body = Base64.getMimeEncoder(64, new byte[] {'\n'})
          .encodeToString(store.getKey("store", PASSWORD.toCharArray()).getEncoded());
      Path key = Files.writeString(
          Path.of(leaf + ".key"), "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
      Path chain = Files.writeString(
          Path.of(leaf + "-chain.pem"), Files.readString(Path.of(leaf + ".pem")) + Files.readString(certificate()));
      return new Pem(chain, key);
    } catch (IOException | java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private String leaf(String san) {
    String leaf = folder.resolve(name + "-" + san.replaceAll("\\W", "-")).toString();
    keytool("-genkeypair", "-alias", "store", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=store", "-validity",
        "2", "-storetype", "PKCS12", "-keystore", leaf + ".p12", "-storepass", PASSWORD);
    keytool("-certreq", "-alias", "store", "-keystore", leaf + ".p12", "-storepass", PASSWORD, "-file", leaf + ".csr");
    keytool("-gencert", "-alias", "ca", "-keystore", keys(), "-storepass", PASSWORD, "-infile", leaf + ".csr",
        "-outfile", leaf + ".pem", "-rfc", "-validity", "2", "-ext", "san=" + san);
    keytool("-importcert", "-noprompt", "-alias", "ca", "-file", certificate().toString(), "-keystore", leaf + ".p12",
        "-storepass", PASSWORD);
    keytool("-importcert", "-alias", "store", "-file", leaf + ".pem", "-keystore", leaf + ".p12", "-storepass",
        PASSWORD);
    return leaf;
  }

  private static KeyStore read(Path keys) throws IOException, java.security.GeneralSecurityException {
    try (InputStream in = Files.newInputStream(keys)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    }
  }

  private static SSLContext serving(Path keys) {
    try {
      KeyStore store = read(keys);
      KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return context;
    } catch (IOException | java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void keytool(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    // It lives for half a second.
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool: " + output);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
