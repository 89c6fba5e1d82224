package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is wrong with the plugins' file of the EvoStream web services is said exactly like this. FILE stands for its path;
 * hunter2 is a secret in it.
 */
class EvoStreamProblemsTest {
  private static final String SWITCH_ALLOWED = "; allowed: \"enabled\" and \"disabled\"";
  private static final String LIVE_FOLDER =
      "FILE:1: AmazonHLSUpload: needs reelway.live.folder, which is not in this file; set it to the folder above EMS's"
          + " groups (targetFolder of createHLSStream, createHDSStream, createDASHStream), or disable the plugin";
  private static final String ADDRESS =
      "FILE:1: StreamLoadBalancer: needs reelway.routing.address, which is not in this file; set it to host:port of this"
          + " EMS's RTMP as the others reach it, such as a.example.com:1935, or disable the plugin";

  @TempDir
  private Path folder;

  static Stream<Arguments> badFiles() {
    return Stream.of(
        // The file
        row("", "FILE: is empty; it should hold {\"<plugin>\": {\"plugin_switch\": ..., \"parameters\": {...}}}"),
        row("/* nothing */", "FILE: is empty; it should hold {\"<plugin>\": {\"plugin_switch\": ..., \"parameters\": {...}}}"),
        row("[]", "FILE:1: is an array; allowed: one object with the plugins"),
        row("{}\n{}", "FILE:2: holds more behind its end; one pair of braces holds all plugins"),
        row("{\n \"StreamRecorder\": hunter2}",
            "FILE:2: is no JSON at column 20; look for a quote, comma or bracket that is missing there or before, and save it"
                + " as UTF-8"),
        row("{\"StreamRecorder\": {\n\"plugin_switch\": \"disabled\"",
            "FILE:2: is no JSON at column 28; look for a quote, comma or bracket that is missing there or before, and save it"
                + " as UTF-8"),
        row("[StreamRecorder]\nfile_location = hunter2",
            "FILE:1: is no JSON at column 2; look for a quote, comma or bracket that is missing there or before, and save it"
                + " as UTF-8"),
        // Plugins
        row("{\n\"StreamRecoder\": {\"plugin_switch\": \"disabled\"}}",
            "FILE:2: StreamRecoder: is no plugin that is known; the nearest is StreamRecorder"),
        row("{\"TranscodeResetter\": {\"plugin_switch\": \"enabled\"}}",
            "FILE:1: TranscodeResetter: is not taken over: Reelway does not drive EMS's transcoder, and begins its own relays"
                + " and recorders anew when they stall; set its plugin_switch to \"disabled\""),
        row("{\"AzureStreamManager\": {\"plugin_switch\": \"enabled\", \"parameters\": {}}}",
            "FILE:1: AzureStreamManager: is not taken over: Reelway does not manage EMS instances in Azure; set its"
                + " plugin_switch to \"disabled\""),
        row("{\"StreamRecorder\": {\"plugin_switch\": \"disabled\"},\n\n\"StreamRecorder\": {\"plugin_switch\": \"disabled\"}}",
            "FILE:3: StreamRecorder: is given twice, in lines 1 and 3; remove one of them"),
        row("{\"StreamRecorder\": \"disabled\"}",
            "FILE:1: StreamRecorder: is text; allowed: {\"plugin_switch\": ..., \"parameters\": {...}}"),
        // Their switches
        row("{\"StreamRecorder\": {\"parameters\": {}}}", "FILE:1: StreamRecorder: has no plugin_switch" + SWITCH_ALLOWED),
        row("{\"StreamRecorder\": {\n\"plugin_switch\": \"on\"}}",
            "FILE:2: StreamRecorder.plugin_switch: is \"on\"" + SWITCH_ALLOWED),
        row("{\"StreamRecorder\": {\n\"plugin_switch\": true}}",
            "FILE:2: StreamRecorder.plugin_switch: is true" + SWITCH_ALLOWED),
        row("{\"StreamRecorder\": {\"plugin_switch\": \"disabled\",\n\"file_location\": \"/x\"}}",
            "FILE:2: StreamRecorder.file_location: is not known here; a plugin has plugin_switch and parameters, in which"
                + " file_location, period_time belong"),
        // Parameters, also of disabled plugins
        row("{\"StreamRecorder\": {\"plugin_switch\": \"disabled\",\n\"parameters\": []}}",
            "FILE:2: StreamRecorder: has parameters that are an array; allowed: an object with file_location, period_time"),
        row(disabled("StreamRecorder", "\"period\": 60"),
            "FILE:2: StreamRecorder.period: is not a parameter of StreamRecorder; the nearest is period_time"),
        row(disabled("StreamRecorder", "\"period_time\": 60,\n\"period_time\": 61"),
            "FILE:3: StreamRecorder.period_time: is given twice, in lines 2 and 3; remove one of them"),
        row(disabled("StreamRecorder", "\"period_time\": true"),
            "FILE:2: StreamRecorder.period_time: is true; allowed: a number, also in quotes"),
        row(disabled("StreamRecorder", "\"file_location\": null"),
            "FILE:2: StreamRecorder.file_location: is null; allowed: text in quotes"),
        row(disabled("AmazonHLSUpload", "\"aws_secret_key\": [\"hunter2\"]"),
            "FILE:2: AmazonHLSUpload.aws_secret_key: is an array with text; allowed: text in quotes"),
        row(disabled("AmazonHLSUpload", "\"bootstrap\": \"x\""),
            "FILE:2: AmazonHLSUpload.bootstrap: is not a parameter of AmazonHLSUpload; the nearest is aws_secret_key"),
        row(disabled("StreamAutoRouter", "\"destination_uri\": [\"a\", 7]"),
            "FILE:2: StreamAutoRouter.destination_uri: is an array with a number and text; allowed: text in quotes, or an"
                + " array of such texts"),
        row(disabled("StreamLoadBalancer", "\"destination_ems_apiproxies\": \"a\""),
            "FILE:2: StreamLoadBalancer.destination_ems_apiproxies: is text; allowed: an array of objects"),
        row(disabled("StreamLoadBalancer", "\"destination_ems_apiproxies\": [\n{\"enable\": \"yes\",\n\"user\": \"x\"}]"),
            """
            FILE:3: StreamLoadBalancer.destination_ems_apiproxies[0].enable: is text; allowed: true or false
            FILE:4: StreamLoadBalancer.destination_ems_apiproxies[0].user: is not a member of destination_ems_apiproxies; \
            the nearest is userName"""),
        // The router
        row(enabled("StreamAutoRouter", "\"token\": \"x\""),
            "FILE:1: StreamAutoRouter: has no destination_uri; give it here, set reelway.routing.destinations yourself, or"
                + " disable the plugin"),
        row(enabled("StreamAutoRouter", "\"destination_uri\": \" \""),
            "FILE:2: StreamAutoRouter.destination_uri: is empty; give it here, set reelway.routing.destinations yourself, or"
                + " disable the plugin"),
        row(enabled("StreamAutoRouter", "\"destination_uri\": [\"a\",\n\"b/hunter2\"]"),
            "FILE:3: StreamAutoRouter.destination_uri[1]: is (not shown) neither a host, host:port, nor a URI such as"
                + " rtmp://host/app; several are an array"),
        row(enabled("StreamAutoRouter", "\"destination_uri\": \"a, b\""),
            "FILE:2: StreamAutoRouter.destination_uri: is (not shown) neither a host, host:port, nor a URI such as"
                + " rtmp://host/app; several are an array"),
        row(enabled("StreamAutoRouter", "\"destination_uri\": \"ftp://a/hunter2\""),
            "FILE:2: StreamAutoRouter.destination_uri: reelway.routing.destinations: the destination ftp://a/... cannot be"
                + " used: its scheme \"ftp\" is none of http, https, rtmp, rtmps, rtsp, rtsps, srt, udp"),
        row(enabled("StreamAutoRouter", "\"destination_uri\": \"a\", \"token\": \"x\",\n\"token_name\": \"x\""),
            "FILE:3: StreamAutoRouter.token_name: is given beside token, of which it is another name; remove one of them"),
        // The recorder
        row(enabled("StreamRecorder", "\"file_location\": \"C:\\\\media\",\n\"period_time\": 60"),
            "FILE:2: StreamRecorder.file_location: is \"C:\\media\", which is no absolute path on this machine; write the"
                + " whole path of the folder"),
        row(enabled("StreamRecorder", "\"file_location\": \"/a,/b\",\n\"period_time\": 60"),
            "FILE:2: StreamRecorder.file_location: is \"/a,/b\"; a comma separates folders: name one without"),
        row(enabled("StreamRecorder", "\"file_location\": \"/a\""),
            "FILE:1: StreamRecorder: has no period_time; give it here, set reelway.recorder.rotation yourself, or disable the"
                + " plugin"),
        row(enabled("StreamRecorder", "\"file_location\": \"/a\",\n\"period_time\": 86400"),
            "FILE:3: StreamRecorder.period_time: is \"86400\"; allowed: whole seconds, 1 to 86399"),
        row(enabled("StreamRecorder", "\"file_location\": \"/a\",\n\"period_time\": 0"),
            "FILE:3: StreamRecorder.period_time: is \"0\"; allowed: whole seconds, 1 to 86399"),
        row(enabled("StreamRecorder", "\"file_location\": \"/a\",\n\"period_time\": \"500M\""),
            "FILE:3: StreamRecorder.period_time: is \"500M\"; allowed: whole seconds, 1 to 86399"),
        row(enabled("StreamRecorder", "\"file_location\": \"/a\",\n\"period_time\": 1.5"),
            "FILE:3: StreamRecorder.period_time: is \"1.5\"; allowed: whole seconds, 1 to 86399"),
        // The load balancer
        row(enabled("StreamLoadBalancer", "\"destination_uri\": [\"a\"]"), ADDRESS),
        row(enabled("StreamLoadBalancer", ""),
            "FILE:1: StreamLoadBalancer: has no destination_ems_apiproxies; give it here, set reelway.routing.members"
                + " yourself, or disable the plugin\n" + ADDRESS),
        row(enabled("StreamLoadBalancer", "\"destination_uri\": [\"a\"],\n\"destination_ems_apiproxies\": []"),
            "FILE:2: StreamLoadBalancer.destination_uri: is given beside destination_ems_apiproxies, which says the same for"
                + " newer EMS; remove one of them"),
        row(enabled("StreamLoadBalancer", "\"destination_uri\": [\"a:1935\"]"),
            "FILE:2: StreamLoadBalancer.destination_uri[0]: is \"a:1935\"; allowed: a host name or an IP address, without"
                + " port (the API is asked on 7777)\n" + ADDRESS),
        row(enabled("StreamLoadBalancer", "\"destination_uri\": [\"an_ems\", \"[::\"]"),
            "FILE:2: StreamLoadBalancer.destination_uri[0]: is \"an_ems\"; allowed: a host name or an IP address, without"
                + " port (the API is asked on 7777)\nFILE:2: StreamLoadBalancer.destination_uri[1]: is \"[::\"; allowed: a"
                + " host name or an IP address, without port (the API is asked on 7777)\n" + ADDRESS),
        row(enabled("StreamLoadBalancer", "\"destination_ems_apiproxies\": [{\"address\": \"a\"}]"),
            "FILE:2: StreamLoadBalancer.destination_ems_apiproxies[0]: has no enable; true for the proxy of EMS's web server,"
                + " false for its API on port 7777\n" + ADDRESS),
        row(enabled("StreamLoadBalancer", "\"destination_ems_apiproxies\": [{\"enable\": false}]"),
            "FILE:2: StreamLoadBalancer.destination_ems_apiproxies[0]: has no address; it says which EMS is meant\n" + ADDRESS),
        row(enabled("StreamLoadBalancer", "\"destination_ems_apiproxies\": [{\"enable\": true, \"address\": \"a b\",\n"
                + "\"authentication\": \"digest\",\n\"ewsPort\": 70000,\n\"pseudoDomain\": \"\",\n\"password\": \"hunter2\"}]"),
            """
            FILE:2: StreamLoadBalancer.destination_ems_apiproxies[0].address: is "a b"; allowed: a host name or an IP address
            FILE:5: StreamLoadBalancer.destination_ems_apiproxies[0].pseudoDomain: is empty; it is needed with enable true
            FILE:2: StreamLoadBalancer.destination_ems_apiproxies[0]: has no userName; it is needed with enable true
            FILE:3: StreamLoadBalancer.destination_ems_apiproxies[0].authentication: is "digest"; allowed: "basic", which \
            EMS's proxy has
            FILE:4: StreamLoadBalancer.destination_ems_apiproxies[0].ewsPort: is "70000"; allowed: 1 to 65535
            """ + ADDRESS),
        // Uploads
        row(enabled("AmazonHLSUpload", amazon("bucket")), LIVE_FOLDER),
        row(enabled("AmazonHLSUpload", "\"aws_access_key\": \"\",\n\"aws_secret_key\": \"hunter2\""),
            """
            FILE:1: AmazonHLSUpload: has no default_bucket; give it here, set reelway.store.bucket yourself, or disable the \
            plugin
            FILE:2: AmazonHLSUpload.aws_access_key: is empty; give it here, set reelway.store.access-key yourself, or \
            disable the plugin
            """ + LIVE_FOLDER
                + "\nFILE:3: AmazonHLSUpload.aws_secret_key: reelway.store.secret-key: is set, but reelway.store.access-key is"
                + " not; set both or neither"),
        row("{\"AmazonHLSUpload\": {\"plugin_switch\": \"enabled\", \"parameters\": {" + amazon("bucket") + "}},\n"
                + "\"AmazonDASHUpload\": {\"plugin_switch\": \"enabled\", \"parameters\": {" + amazon("other") + "}}}",
            "FILE:2: AmazonDASHUpload.default_bucket: is another one than AmazonHLSUpload.default_bucket in line 1, and there"
                + " is one reelway.store.bucket only; make them the same, set reelway.store.bucket yourself, or run a Reelway"
                + " for each\n" + LIVE_FOLDER),
        row(enabled("AmazonHLSUpload", amazon("a b")),
            LIVE_FOLDER + "\nFILE:2: AmazonHLSUpload.default_bucket: reelway.store.bucket: \"a b\" is not valid here; allowed:"
                + " 3 to 63 letters, digits, dots, hyphens and underscores"),
        row("{\"AmazonHLSUpload\": {\"plugin_switch\": \"enabled\", \"parameters\": {" + amazon("bucket") + "}},\n"
                + "\"StreamRecorder\": {\"plugin_switch\": \"enabled\", \"parameters\": {\"file_location\": \"/a\","
                + " \"period_time\": 60}}}",
            LIVE_FOLDER + "\nFILE:1: AmazonHLSUpload: makes objects public-read, and so recordings too, which EvoStream never"
                + " sent there; set reelway.store.acl yourself: public-read, private, or bucket-owner-full-control where the"
                + " bucket takes no ACLs"),
        row(enabled("AmazonHDSUpload", amazon("bucket") + ",\n\"bootstrap\": \"\""),
            "FILE:3: AmazonHDSUpload.bootstrap: is empty; give it here, set reelway.live.hds-bootstrap yourself, or disable"
                + " the plugin\n" + LIVE_FOLDER.replace("AmazonHLSUpload", "AmazonHDSUpload")));
  }

