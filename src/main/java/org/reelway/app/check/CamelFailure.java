package org.reelway.app.check;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.bean.MethodNotFoundException;
import org.apache.camel.component.kamelet.FailedToCreateKameletException;
import org.apache.camel.impl.DefaultCamelContext;
import org.reelway.failure.Failure;
import org.reelway.settings.MessageText;

/** What Camel threw while it built a route: in an operator's words, and the text in the file that caused it. */
final class CamelFailure {
  private static final Pattern AT = Pattern.compile("at: >>> (.*) <<< in route: ", Pattern.DOTALL);
  private static final Pattern SOURCE = Pattern.compile("\\(source: ([^)]*)\\)");
  private static final Pattern UNKNOWN_OPTIONS = Pattern.compile("Unknown parameters=\\[\\{(.*?)=.*}]");

  private static final Pattern DATA_FORMAT = Pattern.compile("Data format '([^']+)' could not be created");
  private static final String VERSION = new DefaultCamelContext(false).getVersion();

  private final List<Throwable> causes;

  CamelFailure(Throwable thrown) {
    this.causes = Stream.iterate(thrown, t -> t != null, Throwable::getCause).limit(50).toList();
  }

  /** What is told of it. */
  record Told(String message, String fix) {}

  /** Id of the route that could not be built: the innermost, as a kamelet's own route is built for another one. */
  Optional<String> routeId() {
    return last(FailedToCreateRouteException.class).map(FailedToCreateRouteException::getRouteId);
  }

  /** Id of the kamelet that could not be built. */
  Optional<String> kamelet() {
    return last(FailedToCreateKameletException.class).map(FailedToCreateKameletException::getTemplateId);
  }

  /** Camel's own notation of the outermost step that could not be built. */
  Optional<String> step() {
    return last(FailedToCreateRouteException.class).map(Throwable::getMessage).map(AT::matcher).filter(Matcher::find)
        .map(m -> m.group(1));
  }

  /** Why a host did not answer, where some endpoint asks one when it is made, as those of AWS do. */
  Optional<String> awayHost() {
    return Stream.of(ConnectException.class, UnknownHostException.class, NoRouteToHostException.class, SocketTimeoutException.class)
        .flatMap(type -> last(type).stream()).map(e -> e.getMessage() == null ? e.toString() : oneLine(e.getMessage())).findFirst();
  }

  /** Whether a key or a text of the file is the cause. */
  boolean isCause(YamlTree tree) {
    Optional<String> option = option();
    if (option.isPresent()) {
      return tree.name().equals(option.get()) || tree.text().contains(option.get() + "=");
    }
    String text = tree.text();
    return !text.isEmpty() && (last(ExpressionIllegalSyntaxException.class).stream()
        .anyMatch(e -> text.equals(e.getExpression()))
        || last(MethodNotFoundException.class).stream().anyMatch(e -> text.equals(e.getMethodName()))
        || last(NoSuchBeanException.class).stream().anyMatch(e -> names(text, e.getName()))
        || uri().stream().anyMatch(uri -> endpoint(text).equals(endpoint(uri)))
        || last(ClassNotFoundException.class).stream().anyMatch(e -> text.equals(e.getMessage())))
        || last(NoSuchLanguageException.class).stream().anyMatch(e -> tree.name().equals(e.getLanguage()));
  }

  private static boolean names(String text, String bean) {
    return text.replaceFirst("^(#bean:|#|bean:)", "").replaceFirst("\\?.*", "").equals(bean.replaceFirst("^#", ""));
  }

  private static String endpoint(String uri) {
    return uri.replaceFirst("\\?.*", "").replaceFirst("^([\\w-]+):(//)?", "$1:");
  }

  private Optional<String> uri() {
    return last(NoSuchEndpointException.class).map(NoSuchEndpointException::getUri)
        .or(() -> last(ResolveEndpointFailedException.class).map(ResolveEndpointFailedException::getUri));
  }

  private Optional<String> option() {
    return last(ResolveEndpointFailedException.class).map(Throwable::getMessage).map(UNKNOWN_OPTIONS::matcher)
        .filter(Matcher::find).map(m -> m.group(1))
        .or(() -> last(PropertyBindingException.class).map(PropertyBindingException::getPropertyName));
  }

