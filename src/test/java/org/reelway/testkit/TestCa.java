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
    keytool(
        List.of("-genkeypair", "-alias", "ca", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=" + name, "-ext",
            "bc:c", "-validity", "2", "-storetype", "PKCS12", "-keystore", ca.keys()),
        List.of("-exportcert", "-rfc", "-alias", "ca", "-file", ca.certificate().toString(), "-keystore", ca.keys()));
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
    String keys = leaf + ".p12";
    keytool(
        List.of("-genkeypair", "-alias", "store", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=store", "-validity",
            "2", "-storetype", "PKCS12", "-keystore", keys),
        List.of("-certreq", "-alias", "store", "-keystore", keys, "-file", leaf + ".csr"),
        List.of("-gencert", "-alias", "ca", "-keystore", keys(), "-infile", leaf + ".csr", "-outfile", leaf + ".pem", "-rfc",
            "-validity", "2", "-ext", "san=" + san),
        List.of("-importcert", "-noprompt", "-alias", "ca", "-file", certificate().toString(), "-keystore", keys),
        List.of("-importcert", "-alias", "store", "-file", leaf + ".pem", "-keystore", keys));
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

  @SafeVarargs
  private static void keytool(List<String>... runs) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
        "--add-exports", "java.base/" + KeytoolRuns.PACKAGE + "=ALL-UNNAMED", "-cp",
        TestCa.class.getProtectionDomain().getCodeSource().getLocation().getPath(), KeytoolRuns.class.getName()));
    for (List<String> run : runs) {
      command.addAll(run);
      command.addAll(List.of("-storepass", PASSWORD, KeytoolRuns.NEXT));
    }
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
