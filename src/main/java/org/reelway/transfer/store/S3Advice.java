package org.reelway.transfer.store;

import java.util.Set;
import java.util.stream.Collectors;

/** Which setting to change when a store refuses what an object is to carry. */
final class S3Advice {
  private S3Advice() {}

  /** Further rights that the call needs; empty where it asks for nothing special. */
  static String rights(S3Call call, StoreAddress address) {
    Set<String> asked = call.askedBy();
    String rights =
        (asked.contains("tags") ? ", s3:PutObjectTagging for " + address.setting("tags") : "")
            + (asked.contains("acl") ? ", s3:PutObjectAcl for " + address.setting("acl") : "")
            + (asked.contains("acl-grantee") ? ", s3:PutObjectAcl for " + address.setting("acl-grantee") : "")
            + (asked.contains("encryption")
                ? ", and for " + address.setting("encryption") + "=kms kms:GenerateDataKey and kms:Decrypt on its key"
                : "");
    return rights.isEmpty() ? "" : "; also needed" + rights.replaceFirst("^,( and)?", "");
  }

  /** @return empty where the refusal is not about what the object carries */
  static String ofAttributes(S3Call call, StoreAddress address, String code, int status) {
    return switch (code) {
      case "AccessControlListNotSupported" ->
          "; the bucket takes no ACLs, its policy says who may read: remove " + address.setting("acl") + ", "
              + address.setting("acl-grantee") + " and " + address.setting("acl-permission");
      case "InvalidStorageClass" -> "; correct " + address.setting("storage-class") + " to one that the store has";
      case "InvalidTag" -> "; correct " + address.setting("tags");
      case "MetadataTooLarge" -> "; shorten " + address.setting("metadata");
      case "InvalidEncryptionAlgorithmError", "InvalidEncryptionAlgorithm", "ServerSideEncryptionNotSupported" ->
          "; correct " + address.setting("encryption");
      default -> isAboutKeys(code) ? keys(address) : unclear(call, address, status);
    };
  }

  private static boolean isAboutKeys(String code) {
    return code.startsWith("KMS.") || code.startsWith("XMinioKMS");
  }

  private static String keys(StoreAddress address) {
    return "; the key cannot be used: correct " + address.setting("kms-key") + ", enable the key, or allow these"
        + " credentials kms:GenerateDataKey and kms:Decrypt on it";
  }

  /** Stores answer a header that they do not know with many a code. */
  private static String unclear(S3Call call, StoreAddress address, int status) {
    if (status != 400 && status != 501) {
      return "";
    }
    if (call.method().equals("HEAD")) {
      String expired = "; the answer to a HEAD cannot say why: an expired session token is one reason";
      return call.key() == null ? expired : expired + customerKey(address);
    }
    return call.askedBy().isEmpty()
        ? ""
        : "; the object was to carry what "
            + call.askedBy().stream().map(address::setting).collect(Collectors.joining(", "))
            + (call.askedBy().size() == 1 ? " asks" : " ask") + " for: correct what the store does not take";
  }

  private static String customerKey(StoreAddress address) {
    return "; another is an object that was encrypted with a customer key, which can be looked at with that key only: set "
        + address.setting("encryption") + " and " + address.setting("customer-key") + ", or use another "
        + address.setting("prefix");
  }
}
