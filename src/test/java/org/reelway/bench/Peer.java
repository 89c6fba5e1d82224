package org.reelway.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Another program that uploads.
 *
 * @param name as the table shows it, options that matter included
 * @param program its file
 * @param arguments that send all files of a folder, one process
 */
record Peer(String name, Path program, BiFunction<Path, SinkPlace, List<String>> arguments) {

  /** Where the sink is, and how to trust it. */
  record SinkPlace(Scheme scheme, String endpoint, String bucket, Path certificate) {
    static SinkPlace of(SinkProcess sink, Scheme scheme) {
      return new SinkPlace(
          scheme, sink.endpoint(scheme).toString(), sink.nextBucket(), sink.keys().certificate());
    }

    boolean tls() {
      return scheme == Scheme.HTTPS;
    }

    String authority() {
      return endpoint.substring(endpoint.indexOf("//") + 2);
    }
  }

  List<String> command(Path folder, SinkPlace sink) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments.apply(folder, sink));
    return command;
  }

  static Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID", "access", "AWS_SECRET_ACCESS_KEY", "secret", "AWS_DEFAULT_REGION", "us-east-1",
        "AWS_EC2_METADATA_DISABLED", "true");
  }

  /** Those that are installed send large files as they do by default, and with the options that cost them least. */
  static List<Peer> forLargeFiles() {
    List<Peer> peers = new ArrayList<>();
    find("rclone").ifPresent(program -> {
      peers.add(new Peer("rclone copy", program, (folder, sink) -> rclone(folder, sink)));
      peers.add(new Peer("rclone copy --s3-disable-checksum", program,
          (folder, sink) -> rclone(folder, sink, "--s3-disable-checksum")));
    });
    find("aws").ifPresent(program ->
        peers.add(new Peer("aws s3 cp --recursive", program, (folder, sink) -> List.of(
            "s3", "cp", "--recursive", "--only-show-errors", "--endpoint-url", sink.endpoint(), "--ca-bundle",
            sink.certificate().toString(),
            folder.toString(), "s3://" + sink.bucket() + "/"))));
    find("s3cmd").ifPresent(program -> peers.add(new Peer("s3cmd put", program, Peer::s3cmd)));
    find("curl").ifPresent(program -> peers.add(new Peer("curl -T (no S3, no checksum)", program, Peer::curl)));
    return peers;
  }

  static List<Peer> forSmallFiles() {
    return find("rclone").stream()
        .map(program -> new Peer("rclone copy --transfers 16", program,
            (folder, sink) -> rclone(folder, sink, "--transfers", "16")))
        .toList();
  }

  /** A folder again and again, with the options that cost it least: sizes and times, no request for each object. */
  static Optional<Peer> forCopyLoop() {
    return find("rclone").map(program -> new Peer("rclone copy every second", program,
        (folder, sink) -> rclone(folder, sink, "--transfers", "16", "--checkers", "16", "--use-server-modtime",
            "--update", "--exclude", ".*")));
  }

  static List<String> missing() {
    return Stream.of("rclone", "aws", "s3cmd", "curl").filter(name -> find(name).isEmpty()).toList();
  }

  private static List<String> rclone(Path folder, SinkPlace sink, String... options) {
    List<String> arguments = new ArrayList<>(List.of(
        "copy", folder.toString(), ":s3:" + sink.bucket(), "--config", "/dev/null", "--s3-provider", "Other", "--s3-env-auth",
        "--s3-endpoint", sink.endpoint(), "--s3-region", "us-east-1", "--s3-force-path-style",
        "--s3-no-check-bucket", "--exclude", "*.upload", "--ca-cert",
        sink.certificate().toString()));
    arguments.addAll(List.of(options));
    return arguments;
  }

  private static List<String> s3cmd(Path folder, SinkPlace sink) {
    List<String> arguments = new ArrayList<>(List.of(
        "--config=/dev/null", "--access_key=access", "--secret_key=secret", "--host=" + sink.authority(),
        "--host-bucket=" + sink.authority(), "--region=us-east-1", "--no-progress", "--quiet",
        "--ca-certs=" + sink.certificate(), sink.tls() ? "--ssl" : "--no-ssl", "put"));
    files(folder).forEach(file -> arguments.add(file.toString()));
    arguments.add("s3://" + sink.bucket() + "/");
    return arguments;
  }

  private static List<String> curl(Path folder, SinkPlace sink) {
    List<String> arguments =
        new ArrayList<>(List.of("-sS", "--fail", "-o", "/dev/null", "--cacert", sink.certificate().toString()));
    for (Path file : files(folder)) {
      arguments.addAll(List.of("-T", file.toString(), sink.endpoint() + "/" + sink.bucket() + "/" + file.getFileName()));
    }
    return arguments;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.toString().endsWith(".upload")).sorted().toList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The system's own comes first: shims of version managers on the PATH may lead nowhere. */
  private static Optional<Path> find(String name) {
    Stream<String> folders =
        Stream.concat(Stream.of("/usr/bin", "/usr/local/bin"), Stream.of(System.getenv("PATH").split(":")));
    return folders.map(folder -> Path.of(folder, name)).filter(Files::isExecutable).findFirst();
  }
}
