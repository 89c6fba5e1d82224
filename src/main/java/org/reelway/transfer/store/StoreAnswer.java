package org.reelway.transfer.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reelway.transfer.store.http.HttpAnswer;

/** Whatever a store answered to a {@link Question}: a refusal is an answer too. */
public final class StoreAnswer {
  private final HttpAnswer http;
  private final String code;
  /** Null where the body is no XML. */
  private final XmlElement document;

  StoreAnswer(HttpAnswer http, byte[] body) {
    this.http = http;
    this.document = parsed(body);
    boolean error = document != null && document.name().equals("Error") || !succeeded(http.status());
    this.code = error ? S3Failures.clean(S3Failures.code(http, body)) : null;
  }

  private static XmlElement parsed(byte[] body) {
    try {
      return S3Xml.parse(body);
    } catch (IOException none) {
      return null;
    }
  }

  private static boolean succeeded(int status) {
    return status >= 200 && status < 300;
  }

  public int status() {
    return http.status();
  }

  /** S3's error code, also one in the body of a 200; made from the status where the store names none; else empty. */
  public Optional<String> code() {
    return Optional.ofNullable(code);
  }

  public boolean isSuccess() {
    return code == null;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(http.header(name)).map(String::strip).filter(value -> !value.isEmpty());
  }

  /** The name of the answer's document; empty where it has none. */
  public Optional<String> documentName() {
    return Optional.ofNullable(document).map(XmlElement::name);
  }

  /** The text of the first element of that name, at any depth. */
  public Optional<String> text(String element) {
    return Optional.ofNullable(document).map(root -> root.find(element)).map(XmlElement::text);
  }

  /** The child's text in each of the document's elements of that name, in order; empty text where it has none. */
  public List<String> texts(String element, String child) {
    List<String> texts = new ArrayList<>();
    if (document != null) {
      document.children(element).forEach(one -> texts.add(Optional.ofNullable(one.child(child)).orElse("")));
    }
    return List.copyOf(texts);
  }
}