  /**
   * @param options names of the options of a component
   */
  Told told(Function<String, List<String>> options) {
    return last(NoSuchEndpointException.class).map(e -> noComponent(scheme(e.getUri())))
        .or(() -> toldOption(options))
        .or(() -> last(NoSuchBeanException.class).map(e ->
        new Told("there is no bean '" + e.getName().replaceFirst("^#", "") + "'",
            "correct the name, or declare the bean under '- beans:'")))
        .or(() -> last(MethodNotFoundException.class).map(e -> new Told("the bean has no method '" + e.getMethodName()
            + "'", "correct the name")))
        .or(() -> last(NoSuchLanguageException.class).map(e -> missing("language", "expression language", e.getLanguage())))
        .or(() -> dataFormat().map(name -> missing("dataformat", "data format", name)))
        .or(() -> last(ClassNotFoundException.class).map(e -> new Told("there is no class " + e.getMessage(),
            "correct the name, or add its jar to the class path")))
        .or(() -> last(ExpressionIllegalSyntaxException.class).map(e -> new Told("the expression is wrong: "
            + oneLine(e.getMessage()), "correct the expression")))
        .orElseGet(this::toldAsIs);
  }

  private Optional<String> dataFormat() {
    return Optional.ofNullable(root().getMessage()).map(DATA_FORMAT::matcher).filter(Matcher::find).map(found -> found.group(1));
  }

  static Told noComponent(String scheme) {
    return missing("component", "component", scheme);
  }

  private static Told missing(String kind, String words, String name) {
    CamelJars jars = new CamelJars();
    Optional<String> near = jars.near(kind, name).filter(other -> !other.equals(name));
    return jars.of(kind, name)
        .map(jar -> new Told(
            "the " + words + " '" + name + "' is not there",
            "put " + jar + "-" + VERSION + ".jar, and the jars that it needs, into lib/ (docs/routes.md)"))
        .orElseGet(() -> new Told(
            "there is no " + words + " '" + name + "'" + near.map(other -> ": did you mean '" + other + "'?").orElse(""),
            "correct '" + name + "', or put the jar that has it into lib/ (docs/routes.md)"));
  }

  static Told noOption(String scheme, String name, Optional<String> near) {
    return new Told(
        scheme + " has no option '" + name + "'" + near.map(other -> ": did you mean '" + other + "'?").orElse(""),
        near.map(other -> "write '" + other + "', or remove it").orElse("remove it"));
  }

  /** Of a route that was built and could not be started, or of a source, whose route Camel does not name. */
  Optional<String> toldOfStart() {
    String why = oneLine(root().getMessage() == null ? root().toString() : root().getMessage());
    return last(FailedToStartRouteException.class).map(e -> "the route " + e.getRouteId() + source(e) + " cannot start: " + why)
        .or(() -> last(RuntimeCamelException.class)
            .filter(e -> root() instanceof IOException && causes.stream().noneMatch(Failure.class::isInstance))
            .map(e -> "a source of the routes cannot start: " + why));
  }

  private static String source(FailedToStartRouteException e) {
    Matcher source = SOURCE.matcher(e.getMessage());
    return source.find() ? " (" + source.group(1) + ")" : "";
  }

  private Told toldAsIs() {
    String message = root().getMessage() == null ? root().toString() : root().getMessage();
    // So Camel speaks of a filter, split, setBody … without one; the schema allows that.
    return message.equals("Unsupported definition: null")
        ? new Told("the step has no expression", "add 'expression:'")
        : new Told("Camel cannot build it: " + oneLine(message), "correct this step");
  }

  private Optional<Told> toldOption(Function<String, List<String>> options) {
    return option().map(name -> {
      String scheme = uri().map(CamelFailure::scheme).orElse("the endpoint");
      Optional<PropertyBindingException> binding = last(PropertyBindingException.class);
      if (binding.isPresent()) {
        return new Told("the value of option '" + name + "' of " + scheme + " is not allowed: "
            + oneLine(String.valueOf(root().getMessage())), "correct the value");
      }
      return noOption(scheme, name, MessageText.near(name, options.apply(scheme)));
    });
  }

  private static String scheme(String uri) {
    return uri.replaceFirst(":.*", "");
  }

  /** Pictures with a caret under an expression lose their sense in one line: what is before them is kept. */
  private static String oneLine(String text) {
    String first = text.strip().split("\\R", 2)[0].strip();
    return first.length() <= 300 ? first : first.substring(0, 300) + "…";
  }

  private Throwable root() {
    return causes.get(causes.size() - 1);
  }

  private <T extends Throwable> Optional<T> last(Class<T> type) {
    return causes.stream().filter(type::isInstance).map(type::cast).reduce((a, b) -> b);
  }
}
