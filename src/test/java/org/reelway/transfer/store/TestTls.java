package org.reelway.transfer.store;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate made by the JDK's keytool; one context that serves with it and one that trusts it. */
record TestTls(SSLContext server, SSLContext client, Path certificate) {

  /** @param name what the certificate is for, for instance {@code ip:127.0.0.1} or {@code dns:store.example} */
  static TestTls make(Path folder, String name) throws Exception {
    Path keys = folder.resolve("keys-" + name.replaceAll("\\W", "-") + ".p12");
    Path certificate = folder.resolve(keys.getFileName() + ".pem");
    String store = keys.toString();
    keytool("-genkeypair", "-alias", "store", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=store", "-ext",
        "san=" + name, "-validity", "2", "-storetype", "PKCS12", "-keystore", store, "-storepass", "changeit");
    keytool("-exportcert", "-rfc", "-alias", "store", "-file", certificate.toString(), "-keystore", store,
        "-storepass", "changeit");
    return new TestTls(serving(keys), trusting(keys), certificate);
  }

  private static void keytool(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IllegalStateException("keytool: " + output);
    }
  }

  static SSLContext serving(Path keys) throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(load(keys), "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  static SSLContext trusting(Path keys) throws Exception {
    KeyStore own = load(keys);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("store", own.getCertificate("store"));
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private static KeyStore load(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, "changeit".toCharArray());
    }
    return store;
  }
}
