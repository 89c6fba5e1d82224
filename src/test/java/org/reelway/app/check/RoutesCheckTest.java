package org.reelway.app.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.log.LogEndpoint;
import org.apache.camel.support.DefaultComponent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.failure.OurFailure;

class RoutesCheckTest {
  /** A route with an id and a description; the rows put one more step into it, from line 8 on. */
  private static final String ROUTE = """
      - route:
          id: a
          description: A route.
          from:
            id: in
            uri: direct:a
            steps:
      """;

  private static final String GREET = """
      apiVersion: camel.apache.org/v1
      kind: Kamelet
      metadata:
        name: greet
      spec:
        definition:
          title: Greet
          required: [name]
          properties:
            name: {title: Name, type: string}
            loud: {title: Loud, type: boolean, default: false}
        template:
          from:
            uri: kamelet:source
            steps:
              - setBody:
                  id: greeting
                  expression:
                    simple:
                      expression: "hello {{name}}"
              - to:
                  id: out
                  uri: kamelet:sink
      """;

  private static final String GOOD = """
      - routeConfiguration:
          errorHandler:
            deadLetterChannel:
              deadLetterUri: direct:dead
      - route:
          id: ticks
          description: Greets now and then; {{braces}} in prose are prose.
          precondition: "{{reelway.on:true}}"
          from:
            id: tick
            uri: quartz:tick
            parameters:
              cron: "0 0 * * * ?"
            steps:
              - to:
                  id: greet
                  uri: kamelet:greet
                  parameters:
                    name: "{{reelway.name}}"
                    loud: "{{?reelway.loud}}"
              - to:
                  id: greet-again
                  uri: "kamelet:greet/again?name=RAW(a&b)&loud=true"
              - choice:
                  id: which
                  when:
                    - id: loud
                      expression:
                        simple:
                          expression: "${body} contains 'Ann'"
                      steps:
                        - to:
                            id: onward
                            uri: direct
                            parameters:
                              name: onward
                  otherwise:
                    id: quiet
                    steps:
                      - stop:
                          id: enough
      - route:
          id: onward-route
          description: Logs.
          from:
            id: onward-in
            uri: direct:onward
            steps:
              - log:
                  id: say
                  message: "${body}"
      - route:
          id: dead
          description: What failed for good.
          from:
            id: dead-in
            uri: direct:dead
            steps:
              - to:
                  id: tell
                  uri: log:dead
                  parameters:
                    level: WARN
      """;

  private static final Map<String, String> SETTINGS =
      Map.of("reelway.name", "Ann", "reelway.store.secret-key", "s3cr3t");

  private static final List<String> DESTINATIONS = List.of("backup", "vip");

  @TempDir Path folder;
  private Path routes;
  private Path kamelets;

  @BeforeEach
  void folders() throws IOException {
    routes = Files.createDirectory(folder.resolve("routes"));
    kamelets = Files.createDirectory(folder.resolve("kamelets"));
  }

  /** A bean of routes. */
  public static final class Things {
    public List<String> all() {
      return List.of();
    }

    public String one() {
      return "";
    }
  }

  /** What is written, and what is then told. */
  record Row(String name, Map<String, String> files, List<String> told) {
    Row(String name, Map<String, String> files) {
      this(name, files, List.of());
    }

    static Row of(String name, String text) {
      return new Row(name, Map.of("routes/a.camel.yaml", text));
    }

    /** A step in {@link #ROUTE}; its first line is line 8 of the file. */
    static Row step(String name, String step) {
      return of(name, ROUTE + step.indent(8));
    }

    /** Severity and text of each problem, in order. */
    Row tells(String... problems) {
      return new Row(name, files, List.of(problems));
    }

