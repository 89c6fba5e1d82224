package org.reelway.settings.evostream;

/** AmazonHLSUpload, AmazonHDSUpload and AmazonDASHUpload: live chunks and playlists go to a bucket. */
final class AmazonSteps implements Plugin.Step {
  private static final String BUCKET = "reelway.store.bucket";
  private static final String ACCESS_KEY = "reelway.store.access-key";
  private static final String SECRET_KEY = "reelway.store.secret-key";
  private static final String ACL = "reelway.store.acl";
  private static final String[] PROFILES = {"reelway.store.profile", "reelway.store.profile-file"};

  @Override
  public void apply(Block block, Derivation to) {
    to.needed(block, "default_bucket", BUCKET).ifPresent(bucket -> to.set(BUCKET, bucket));
    if (!to.own(PROFILES)) {
      to.needed(block, "aws_access_key", ACCESS_KEY).ifPresent(key -> to.set(ACCESS_KEY, key));
      to.needed(block, "aws_secret_key", SECRET_KEY).ifPresent(key -> to.set(SECRET_KEY, key));
    }
    bootstrap(block, to);
    if (!to.own("reelway.store.acl-grantee", "reelway.store.acl-permission")) {
      to.set(ACL, new Value(block.place(), "public-read"));
    }
  }

  private static void bootstrap(Block block, Derivation to) {
    if (block.has("bootstrap")) {
      to.needed(block, "bootstrap", "reelway.live.hds-bootstrap")
          .ifPresent(name -> to.set("reelway.live.hds-bootstrap", name));
    }
  }
}
