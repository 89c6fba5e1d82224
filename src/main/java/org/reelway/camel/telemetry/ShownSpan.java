package org.reelway.camel.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A span as it may leave the machine: parameters and credentials of endpoints' addresses can be secrets, and are left out. Spans
 * that Camel calls by their component only are called by what they do, too.
 */
final class ShownSpan extends DelegatingSpanData {
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  private static final AttributeKey<String> COMPONENT = AttributeKey.stringKey("component");
  private static final Set<String> ADDRESSES = Set.of("camel.uri", "http.url", "url.path", "server.address");
  private static final String QUERY = "url.query";
  private static final Pattern PARAMETERS = Pattern.compile("[?#].*", Pattern.DOTALL);
  private static final Pattern CREDENTIALS = Pattern.compile("[^/@\\s]*:[^/@\\s]*@");

  private final String name;
  private final Attributes attributes;

  ShownSpan(SpanData span) {
    super(span);
    attributes = shown(span.getAttributes());
    String path = attributes.get(PATH);
    boolean isComponent = ("camel-" + span.getName()).equals(attributes.get(COMPONENT));
    name = isComponent && path != null ? span.getName() + " " + path : span.getName();
  }

  private static Attributes shown(Attributes all) {
    AttributesBuilder shown = all.toBuilder().remove(AttributeKey.stringKey(QUERY));
    for (String address : ADDRESSES) {
      AttributeKey<String> key = AttributeKey.stringKey(address);
      String value = all.get(key);
      if (value != null) {
        shown.put(key, CREDENTIALS.matcher(PARAMETERS.matcher(value).replaceAll("")).replaceAll("*****@"));
      }
    }
    return shown.build();
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }
}
