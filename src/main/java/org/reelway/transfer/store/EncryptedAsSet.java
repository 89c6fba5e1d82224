package org.reelway.transfer.store;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** Objects of routes are encrypted as the settings say, too. A call that says how itself is left as it is. */
final class EncryptedAsSet implements ExecutionInterceptor {
  private final Encryption encryption;

  EncryptedAsSet(Encryption encryption) {
    this.encryption = encryption;
  }

  @Override
  public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    SdkHttpRequest request = context.httpRequest();
    Map<String, String> headers = headers(context.request());
    // Those that a call brings itself are put into the request after this.
    Set<String> own =
        context.request().overrideConfiguration().map(call -> call.headers().keySet()).orElse(Set.of());
    boolean says =
        Stream.concat(own.stream(), request.headers().keySet().stream())
            .anyMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("x-amz-server-side-encryption"));
    return headers.isEmpty() || says ? request : request.copy(with -> headers.forEach(with::putHeader));
  }

  private Map<String, String> headers(SdkRequest request) {
    if (request instanceof PutObjectRequest
        || request instanceof CreateMultipartUploadRequest
        || request instanceof CopyObjectRequest) {
      return encryption.whenWriting();
    }
    return request instanceof GetObjectRequest || request instanceof UploadPartRequest ? encryption.whenUsing() : Map.of();
  }
}
