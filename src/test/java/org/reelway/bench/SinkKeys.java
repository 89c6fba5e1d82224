package org.reelway.bench;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for 127.0.0.1 that is its own authority.
 *
 * @param keys with the private key, for the sink
 * @param certificate PEM, for clients that take a file
 * @param trusted a keystore with the certificate only, for Java
 */
record SinkKeys(Path keys, Path certificate, Path trusted) {
  static final String PASSWORD = "changeit";

  static SinkKeys make(Path folder) throws Exception {
    SinkKeys made =
        new SinkKeys(folder.resolve("keys.p12"), folder.resolve("ca.pem"), folder.resolve("trusted.p12"));
    keytool("-genkeypair", "-alias", "sink", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=sink", "-ext",
        "san=ip:127.0.0.1", "-ext", "bc=ca:true", "-validity", "2", "-keystore", made.keys.toString());
    keytool("-exportcert", "-rfc", "-alias", "sink", "-file", made.certificate.toString(), "-keystore",
        made.keys.toString());
    keytool("-importcert", "-noprompt", "-alias", "sink", "-file", made.certificate.toString(), "-keystore",
        made.trusted.toString());
    return made;
  }

  private static void keytool(String... arguments) throws Exception {
    java.util.List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(java.util.List.of(arguments));
    command.addAll(java.util.List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IllegalStateException("keytool: " + output);
    }
  }

  static SSLContext serving(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
