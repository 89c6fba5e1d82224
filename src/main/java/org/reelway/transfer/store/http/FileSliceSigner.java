package org.reelway.transfer.store.http;

import java.util.concurrent.CompletableFuture;
import org.reelway.transfer.store.Body;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;

/**
 * The SDK's Signature V4, but for bodies that are slices of files: those are not read for the signature, by http either,
 * where the SDK would insist. Their checksum header is signed, and the store checks the bytes against it.
 */
public final class FileSliceSigner implements AwsV4AuthScheme, AwsV4HttpSigner {
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  @Override
  public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
    return providers.identityProvider(AwsCredentialsIdentity.class);
  }

  @Override
  public String schemeId() {
    return SCHEME_ID;
  }

  @Override
  public AwsV4HttpSigner signer() {
    return this;
  }

  @Override
  public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
    return Handover.current().body() instanceof Body.FileSlice ? signWithoutBody(request) : signer.sign(request);
  }

  private <T extends AwsCredentialsIdentity> SignedRequest signWithoutBody(SignRequest<T> request) {
    SdkHttpRequest asked = request.request();
    // The SDK leaves bodies unsigned by https only. Its Host header leaves the scheme's own port out.
    int port = asked.port() == 80 && asked.protocol().equals("http") ? 443 : asked.port();
    SignedRequest signed =
        signer.sign(
            request.copy(
                copy -> copy
                    .request(asked.copy(as -> as.protocol("https").port(port)))
                    .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                    .putProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, false)));
    return signed.copy(
        copy -> copy.request(signed.request().copy(as -> as.protocol(asked.protocol()).port(asked.port()))));
  }

  @Override
  public CompletableFuture<AsyncSignedRequest> signAsync(AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
    return signer.signAsync(request);
  }
}