    Row and(String file, String text) {
      Map<String, String> all = new TreeMap<>(files);
      all.put(file, text);
      return new Row(name, all, told);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Row> broken() {
    return Stream.of(
        new Row("an empty folder", Map.of())
            .tells(
                "ERROR routes: holds no route: no file is named *.camel.yaml; fix: put routes there, or set the "
                    + "folder that holds them"),
        new Row("files with other endings", Map.of("routes/a.yml", "[]", "routes/b.yaml", "[]",
            "kamelets/k.yaml", "{}"))
            .tells(
                "WARNING kamelets/k.yaml: is not read: its name does not end in .kamelet.yaml; fix: name it "
                    + "k.kamelet.yaml",
                "ERROR routes: holds no route: no file is named *.camel.yaml; fix: put routes there, or set the "
                    + "folder that holds them",
                "WARNING routes/a.yml: is not read: its name does not end in .camel.yaml; fix: name it "
                    + "a.camel.yaml",
                "WARNING routes/b.yaml: is not read: its name does not end in .camel.yaml; fix: name it "
                    + "b.camel.yaml"),
        Row.of("wrong schedules", """
            - route:
                id: a
                description: A route.
                from:
                  id: in
                  uri: quartz:a
                  parameters:
                    cron: "0 0 25 * * ?"
                  steps:
                    - stop: {id: s}
            - route:
                id: b
                description: A route.
                from:
                  id: in-b
                  uri: "quartz:b?cron=0+0+*+*+*"
                  steps:
                    - stop: {id: s-b}
            """)
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node in: the cron expression '0 0 25 * * ?' is wrong: Hour values must be between 0 and 23;"
                    + " fix: write seconds, minutes, hours, day of month, month and day of week, such as '0 30 2 * * ?'",
                "ERROR routes/a.camel.yaml:16: route b, node in-b: the cron expression '0 0 * * *' is wrong: Unexpected end of expression.;"
                    + " fix: write seconds, minutes, hours, day of month, month and day of week, such as '0 30 2 * * ?'"),
        Row.of("wrong calls of an API", """
            - restConfiguration: {component: platform-http, bindingMode: json}
            - rest:
                id: api
                get:
                  - id: all
                    routeId: all
                    path: /things
                    description: All.
                    to: {id: list-all, uri: "bean:things?method=al"}
                  - routeId: no-class
                    path: /things/{id}
                    description: One.
                    outType: org.example.Nothing
                    to: {id: list-one, uri: "bean:things?method=one"}
                post:
                  - id: nameless
                    path: /things
                    to: {id: add, uri: "bean:thigns?method=one"}
            """)
            .tells(
                "ERROR routes/a.camel.yaml:9: route all, node list-all: the bean 'things' has no method 'al': did you mean"
                    + " 'all'?; fix: use one of all, one",
                "ERROR routes/a.camel.yaml:13: route no-class: there is no class org.example.Nothing; fix: correct the name, or"
                    + " add its jar to the class path",
                "WARNING routes/a.camel.yaml:16: the route has no description; fix: add 'description:'",
                "WARNING routes/a.camel.yaml:16: the route has no routeId; fix: add 'routeId:'",
                "ERROR routes/a.camel.yaml:18: node add: there is no bean 'thigns'; fix: correct the name, or declare the bean"
                    + " under '- beans:'"),
        Row.of("one call of an API twice", """
            - restConfiguration: {component: platform-http}
            - rest:
                id: api
                get:
                  - {id: a, routeId: a, path: "/things/{id}", description: A., to: {id: to-a, uri: "bean:things?method=one"}}
                  - {id: b, routeId: b, path: "/things/{name}", description: B., to: {id: to-b, uri: "bean:things?method=one"}}
            """)
            .and("routes/b.camel.yaml", ROUTE.replace("uri: direct:a",
                "uri: platform-http:/things/{thing}\n      parameters: {httpMethodRestrict: \"POST,GET\"}")
                + "        - stop: {id: s}\n")
            .tells(
                "ERROR routes/a.camel.yaml:6: route b, node to-b: GET /things/{name} is answered by routes/a.camel.yaml:5 already;"
                    + " fix: give one of them another path",
                "ERROR routes/b.camel.yaml:2: route a: route id 'a' is already that of routes/a.camel.yaml:5; fix: give one of"
                    + " them another id",
                "ERROR routes/b.camel.yaml:6: route a, node in: GET /things/{thing} is answered by routes/a.camel.yaml:5 already;"
                    + " fix: give one of them another path"),
        Row.of("an empty file", "# nothing\n")
            .tells(
                "ERROR routes/a.camel.yaml: is empty; fix: write a route, or remove the file"),
        Row.of("not a list", "route:\n  id: a\n")
            .tells(
                "ERROR routes/a.camel.yaml:1: is not a list; fix: begin with '- route:'"),
        Row.of("a tab", "- route:\n\tid: a\n")
            .tells(
                "ERROR routes/a.camel.yaml:2: is not YAML (column 1): found character '\\t(TAB)' that cannot "
                    + "start any token. (Do not use \\t(TAB) for indentation); fix: indent with spaces, not with "
                    + "tabs"),
        Row.of("an unclosed quote", "- route:\n    id: \"a\n")
            .tells(
                "ERROR routes/a.camel.yaml:3: is not YAML (column 1): found unexpected end of stream; fix: "
                    + "correct the indentation, quotes or colons there"),
        Row.of("a key given twice", ROUTE.replace("id: in", "id: in\n      id: too") + "        - stop: {id: s}\n")
            .tells(
                "ERROR routes/a.camel.yaml:6: route a, node in: key 'id' is given twice, first in line 5; fix: "
                    + "remove one of them"),
        Row.of("an unknown entry", "- rote:\n    id: a\n")
            .tells(
                "ERROR routes/a.camel.yaml:1: route a: unknown entry 'rote': did you mean 'route'?; fix: write "
                    + "'route', or remove it"),
        Row.of("a misspelt property of a route", ROUTE.replace("description:", "descripton:")
            + "        - stop: {id: s}\n")
            .tells(
                "WARNING routes/a.camel.yaml:1: route a: the route has no description; fix: add 'description:'",
                "ERROR routes/a.camel.yaml:3: route a: unknown property 'descripton' of route: did you mean "
                    + "'description'?; fix: write 'description', or remove it"),
        Row.of("no id and no description", "- route:\n    from:\n      id: in\n      uri: direct:a\n      steps:\n"
            + "        - log:\n            message: x\n")
            .tells(
                "WARNING routes/a.camel.yaml:1: the route has no description; fix: add 'description:'",
                "WARNING routes/a.camel.yaml:1: the route has no id; fix: add 'id:'",
                "WARNING routes/a.camel.yaml:6: node log: 'log' has no id; fix: add 'id:'"),
        Row.of("no from", "- route:\n    id: a\n    description: d\n")
            .tells(
                "ERROR routes/a.camel.yaml:1: route a: route has no 'from'; fix: add 'from:'"),
        Row.of("a number for a text", ROUTE.replace("id: a", "id: 5") + "        - stop: {id: s}\n")
            .tells(
                "ERROR routes/a.camel.yaml:2: route 5: id is '5', not text; fix: put it in quotes"),
        Row.of("a value that is not allowed", ROUTE.replace("from:", "shutdownRoute: Later\n    from:")
            + "        - stop: {id: s}\n")
            .tells(
                "ERROR routes/a.camel.yaml:4: route a: 'Later' is no value of shutdownRoute; fix: use one of "
                    + "Default, Defer"),
        Row.of("from alone", "- from:\n    id: in\n    uri: direct:a\n    steps:\n      - stop: {id: s}\n")
            .tells(
                "WARNING routes/a.camel.yaml:1: node in: not canonical: a route is given by 'from' alone; fix: "
                    + "write '- route:' with an id and a description, and 'from:' in it"),
        Row.step("an unknown step", "- setBdy:\n    id: s\n")
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node s: unknown step 'setBdy': did you mean 'setBody'?; "
                    + "fix: write 'setBody', or remove it"),
        Row.step("a step without a name", "-\n    id: s\n    uri: log:x\n")
            .tells(
                "ERROR routes/a.camel.yaml:9: route a, node id: 'id' stands where a step's name belongs; fix: write the "
                    + "step's name there, such as '- to:', and indent what is its own below it"),
        Row.step("a step whose members are not indented", "- to:\n  id: s\n  uri: log:x\n")
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node to: to is nothing, not text or a map; fix: indent what belongs to "
                    + "it further than 'to:'"),
        Row.step("a member beside a step in its short form", "- to: log:x\n  id: s\n")
            .tells(
                "WARNING routes/a.camel.yaml:8: route a, node to: not canonical: 'to' is given as text; fix: write 'to:' as a "
                    + "map with an id",
                "ERROR routes/a.camel.yaml:9: route a, node id: 'id' stands beside 'to'; fix: indent it further than 'to:', "
                    + "if it belongs to that step"),
        Row.step("a condition with && behind ||", "- filter:\n    id: s\n    expression:\n      simple:\n        expression: "
            + "\"${body} == 'a' || ${body} == 'b' && ${header.c} == 'd'\"\n    steps:\n      - stop: {id: t}\n")
            .tells(
                "WARNING routes/a.camel.yaml:12: route a, node s: '&&' stands behind '||', and is taken from left to right: what "
                    + "stands before it counts as one condition; fix: write what '&&' joins first, or put one filter into another"),
        Row.step("conditions whose order is plain, and signs in quotes",
            "- filter:\n    id: s\n    expression:\n      simple:\n        expression: "
            + "\"${body} == 'a' && ${body} != '||' || ${body} == ' && '\"\n    steps:\n      - stop: {id: t}\n")
            .tells(),
        Row.step("a misspelt property of a step", "- to:\n    id: s\n    urii: log:x\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: unknown property 'urii' of to: did you mean "
                    + "'uri'?; fix: write 'uri', or remove it"),
        Row.step("a number for an endpoint", "- to: 7\n")
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node to: to is '7', not text or a map; fix: write text or "
                    + "a map",
                "WARNING routes/a.camel.yaml:8: route a, node to: not canonical: 'to' is given as text; fix: "
                    + "write 'to:' as a map with an id"),
        Row.step("an unknown language", "- setBody:\n    id: s\n"
            + "    expression:\n      simpel:\n        expression: x\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: expression needs one member of a set, and has "
                    + "simpel: did you mean 'simple'?; fix: write 'simple'"),
        Row.step("two languages", "- setBody:\n    id: s\n    expression:\n      simple: {expression: x}\n"
            + "      constant: {expression: x}\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: expression has simple and constant, where one is "
                    + "allowed; fix: keep one of them"),
        Row.step("short forms", "- to: log:x\n- setBody:\n    id: s\n    simple: x\n- filter:\n    id: f\n"
            + "    expression:\n      simple: \"${body}\"\n    steps: []\n")
            .tells(
                "WARNING routes/a.camel.yaml:8: route a, node to: not canonical: 'to' is given as text; fix: "
                    + "write 'to:' as a map with an id",
                "WARNING routes/a.camel.yaml:11: route a, node s: not canonical: 'simple' stands directly under "
                    + "'setBody'; fix: put it under 'expression:'",
                "ERROR routes/a.camel.yaml:12: route a, node f: Camel cannot build it: Definition has no "
                    + "children on Filter[simple{${body}} -> []]; fix: correct this step",
                "WARNING routes/a.camel.yaml:15: route a, node f: not canonical: 'simple' is given as text; fix: "
                    + "write 'simple:' and under it 'expression:'"),
        Row.step("no language", "- setBody:\n    id: s\n    expression: {}\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: expression needs one member of a set, and has "
                    + "none; fix: use one of constant, csimple, datasonnet, exchangeProperty, groovy, header, "
                    + "hl7terser, java, joor, jq, js, jsonpath, language, method, mvel, ognl, python, ref, simple, "
                    + "spel, tokenize, variable, wasm, xpath, xquery, xtokenize"),
        Row.step("an expression that is missing", "- filter:\n    id: s\n    steps:\n      - stop: {id: t}\n")
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node s: the step has no expression; fix: add 'expression:'"),
        Row.step("a text for a list", "- choice:\n    id: s\n    when: x\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node when: when is 'x', not a list; fix: write a list",
                "WARNING routes/a.camel.yaml:10: route a, node when: not canonical: 'when' is given as text; "
                    + "fix: write 'when:' as a map with an id"),
        Row.step("a kamelet by a placeholder", "- to:\n    id: s\n    uri: \"kamelet:{{reelway.kamelet:great}}\"\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: there is no kamelet 'great'; fix: add "
                    + "great.kamelet.yaml to the kamelets folder"),
        Row.step("a dead letter that nobody consumes", "- stop: {id: s}\n").and("routes/b.camel.yaml",
            "- routeConfiguration:\n    errorHandler:\n      deadLetterChannel:\n        deadLetterUri: direct:dead\n")
            .tells(
                "ERROR routes/b.camel.yaml:4: no route consumes direct:dead; fix: use one of direct:a, or add a "
                    + "route that consumes it"),
        Row.step("an unknown bean type", "- stop: {id: s}\n").and("routes/b.camel.yaml",
            "- beans:\n    - name: b\n      type: no.such.Bean\n")
            .tells(
                "ERROR routes/b.camel.yaml:3: there is no class no.such.Bean; fix: correct the name, or add its "
                    + "jar to the class path"),
        Row.step("a step that lost its dash", "- log: {id: s, message: x}\n  stop: {id: t}\n")
            .tells(
                "ERROR routes/a.camel.yaml:9: route a, node t: this entry holds log and stop, where one is "
                    + "allowed; fix: begin each with '- '"),
        Row.of("an alias without end", "- &a\n  route: *a\n")
            .tells(
                "ERROR routes/a.camel.yaml:1: has an alias (*) inside its own anchor (&); fix: write the value out"),
        Row.step("a broken kamelet in a kamelet", "- to:\n    id: s\n    uri: kamelet:outer?name=x\n")
            .and("kamelets/greet.kamelet.yaml", GREET.replace("setBody", "setBdy"))
            .and("kamelets/outer.kamelet.yaml", GREET.replace("name: greet", "name: outer")
                .replace("kamelet:sink", "kamelet:greet?name=x"))
            .tells(
                "ERROR kamelets/greet.kamelet.yaml:16: kamelet greet, node greeting: unknown step 'setBdy': did "
                    + "you mean 'setBody'?; fix: write 'setBody', or remove it"),
        Row.of("a file that hides its consumers", "- route:\n\tid: a\n").and("routes/b.camel.yaml",
            ROUTE + "        - to: {id: s, uri: \"direct:hidden\"}\n")
            .tells(
                "ERROR routes/a.camel.yaml:2: is not YAML (column 1): found character '\\t(TAB)' that cannot "
                    + "start any token. (Do not use \\t(TAB) for indentation); fix: indent with spaces, not with "
                    + "tabs"),
        Row.step("a step without an id", "- to:\n    uri: log:x\n")
            .tells(
                "WARNING routes/a.camel.yaml:8: route a, node to: 'to' has no id; fix: add 'id:'"),
        Row.step("a direct that nobody consumes", "- to:\n    id: s\n    uri: direct:aa\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: no route consumes direct:aa: did you mean "
                    + "'direct:a'?; fix: use one of direct:a, or add a route that consumes it"),
        Row.step("a direct by parameter", "- to:\n    id: s\n    uri: direct\n    parameters:\n      name: far-away\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: no route consumes direct:far-away; fix: use one "
                    + "of direct:a, or add a route that consumes it"),
        Row.step("a setting that is not there", "- log:\n    id: s\n"
            + "    message: \"{{reelway.nam}} {{reelway.name}}\"\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: nothing defines {{reelway.nam}}: did you mean "
                    + "'reelway.name'?; fix: set reelway.nam in application.properties, or give a default: "
                    + "{{reelway.nam:…}}"),
        Row.step("a setting in a later line", "- log:\n    id: s\n"
            + "    message: |\n      one\n      {{no.such.setting}}\n")
            .tells(
                "ERROR routes/a.camel.yaml:12: route a, node s: nothing defines {{no.such.setting}}; fix: set "
                    + "no.such.setting in application.properties, or give a default: {{no.such.setting:…}}"),
        Row.step("a placeholder without a dot", "- log:\n    id: s\n"
            + "    message: \"{{path}} {{path:x}} {{nowhere-at-all}}\"\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: nothing defines {{nowhere-at-all}}; fix: set "
                    + "nowhere-at-all in application.properties, or give a default: {{nowhere-at-all:…}}",
                "WARNING routes/a.camel.yaml:10: route a, node s: {{path}} has no dot and is read from the "
                    + "environment variable PATH; fix: use a name with a dot, or {{env:…}}"),
        Row.step("an unknown kamelet", "- to:\n    id: s\n    uri: kamelet:great\n")
            .and("kamelets/greet.kamelet.yaml", GREET)
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: there is no kamelet 'great': did you mean "
                    + "'greet'?; fix: use one of greet"),
        Row.step("a kamelet without a folder", "- to:\n    id: s\n    uri: kamelet:greet?name=x\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: there is no kamelet 'greet'; fix: add "
                    + "greet.kamelet.yaml to the kamelets folder"),
        Row.step("an unknown kamelet parameter", "- to:\n    id: s\n    uri: kamelet:greet\n    parameters:\n"
            + "      name: x\n      lowd: true\n").and("kamelets/greet.kamelet.yaml", GREET)
            .tells(
                "ERROR routes/a.camel.yaml:13: route a, node s: kamelet 'greet' has no parameter 'lowd': did you "
                    + "mean 'loud'?; fix: use one of loud, name"),
        Row.step("a missing kamelet parameter", "- to:\n    id: s\n    uri: kamelet:greet?loud=true\n")
            .and("kamelets/greet.kamelet.yaml", GREET)
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: kamelet 'greet' needs the parameter 'name'; fix: "
                    + "add 'name:' under 'parameters:'"),
        Row.step("a kamelet with another name", "- to:\n    id: s\n    uri: kamelet:greet?name=x\n")
            .and("kamelets/greet.kamelet.yaml", GREET.replace("name: greet", "name: hello"))
            .tells(
                "ERROR kamelets/greet.kamelet.yaml:4: kamelet hello: metadata.name is 'hello', the file is named "
                    + "'greet'; fix: make both the same: routes find a kamelet by its file"),
        Row.step("a kamelet with an unknown step", "- to:\n    id: s\n    uri: kamelet:greet?name=x\n")
            .and("kamelets/greet.kamelet.yaml", GREET.replace("setBody", "setBdy"))
            .tells(
                "ERROR kamelets/greet.kamelet.yaml:16: kamelet greet, node greeting: unknown step 'setBdy': did "
                    + "you mean 'setBody'?; fix: write 'setBody', or remove it"),
        Row.step("a kamelet with an unknown placeholder", "- stop: {id: s}\n")
            .and("kamelets/greet.kamelet.yaml", GREET.replace("{{name}}", "{{nam}}"))
            .tells(
                "ERROR kamelets/greet.kamelet.yaml:20: kamelet greet, node greeting: nothing defines {{nam}}: "
                    + "did you mean 'name'?; fix: declare nam under spec.definition.properties, or give a default: "
                    + "{{nam:…}}"),
        Row.step("a kamelet with a bean that is not there", "- to:\n    id: s\n    uri: kamelet:greet?name=x\n")
            .and("kamelets/greet.kamelet.yaml", GREET.replace("uri: kamelet:sink", "uri: bean:nobody"))
            .tells(
                "ERROR kamelets/greet.kamelet.yaml:23: kamelet greet, node out: there is no bean 'nobody'; fix: "
                    + "correct the name, or declare the bean under '- beans:'"),
        Row.step("an unknown component", "- to:\n    id: s\n    uri: ftpp:host/folder\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: there is no component 'ftpp': did you mean 'ftp'?"
                    + "; fix: correct 'ftpp', or put the jar that has it into lib/ (docs/routes.md)"),
        Row.step("an unknown endpoint option", "- filter:\n    id: f\n    expression:\n      simple:\n"
            + "        expression: \"${body}\"\n    steps:\n      - to:\n          id: s\n          uri: log:x\n"
            + "          parameters:\n            levl: INFO\n")
            .tells(
                "ERROR routes/a.camel.yaml:18: route a, node s: log has no option 'levl': did you mean 'level'?; "
                    + "fix: write 'level', or remove it"),
        Row.step("a wrong option value", "- to:\n    id: s\n    uri: log:x\n    parameters:\n      showAll: maybe\n")
            .tells(
                "ERROR routes/a.camel.yaml:12: route a, node s: the value of option 'showAll' of log is not "
                    + "allowed: Cannot convert the String value: maybe to type: boolean as the value is not true "
                    + "or false; fix: correct the value"),
        Row.step("a secret in a wrong option value", "- to:\n    id: s\n    uri: log:x\n    parameters:\n"
            + "      showAll: \"{{reelway.store.secret-key}}\"\n")
            .tells(
                "ERROR routes/a.camel.yaml:12: route a, node s: the value of option 'showAll' of log is not "
                    + "allowed: Cannot convert the String value: xxxxxx to type: boolean as the value is not true "
                    + "or false; fix: correct the value"),
        Row.step("a wrong simple expression", "- setBody:\n    id: s\n    expression:\n      simple:\n"
            + "        expression: \"${body\"\n")
            .tells(
                "ERROR routes/a.camel.yaml:12: route a, node s: the expression is wrong: expected symbol "
                    + "functionEnd but was eol at location 5; fix: correct the expression"),
        Row.step("a language without its jar", "- setBody:\n    id: s\n    expression:\n      groovy:\n"
            + "        expression: \"1\"\n")
            .tells(
                "ERROR routes/a.camel.yaml:11: route a, node s: the expression language 'groovy' is not there; fix: "
                    + "put camel-groovy-4.18.0.jar, and the jars that it needs, into lib/ (docs/routes.md)"),
        Row.step("a component whose jar is not there", """
            - to:
                id: s
                uri: cometd:localhost/a
            """)
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: the component 'cometd' is not there; fix: put "
                    + "camel-cometd-4.18.0.jar, and the jars that it needs, into lib/ (docs/routes.md)"),
        Row.step("a data format whose jar is not there", """
            - unmarshal:
                id: s
                csv: {}
            """)
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node s: the data format 'csv' is not there; fix: put "
                    + "camel-csv-4.18.0.jar, and the jars that it needs, into lib/ (docs/routes.md)"),
        Row.step("endpoints that are made with the first message", """
            - toD:
                id: s
                uri: "file:${header.folder}"
                parameters: {autoCreat: false}
            - wireTap:
                id: t
                uri: "cometd:${header.where}"
            - toD:
                id: u
                uri: "file:${header.folder}?fileNam=x"
            """)
            .tells(
                "ERROR routes/a.camel.yaml:11: route a, node s: file has no option 'autoCreat': did you mean 'autoCreate'?; fix: write "
                    + "'autoCreate', or remove it",
                "ERROR routes/a.camel.yaml:14: route a, node t: the component 'cometd' is not there; fix: put "
                    + "camel-cometd-4.18.0.jar, and the jars that it needs, into lib/ (docs/routes.md)",
                "ERROR routes/a.camel.yaml:17: route a, node u: file has no option 'fileNam': did you mean 'fileName'?; fix: write "
                    + "'fileName', or remove it"),
        Row.step("a wrong schedule of something that polls", """
            - pollEnrich:
                id: s
                expression: {constant: {expression: "file:x"}}
            - to:
                id: t
                uri: file:y
                parameters: {scheduler: quartz, scheduler.cron: "0 0 * * *"}
            """)
            .tells(
                "ERROR routes/a.camel.yaml:14: route a, node t: the cron expression '0 0 * * *' is wrong: Unexpected end of expression.;"
                    + " fix: write seconds, minutes, hours, day of month, month and day of week, such as '0 30 2 * * ?'"),
        Row.step("a bean that is not there", "- bean:\n    id: s\n    ref: nobody\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: there is no bean 'nobody'; fix: correct the "
                    + "name, or declare the bean under '- beans:'"),
        Row.step("a class that is not there", "- doTry:\n    id: t\n    steps:\n      - stop: {id: s}\n    doCatch:\n"
            + "      - id: c\n        exception: [\"no.such.Failure\"]\n        steps: []\n")
            .tells(
                "ERROR routes/a.camel.yaml:14: route a, node c: there is no class no.such.Failure; fix: correct "
                    + "the name, or add its jar to the class path"),
        Row.step("a kamelet and a parameter with a value that is known only while running",
            "- toD: {id: s, uri: \"kamelet:great?name=${body}\"}\n- toD: {id: t, uri: \"kamelet:greet?nam=${body}&name=x\"}\n")
            .and("kamelets/greet.kamelet.yaml", GREET)
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node s: there is no kamelet 'great': did you mean 'greet'?; fix: use one"
                    + " of greet",
                "ERROR routes/a.camel.yaml:9: route a, node t: kamelet 'greet' has no parameter 'nam': did you mean 'name'?;"
                    + " fix: use one of loud, name"),
        Row.step("a parameter of another type", "- to: {id: s, uri: \"kamelet:greet?name=x&loud=ture\"}\n")
            .and("kamelets/greet.kamelet.yaml", GREET)
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node s: the parameter 'loud' of kamelet 'greet' is 'ture'; fix: write"
                    + " \"true\" or \"false\""),
        Row.step("a method that is not there", "- bean:\n    id: s\n    beanType: java.lang.Math\n    method: absolute\n")
            .tells(
                "ERROR routes/a.camel.yaml:11: route a, node s: the bean has no method 'absolute'; fix: correct the name"),
        Row.step("a kamelet with the name of a route", "- to: {id: s, uri: \"kamelet:greet/a?name=x\"}\n")
            .and("kamelets/greet.kamelet.yaml", GREET)
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node s: 'a' in kamelet:greet/a is the id of the route that is made of"
                    + " the kamelet, and is already that of routes/a.camel.yaml:1; fix: write another name:"
                    + " kamelet:greet/a-2"),
        Row.step("two kamelets of one name", "- to: {id: s, uri: \"kamelet:greet/x?name=x\"}\n"
            + "- to: {id: t, uri: \"kamelet:greet/x?name=x\"}\n- to: {id: u, uri: \"kamelet:greet/x?name=y\"}\n")
            .and("kamelets/greet.kamelet.yaml", GREET)
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node u: 'x' in kamelet:greet/x is the id of the route that is made of"
                    + " the kamelet, and is already that of routes/a.camel.yaml:8; fix: write another name:"
                    + " kamelet:greet/x-2"),
        Row.of("two routes of one address", """
            - route: {id: a, description: A., from: {id: a1, uri: "direct:x", steps: [{stop: {id: a2}}]}}
            - route: {id: b, description: B., from: {id: b1, uri: "direct:x?block=true", steps: [{stop: {id: b2}}]}}
            - route: {id: c, description: C., from: {id: c1, uri: "quartz:x?cron=0+0+*+*+*+?", steps: [{stop: {id: c2}}]}}
            - route: {id: d, description: D., from: {id: d1, uri: "quartz:x?cron=0+1+*+*+*+?", steps: [{stop: {id: d2}}]}}
            - route: {id: e, description: E., from: {id: e1, uri: kamelet:ticks, steps: [{stop: {id: e2}}]}}
            - route: {id: f, description: F., from: {id: f1, uri: "kamelet:ticks/f-in", steps: [{stop: {id: f2}}]}}
            - route: {id: g, description: G., from: {id: g1, uri: kamelet:ticks, steps: [{stop: {id: g2}}]}}
            """).and("kamelets/ticks.kamelet.yaml", """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata: {name: ticks}
            spec:
              template: {from: {uri: "timer:x", steps: [{to: {id: out, uri: "kamelet:sink"}}]}}
            """)
            .tells(
                "ERROR routes/a.camel.yaml:2: route b, node b2: direct:x starts the route at routes/a.camel.yaml:1 already, and"
                    + " can start one only; fix: name another address, or join the two routes",
                "ERROR routes/a.camel.yaml:4: route d, node d2: quartz:x starts the route at routes/a.camel.yaml:3 already, and"
                    + " can start one only; fix: name another address, or join the two routes",
                "ERROR routes/a.camel.yaml:7: route g, node g2: kamelet:ticks starts the route at routes/a.camel.yaml:5"
                    + " already, and can start one only; fix: give each a name: kamelet:ticks/a-name-of-its-own"),
        Row.step("destinations that are not configured", """
            - to: {id: s, uri: "kamelet:relay?destination=bakcup"}
            - to: {id: t, uri: "kamelet:relay?destination={{reelway.name}}"}
            - toD: {id: u, uri: "kamelet:relay?destination=${header.x}"}
            - setBody: {id: v, expression: {constant: {expression: nobody}}}
            - filter:
                id: f
                expression: {simple: {expression: "${header.x}"}}
                steps:
                  - to: {id: w, uri: "kamelet:relay"}
                  - setBody: {id: x, expression: {simple: {expression: "${header.x}"}}}
            - to: {id: y, uri: "kamelet:relay"}
            - split:
                id: z
                expression:
                  constant: {expression: "vip,backup, vip"}
                steps:
                  - toD: {id: z1, uri: "kamelet:relay?destination=${body}"}
            """).and("kamelets/relay.kamelet.yaml", GREET.replace("name: greet", "name: relay").replace("required: [name]", "")
            .replace("loud", "destination").replace("boolean", "string").replace("{{name}}", "x"))
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node s: no destination is named 'bakcup': did you mean 'backup'?; fix:"
                    + " use one of backup, vip, or add bakcup=URI to reelway.routing.destinations",
                "ERROR routes/a.camel.yaml:9: route a, node t: no destination is named 'Ann'; fix: use one of backup, vip, or"
                    + " add Ann=URI to reelway.routing.destinations",
                "ERROR routes/a.camel.yaml:11: route a, node v: no destination is named 'nobody'; fix: use one of backup, vip,"
                    + " or add nobody=URI to reelway.routing.destinations",
                "ERROR routes/a.camel.yaml:22: route a, node z: no destination is named ' vip': did you mean 'vip'?; fix: use"
                    + " one of backup, vip, or add  vip=URI to reelway.routing.destinations"),
        Row.step("receivers that are not configured", """
            - to: {id: s, uri: "kamelet:callback-outbox?name=x&receivers=cms, csm,multi-recorder"}
            - to: {id: t, uri: "kamelet:callback-outbox?name=x"}
            """).and("kamelets/callback-outbox.kamelet.yaml", GREET.replace("name: greet", "name: callback-outbox")
                .replace("required: [name]", "").replace("loud", "receivers").replace("boolean", "string")
                .replace("{{name}}", "x"))
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node s: no receiver of callbacks is named 'csm': did you mean 'cms'?; fix: use one"
                    + " of cms, multi-recorder, or add csm=URL to reelway.callbacks.url"),
        Row.step("ids that others have", "- log:\n    id: s\n    message: x\n").and("routes/b.camel.yaml",
            ROUTE.replace("direct:a", "direct:b") + "        - log: {id: s, message: x}\n")
            .tells(
                "ERROR routes/b.camel.yaml:2: route a: route id 'a' is already that of routes/a.camel.yaml:2; "
                    + "fix: give one of them another id",
                "ERROR routes/b.camel.yaml:8: route a, node s: step id 's' is already that of "
                    + "routes/a.camel.yaml:9; fix: give one of them another id"),
        Row.of("an interval that is no number", ROUTE.replace("uri: direct:a", "uri: quartz:a\n      parameters:\n        trigger.repeatInterval:")
            + "        - stop: {id: s}\n")
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node in: the interval '' is no number; fix: write milliseconds, such as 60000"),
        Row.step("a schema that is not there", "- to: {id: s, uri: \"validator:file:none.xsd\"}\n- to: {id: t, uri: \"validator:none.xsd\"}\n"
            + "- to: {id: u, uri: validator, parameters: {resourceUri: \"file:none.xsd\"}}\n")
            .tells(
                "ERROR routes/a.camel.yaml:8: route a, node s: the schema file:none.xsd is not there; fix: correct its name:"
                    + " validator:file:PATH for a file, else it is looked for in jars",
                "ERROR routes/a.camel.yaml:9: route a, node t: the schema none.xsd is not there; fix: correct its name:"
                    + " validator:file:PATH for a file, else it is looked for in jars",
                "ERROR routes/a.camel.yaml:10: route a, node u: the schema file:none.xsd is not there; fix: correct its name:"
                    + " validator:file:PATH for a file, else it is looked for in jars"),
        Row.step("two routes that cannot be built", "- bean:\n    id: s\n    ref: nobody\n").and("routes/b.camel.yaml",
            ROUTE.replace("id: a", "id: b").replace("direct:a", "direct:b") + "        - bean: {id: t, ref: noone}\n")
            .tells(
                "ERROR routes/a.camel.yaml:10: route a, node s: there is no bean 'nobody'; fix: correct the "
                    + "name, or declare the bean under '- beans:'",
                "ERROR routes/b.camel.yaml:8: route b, node t: there is no bean 'noone'; fix: correct the name, "
                    + "or declare the bean under '- beans:'"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void tellsFileLineRouteStepAndFix(Row row) throws IOException {
    write(row.files());
    assertThat(problems()).isEqualTo(row.told());
  }

  @Test
  void saysNothingOfAGoodFolder() throws IOException {
    write(Map.of("kamelets/greet.kamelet.yaml", GREET, "routes/10-good.camel.yaml", GOOD));
    assertThat(problems()).isEmpty();
  }

  @Test
  void findsTheBeansAndComponentsThatTheCallerBinds() throws IOException {
    write(Map.of("routes/a.camel.yaml", ROUTE + "        - bean: {id: s, ref: clerk}\n"));
    RoutesCheck check = new RoutesCheck(routes, kamelets, DESTINATIONS, List.of("cms", "multi-recorder"), List.of("archive"));
    assertThat(check.problems(camel -> camel.getRegistry().bind("clerk", new Object()), SETTINGS)).isEmpty();
    assertThat(check.problems(camel -> { }, SETTINGS)).extracting(RouteProblem::node).containsExactly("s");
  }

  @Test
  void leavesNothingRunningAndConsumesNothing() throws IOException {
    Path inbox = Files.createDirectory(folder.resolve("inbox"));
    Path file = Files.writeString(inbox.resolve("untouched"), "x");
    write(Map.of("routes/a.camel.yaml", ROUTE.replace("uri: direct:a", "uri: \"file:" + inbox + "?delete=true\"")
        + "        - stop: {id: s}\n", "routes/b.camel.yaml", ROUTE.replace("id: a", "id: b")
        .replace("uri: direct:a", "uri: \"quartz:often?cron=*+*+*+*+*+?\"") + "        - stop: {id: t}\n"));
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    List<CamelContext> contexts = new ArrayList<>();
    assertThat(new RoutesCheck(routes, kamelets, DESTINATIONS, List.of("cms", "multi-recorder"), List.of("archive")).problems(contexts::add, SETTINGS)).isEmpty();
    assertThat(contexts).singleElement().satisfies(c -> assertThat(c.isStopped()).isTrue());
    assertThat(Thread.getAllStackTraces().keySet()).filteredOn(t -> !before.contains(t) && t.isAlive())
        .extracting(Thread::getName).noneMatch(name -> name.contains("Camel") || name.contains("Quartz"));
    assertThat(file).exists();
    assertThat(inbox).isDirectoryNotContaining("glob:**.camel*");
  }

  @Test
  void namesAFolderThatIsMissing() {
    assertThat(new RoutesCheck(folder.resolve("none"), kamelets, DESTINATIONS, List.of("cms", "multi-recorder"), List.of("archive")).problems(camel -> { }, SETTINGS))
        .extracting(RouteProblem::severity, RouteProblem::message)
        .containsExactly(tuple(Severity.ERROR, "does not exist"));
  }

  /** Made anew in each trial. */
  private static final class AnyComponent extends DefaultComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
      return new LogEndpoint(uri, this) {
        @Override
        protected void doInit() {
          if (remaining.equals("away")) {
            throw new IllegalStateException("cannot look for the queue", new ConnectException("Connection refused"));
          }
        }
      };
    }
  }

  private List<String> problemsWith(String scheme) {
    return new RoutesCheck(routes, kamelets, DESTINATIONS, List.of("cms", "multi-recorder"), List.of("archive"))
        .problems(camel -> camel.addComponent(scheme, new AnyComponent()), SETTINGS).stream()
        .map(p -> p.severity() + " " + p.toString().replace(folder + "/", "")).toList();
  }

  @Test
  void noBucketOfOneLetterIsTaken() throws IOException {
    write(Map.of("routes/a.camel.yaml", ROUTE + "        - to: {id: s, uri: \"minio:b\"}\n        - to: {id: t, uri: \"minio:bucket\"}\n"));
    assertThat(problemsWith("minio")).containsExactly(
        "ERROR routes/a.camel.yaml:8: route a, node s: no bucket can be called 'b'; fix: write one of 3 to 63 characters");
  }

  @Test
  void aHostThatIsAwayIsNoErrorOfTheRouteThatAsksItWhenItIsBuilt() throws IOException {
    write(Map.of("routes/a.camel.yaml", ROUTE + "        - to: {id: s, uri: \"queue:away\"}\n        - bean: {id: t, ref: nobody}\n",
        "routes/b.camel.yaml", ROUTE.replace("id: a", "id: b").replace("direct:a", "direct:b")
            + "        - to: {id: u, uri: \"queue:here\"}\n        - bean: {id: v, ref: nobody}\n"));
    assertThat(problemsWith("queue")).containsExactly(
        "WARNING routes/a.camel.yaml:8: route a, node s: a host that is asked when the route is built does not answer: Connection refused; fix:"
            + " see that it is there when the route starts",
        "ERROR routes/b.camel.yaml:9: route b, node v: there is no bean 'nobody'; fix: correct the name, or declare the bean under '- beans:'");
  }

  private List<String> problems() {
    return new RoutesCheck(routes, kamelets, DESTINATIONS, List.of("cms", "multi-recorder"), List.of("archive"))
        .problems(camel -> camel.getRegistry().bind("things", new Things()), SETTINGS).stream()
        .map(p -> p.severity() + " " + p.toString().replace(folder + "/", "")).toList();
  }

  private void write(Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  @Test
  void aSourceThatCannotStartIsToldWithoutItsRouteAndOurOwnFailuresTellThemselves() {
    assertThat(RoutesCheck.startFailure(new RuntimeCamelException(new FileNotFoundException("Starting directory does not exist: /none"))))
        .contains("a source of the routes cannot start: Starting directory does not exist: /none");
    assertThat(RoutesCheck.startFailure(new RuntimeCamelException(new OurFailure("the port is taken", new BindException("in use")))))
        .isEmpty();
    assertThat(RoutesCheck.startFailure(new RuntimeCamelException(new IllegalStateException("a fault")))).isEmpty();
  }
}
