package org.reelway.app;

import picocli.CommandLine.IVersionProvider;

/** The program's version and the Java that runs it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "reelway " + (version == null ? "(not packaged)" : version) + ", Java " + Runtime.version().feature()
    };
  }
}