  private static String amazon(String bucket) {
    return "\"aws_access_key\": \"an-access-key\", \"aws_secret_key\": \"hunter2\", \"default_bucket\": \"" + bucket + "\"";
  }

  private static String enabled(String plugin, String parameters) {
    return "{\"" + plugin + "\": {\"plugin_switch\": \"enabled\", \"parameters\": {\n" + parameters + "}}}";
  }

  private static String disabled(String plugin, String parameters) {
    return enabled(plugin, parameters).replace("enabled", "disabled");
  }

  private static Arguments row(String file, String message) {
    return Arguments.of(file, message);
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void fileIsRefusedWithExactlyThisMessage(String content, String message) throws IOException {
    assertRefused(Files.writeString(folder.resolve("plugins.json"), content), message);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertRefused(
        folder.resolve("nowhere.json"),
        "FILE: there is no such file; have reelway.evostream.plugins name the plugins.json of the EvoStream web services");
  }

  @Test
  void theFileOfThePhpServicesIsKnown() throws IOException {
    assertRefused(
        Files.writeString(folder.resolve("config.ini"), "[Plugins]"),
        "FILE: belongs to the PHP web services, and is not read; write its sections as a plugins.json (docs/evostream.md)");
  }

  @Test
  void aFolderIsNoFile() {
    assertRefused(folder, "FILE: is a folder, not a file; name the plugins.json");
  }

  @Test
  void anotherEncodingIsSaidWithItsLine() throws IOException {
    Path file =
        Files.write(
            folder.resolve("plugins.json"),
            disabled("StreamRecorder", "\"file_location\": \"/Aufführung\"").getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> load(file)).hasMessageStartingWith(file + ":2: is no JSON at column ")
        .hasMessageEndingWith("save it as UTF-8");
  }

  @Test
  void theSettingItselfMustBeAPath() {
    assertThatThrownBy(() -> Settings.load(null, Map.of(), Map.of("reelway.evostream.plugins", "~/plugins.json")))
        .hasMessage("--set: reelway.evostream.plugins: \"~/plugins.json\" starts with ~, which only a shell expands; write"
            + " the whole path");
  }

  @Test
  void aFolderThatLiesElsewhereThanTheUsersOwnIsSaidWithItsLine() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("plugins.json"), enabled("StreamRecorder", "\"file_location\": \"/a\", \"period_time\": 60"));

    assertThatThrownBy(() -> Settings.load(
            null, Map.of(),
            Map.of("reelway.evostream.plugins", file.toString(), "reelway.recordings.folder", "/b")))
        .hasMessage(file + ":2: StreamRecorder.file_location: reelway.recorder.folder: \"/a\" lies in no recordings folder,"
            + " so what is recorded there would not be sent; name one of reelway.recordings.folder (/b) or a folder below");
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> load(file))
        .isInstanceOf(SettingsException.class)
        .hasMessage(message.replace("FILE", file.toString()))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
  }

  private static Settings load(Path file) {
    return Settings.load(null, Map.of(), Map.of("reelway.evostream.plugins", file.toString()));
  }
}
