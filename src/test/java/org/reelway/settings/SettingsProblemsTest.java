package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.failure.InputFailure;
import org.reelway.settings.SettingsException.Problem;

/** What is wrong with settings is said exactly like this. FILE stands for the path of the settings file. */
class SettingsProblemsTest {
  private static final String ELEMENTS = "{path} {dir} {name} {stem} {ext} {stream} {date:PATTERN} {id}";
  private static final String LIKE_THIS = "; write it like https://store.example.com:9000";
  private static final String NOT_A_DURATION =
      " is not a duration; write a whole number with ms, s, m, h or d, such as 30s; allowed: ";
  private static final String NOT_A_SIZE = " is not a size; write bytes, or a whole number with KiB, MiB, GiB, KB, MB "
      + "or GB, such as 16MiB; allowed: 5MiB to 5GiB";

  @TempDir
  private Path folder;

  static Stream<Arguments> badFiles() {
    return Stream.of(
        // Keys
        row("reelway.store.bukcet=a-bucket",
            "FILE:1: reelway.store.bukcet: is not a setting; the nearest is reelway.store.bucket"),
        row("# a comment\n\n  reelway.recording.folder : x",
            "FILE:3: reelway.recording.folder: is not a setting; the nearest is reelway.recordings.folder"),
        row("Reelway.Store.Bucket=a-bucket",
            "FILE:1: Reelway.Store.Bucket: is not a setting; the nearest is reelway.store.bucket"),
        row("relway.store.bucket=a-bucket",
            "FILE:1: relway.store.bucket: is not a setting; the nearest is reelway.store.bucket"),
        row("reelway=x", "FILE:1: reelway: is not a setting; the nearest is reelway.node"),
        row("reelway.http.port=8091\n\n#\nreelway.http.port=8092",
            "FILE:4: reelway.http.port: is given twice, in lines 1 and 4; remove one of them"),
        row("camel.main.name=a\ncamel.main.name=b",
            "FILE:2: camel.main.name: is given twice, in lines 1 and 2; remove one of them"),
        // Free space
        row("reelway.retention.low-water=100%",
            "FILE:1: reelway.retention.low-water: \"100%\" is no free space; allowed: 0 (off), a share such as 10%, or a"
                + " size such as 20GiB"),
        row("reelway.retention.low-water=10%\nreelway.retention.high-water=5%",
            "FILE:2: reelway.retention.high-water: \"5%\" is lower than reelway.retention.low-water (10%), or in another"
                + " unit; make it the same or higher, both as shares or both as sizes"),
        row("reelway.retention.low-water=10GiB\nreelway.retention.high-water=15%",
            "FILE:2: reelway.retention.high-water: \"15%\" is lower than reelway.retention.low-water (10GiB), or in"
                + " another unit; make it the same or higher, both as shares or both as sizes"),
        row("reelway.backup.after=0s",
            "FILE:1: reelway.backup.after: \"0s\" is out of range; allowed: 1s to 30d"),
        row("reelway.backup.endpoint=http://127.0.0.1:9",
            "FILE:1: reelway.backup.endpoint: is set, but does nothing without reelway.backup.bucket; set that too, or"
                + " remove it"),
        row("reelway.store.bucket=a-bucket\nreelway.backup.bucket=a-bucket",
            "FILE:2: reelway.backup.bucket: \"a-bucket\" is the bucket of reelway.store.bucket at the same address; name"
                + " another bucket, best in another place"),
        // Programs
        row("reelway.program.after-recording=/bin/true {fiel}",
            "FILE:1: reelway.program.after-recording: \"/bin/true {fiel}\" has the unknown element {fiel}; allowed: {file}"
                + " {path} {name} {stream} {id} {size}"),
        row("reelway.program.after-mix=/bin/true {file",
            "FILE:1: reelway.program.after-mix: \"/bin/true {file\" has a { without its partner; allowed: {file} {path}"
                + " {name} {stream} {id} {size}"),
        row("reelway.program.after-recording=/bin/true \"{file}",
            "FILE:1: reelway.program.after-recording: \"/bin/true \"{file}\" has a \" without its partner; a \" as such is"
                + " written in the other quotes"),
        row("reelway.program.after-recording=/hooks/{stream} {file}",
            "FILE:1: reelway.program.after-recording: \"/hooks/{stream} {file}\" has an element in the program's own name,"
                + " which must be the same for every recording"),
        row("reelway.program.after-recording=cp {file} /mnt && touch /mnt/done",
            "FILE:1: reelway.program.after-recording: \"cp {file} /mnt && touch /mnt/done\" has &&, which only a shell"
                + " knows, and none is run; write a script, and name that"),
        row("reelway.program.on-failure=delete",
            "FILE:1: reelway.program.on-failure: \"delete\" is not a choice here; allowed: send, hold"),
        row("reelway.program.time-limit=0s",
            "FILE:1: reelway.program.time-limit: \"0s\" is out of range; allowed: 1s to 7d"),
        // Live streams
        row("reelway.roles=api,ingest",
            "FILE:1: reelway.roles: leaves out mixer, callbacks, and no other sidecar would do that: reelway.state.url is not set, so"
                + " that this one is alone; set it to the database that the others share, or add what is left out"),
        row("reelway.roles=ingest,mixr", "FILE:1: reelway.roles: \"mixr\" is no role; allowed are ingest, mixer, callbacks, api"),
        row("reelway.live.folder=recordings/live",
            "FILE:1: reelway.live.folder: \"recordings/live\" lies inside \"recordings\"; name folders that are apart"
                + " (live and reelway.recordings.folder)"),
        row("reelway.live.folder=live\nreelway.state.folder=live",
            "FILE:1: reelway.live.folder: \"live\" and \"live\" are the same folder; name folders that are apart (live and"
                + " reelway.state.folder)"),
        row("reelway.live.keep=some",
            "FILE:1: reelway.live.keep: \"some\" is not a choice here; allowed: window, all"),
        row("reelway.servers.api=wowza:http://127.0.0.1",
            "FILE:1: reelway.servers.api: \"wowza:http://127.0.0.1\" names no kind of server; allowed: [name=]kind:URI,"
                + " separated by commas; kinds: nginx-rtmp (its rtmp_stat page), nginx-rtmp-control (its rtmp_control page),"
                + " srs, mediamtx, ems, wcs; such as nginx-rtmp:http://127.0.0.1:8080/stat,edge2=srs:http://192.0.2.7:1985; user:password@ before the host where"
                + " the API wants them"),
        row("reelway.servers.api=ems:http://admin:topsecret/word@127.0.0.1:7777",
            "FILE:1: reelway.servers.api: the URI of a server's API (not shown) has an @ where no user and password are;"
                + " write @ and / in a password as %40 and %2F"),
        row("reelway.servers.api=ems:http://topsecret@127.0.0.1:7777",
            "FILE:1: reelway.servers.api: the user and password (not shown) of a server's API are not user:password; write"
                + " %, @, / and commas in them as %25, %40, %2F and %2C"),
        row("reelway.servers.api=ems:http://me:topsecret@127.0.0.1:7777,",
            "FILE:1: reelway.servers.api: the list (not shown) has an empty entry; write entries separated by single"
                + " commas"),
        row("reelway.recorder.by=ffmpeg",
            "FILE:1: reelway.recorder.by: \"ffmpeg\" is not a choice here; allowed: server, reelway"),
        row("reelway.servers.api=srs:http://127.0.0.1:1985,srs:http://localhost:1986",
            "FILE:1: reelway.servers.api: two APIs are those of srs \"127.0.0.1\"; give each server a name of its own, here"
                + " and as ?server= in its hooks"),
        row("reelway.live.watch=no",
            "FILE:1: reelway.live.watch: \"no\" is not a choice here; allowed: true, false"),
        row("reelway.live.key={date:yyyy}/{path}",
            "FILE:1: reelway.live.key: \"{date:yyyy}/{path}\" has {date:yyyy} in front, which is not the same for all files"
                + " of a stream; allowed: text and {group} before {path} or {rest}, which comes last, behind a slash or"
                + " alone; {rest} needs {group}"),
        row("reelway.live.gap-after=0s",
            "FILE:1: reelway.live.gap-after: \"0s\" is out of range; allowed: 1s to 1h"),
        row("reelway.live.hds-bootstrap=../bootstrap",
            "FILE:1: reelway.live.hds-bootstrap: \"../bootstrap\" is not valid here; allowed: at most 200 characters, no"
                + " slash, no dot in front"),
        row("reelway.live.prefix=../up",
            "FILE:1: reelway.live.prefix: \"../up\" is not valid here; allowed: at most 200 characters, segments"
                + " separated by /, none of them . or .., no backslash"),
        // Streams that are sent on
        row("reelway.routing.destinations=rtmp://me:topsecret@h/live/{stream}",
            "FILE:1: reelway.routing.destinations: the destination rtmp://h/... cannot be used: it holds a user name and a"
                + " password, which every user of this machine would see in the list of processes; use a stream key (the"
                + " last part of the path)"),
        row("reelway.routing.destinations=rtmp://h/live/{stream},,udp://h:1",
            "FILE:1: reelway.routing.destinations: the list (not shown) has an empty entry; write URIs separated by single"
                + " commas"),
        row("reelway.routing.destinations=ftp://h/x",
            "FILE:1: reelway.routing.destinations: the destination ftp://h/... cannot be used: its scheme \"ftp\" is none of"
                + " http, https, rtmp, rtmps, rtsp, rtsps, srt, udp"),
        row("reelway.routing.destinations=rtmps://192.0.2.7/live/{stream}",
            "FILE:1: reelway.routing.destinations: has rtmps://192.0.2.7:443/live/{stream}, an address with which no public"
                + " certificate can be compared: name the host, or set reelway.relay.ca-file, whose authorities alone are"
                + " then trusted for it"),
        row("reelway.routing.streams=regex:[",
            "FILE:1: reelway.routing.streams: \"regex:[\" is no pattern: Unclosed character class"),
        row("reelway.routing.source=file:///etc/passwd",
            "FILE:1: reelway.routing.source: \"file:///etc/passwd\" is not valid here; allowed: an rtmp, rtmps, rtsp, rtsps,"
                + " srt, http or https URI with {stream}, and {app} where that differs"),
        row("reelway.routing.source=rtsp://me:topsecret@127.0.0.1:8554/{stream}\nreelway.multirecorder.source=rtmp://me:@h/{stream}",
            "FILE:1: reelway.routing.source: the URI holds a user name or a password (an @ before its host), which every user"
                + " of this machine would see in the list of processes; remove it, and let the media server know this machine"
                + " otherwise\nFILE:2: reelway.multirecorder.source: the URI holds a user name or a password (an @ before its"
                + " host), which every user of this machine would see in the list of processes; remove it, and let the media"
                + " server know this machine otherwise"),
        row("reelway.routing.members=rtmp://a/live/{stream},rtmp://b/live/{stream}",
            "FILE:1: reelway.routing.members: needs reelway.routing.address: without it, members send each other's streams"
                + " back"),
        row("reelway.routing.address=127.0.0.1:1935\nreelway.routing.members=rtmp://127.0.0.1/live/{stream},ems+http://me:topsecret@b:7777",
            "FILE:1: reelway.routing.address: \"127.0.0.1:1935\" is this machine to each member, and not all of"
                + " reelway.routing.members are on it; name the address by which the others reach this media server"),
        row("reelway.routing.address=[::1]:1935\nreelway.routing.members=rtmp://b/live/{stream}",
            "FILE:1: reelway.routing.address: \"[::1]:1935\" is this machine to each member, and not all of"
                + " reelway.routing.members are on it; name the address by which the others reach this media server"),
        row("reelway.routing.members=ems+http://me:topsecret@b:7777",
            "FILE:1: reelway.routing.members: needs reelway.routing.address: without it, members send each other's streams"
                + " back"),
        row("reelway.routing.address=a:1935\nreelway.routing.members=ems+ftp://me:topsecret@b:7777",
            "FILE:2: reelway.routing.members: \"ftp://b:7777\" does not start with http:// or https://; write it like"
                + " https://store.example.com:9000"),
        row("reelway.routing.by=ems",
            "FILE:1: reelway.routing.by: \"ems\" is not a choice here; allowed: server, reelway"),
        // Streams that are recorded
        row("reelway.recorder.folder=elsewhere",
            "FILE:1: reelway.recorder.folder: \"elsewhere\" lies in no recordings folder, so what is recorded there would not"
                + " be sent; name one of reelway.recordings.folder (recordings) or a folder below"),
        row("reelway.recorder.name={title}",
            "FILE:1: reelway.recorder.name: \"{title}\" has the unknown element {title}; allowed: {streamName} {duration}"
                + " {startTime} {endTime} {startTimeMillis} {endTimeMillis} {sessionId} {mediaSessionId} {login}"
                + " {audioCodec} {videoCodec}"),
        row("reelway.recorder.rotation=90000",
            "FILE:1: reelway.recorder.rotation: \"90000\" is no rotation; allowed: 0 for never, seconds from 1 to 86399, or"
                + " megabytes as 500M"),
        row("reelway.recorder.rotation=0M",
            "FILE:1: reelway.recorder.rotation: \"0M\" is no rotation; allowed: 0 for never, seconds from 1 to 86399, or"
                + " megabytes as 500M"),
        // Callbacks
        row("reelway.callbacks.url=http://127.0.0.1:9/hook?token=topsecret",
            "FILE:1: reelway.callbacks.url: its host \"127.0.0.1\" is on this machine or in a private network; if that is"
                + " meant, add it to reelway.callbacks.allow-private"),
        row("reelway.callbacks.url=https://b.example,x=http://[fd00::1]/\nreelway.callbacks.allow-private=b.example",
            "FILE:1: reelway.callbacks.url: its host \"fd00::1\" is on this machine or in a private network; if that is"
                + " meant, add it to reelway.callbacks.allow-private"),
        row("reelway.callbacks.url=https://b.example/1,https://b.example/2",
            "FILE:1: reelway.callbacks.url: the name \"b.example\" is given twice; name each receiver, as in"
                + " cms=https://cms.example.com/reelway"),
        row("reelway.callbacks.url=events=https://b.example/1",
            "FILE:1: reelway.callbacks.url: the name \"events\" is taken; name each receiver, as in"
                + " cms=https://cms.example.com/reelway"),
        row("reelway.callbacks.url=https://b.example,,",
            "FILE:1: reelway.callbacks.url: the list (not shown) has an empty entry; write URLs separated by single commas"),
        row("reelway.callbacks.url=https://me:topsecret@b.example",
            "FILE:1: reelway.callbacks.url: the URL (not shown) holds a user name or password (an @); callbacks are signed"
                + " instead, see reelway.callbacks.secret; write it like https://backend.example.com/hooks/reelway"),
        row("reelway.callbacks.events-url=ftp://b.example",
            "FILE:1: reelway.callbacks.events-url: the URL (not shown) does not start with http:// or https://; write it"
                + " like https://backend.example.com/hooks/reelway"),
        row("reelway.callbacks.secret=whsec_notbase64!!notbase64",
            "FILE:1: reelway.callbacks.secret: the secret (not shown) has a character that is not valid here; allowed: whsec_"
                + " and base64, or 16 and more characters without spaces and quotes"),
        row("reelway.callbacks.multi-recorder=later",
            "FILE:1: reelway.callbacks.multi-recorder: \"later\" is not a choice here; allowed: mixed, uploaded, both"),
        row("reelway.callbacks.old-secret=a-secret-of-sixteen-and-more",
            "FILE:1: reelway.callbacks.old-secret: is set, but reelway.callbacks.secret is not; that is the one to begin"
                + " with"),
        row("reelway.callbacks.retry-first=1h",
            "FILE:1: reelway.callbacks.retry-first: \"1h\" is longer than reelway.callbacks.retry-max (15m); make it the same"
                + " or shorter"),
        row("reelway.repair.after=2s",
            "FILE:1: reelway.repair.after: \"2s\" is out of range; allowed: 0s (off) or 3s to 30d"),
        row("reelway.repair.suffix=a/b",
            "FILE:1: reelway.repair.suffix: \"a/b\" is not valid here; allowed: 1 to 40 letters, digits, dots, hyphens and"
                + " underscores"),
        // Durations
        row("reelway.recordings.rescan-every=15",
            "FILE:1: reelway.recordings.rescan-every: \"15\"" + NOT_A_DURATION + "1s to 1d"),
        row("reelway.recordings.rescan-every=15 seconds",
            "FILE:1: reelway.recordings.rescan-every: \"15 seconds\"" + NOT_A_DURATION + "1s to 1d"),
        row("reelway.recordings.rescan-every=-5s",
            "FILE:1: reelway.recordings.rescan-every: \"-5s\"" + NOT_A_DURATION + "1s to 1d"),
        row("reelway.recordings.rescan-every=0s",
            "FILE:1: reelway.recordings.rescan-every: \"0s\" is out of range; allowed: 1s to 1d"),
        row("reelway.recordings.rescan-every=86401s",
            "FILE:1: reelway.recordings.rescan-every: \"86401s\" is out of range; allowed: 1s to 1d"),
        row("reelway.recordings.rescan-every=999999999999d",
            "FILE:1: reelway.recordings.rescan-every: \"999999999999d\" is out of range; allowed: 1s to 1d"),
        row("reelway.recordings.settle-time=500ms",
            "FILE:1: reelway.recordings.settle-time: \"500ms\" is out of range; allowed: 0s (off) or 1s to 7d"),
        row("reelway.shutdown.drain-time=11m",
            "FILE:1: reelway.shutdown.drain-time: \"11m\" is out of range; allowed: 0s to 10m"),
        // Sizes and numbers
        row("reelway.transfer.part-size=16 mb", "FILE:1: reelway.transfer.part-size: \"16 mb\"" + NOT_A_SIZE),
        row("reelway.transfer.part-size=999999999999999GiB",
            "FILE:1: reelway.transfer.part-size: \"999999999999999GiB\"" + NOT_A_SIZE),
        row("reelway.transfer.part-size=5MB",
            "FILE:1: reelway.transfer.part-size: \"5MB\" is out of range; allowed: 5MiB to 5GiB"),
        row("reelway.transfer.part-size=5368709121",
            "FILE:1: reelway.transfer.part-size: \"5368709121\" is out of range; allowed: 5MiB to 5GiB"),
        row("reelway.http.port=http", "FILE:1: reelway.http.port: \"http\" is not a whole number; allowed: 0 to 65535"),
        row("reelway.http.port=65536", "FILE:1: reelway.http.port: \"65536\" is out of range; allowed: 0 to 65535"),
        row("reelway.transfer.attempts=-1",
            "FILE:1: reelway.transfer.attempts: \"-1\" is out of range; allowed: 1 to 20"),
        row("reelway.transfer.parts-at-once=99999999999",
            "FILE:1: reelway.transfer.parts-at-once: \"99999999999\" is out of range; allowed: 1 to 64"),
        // Choices, words, lists
        row("reelway.recordings.on-restart=continue",
            "FILE:1: reelway.recordings.on-restart: \"continue\" is not a choice here; allowed: resume, restart, "
                + "discard"),
        row("reelway.transfer.manifest=yes",
            "FILE:1: reelway.transfer.manifest: \"yes\" is not a choice here; allowed: off, on, full"),
        row("reelway.recordings.tidy=Delete",
            "FILE:1: reelway.recordings.tidy: \"Delete\" is not a choice here; allowed: keep, delete, move"),
        row("reelway.transfer.strip-recorder-version=yes",
            "FILE:1: reelway.transfer.strip-recorder-version: \"yes\" is not a choice here; allowed: true, false"),
        row("reelway.store.path-style=yes",
            "FILE:1: reelway.store.path-style: \"yes\" is not a choice here; allowed: auto, true, false"),
        row("reelway.store.checksum=crc32",
            "FILE:1: reelway.store.checksum: \"crc32\" is not a choice here; allowed: auto, crc64nvme, crc32c, "
                + "md5, none"),
        row("reelway.recordings.extensions=mp4,.flv",
            "FILE:1: reelway.recordings.extensions: \".flv\" is not an extension; write letters and digits without the "
                + "dot, such as mp4,flv"),
        row("reelway.recordings.extensions=mp4,,flv",
            "FILE:1: reelway.recordings.extensions: \"mp4,,flv\" has an empty entry; write entries separated by single "
                + "commas"),
        row("reelway.recordings.extensions=mp4,Upload",
            "FILE:1: reelway.recordings.extensions: \"Upload\" is the marker's own extension, never a recording's; "
                + "remove it"),
        row("reelway.store.bucket=my bucket",
            "FILE:1: reelway.store.bucket: \"my bucket\" is not valid here; allowed: 3 to 63 letters, digits, dots, "
                + "hyphens and underscores"),
        row("reelway.store.bucket=ab",
            "FILE:1: reelway.store.bucket: \"ab\" is not valid here; allowed: 3 to 63 letters, digits, dots, hyphens "
                + "and underscores"),
        row("reelway.store.region=eu west\\n1",
            "FILE:1: reelway.store.region: \"eu west\\u000a1\" is not valid here; allowed: letters, digits and "
                + "hyphens"),
        row("reelway.store.prefix=a/../b",
            "FILE:1: reelway.store.prefix: \"a/../b\" is not valid here; allowed: at most 200 characters, segments "
                + "separated by /, none of them . or .., no backslash"),
        // What objects carry
        row("reelway.store.acl=public",
            "FILE:1: reelway.store.acl: \"public\" is not a choice here; allowed: private, public-read, "
                + "public-read-write, aws-exec-read, authenticated-read, bucket-owner-read, bucket-owner-full-control"),
        row("reelway.store.acl-permission=WRITE\nreelway.store.acl-grantee=http://a/g",
            "FILE:1: reelway.store.acl-permission: \"WRITE\" is not a choice here; allowed: read, read-acp, write-acp, "
                + "full-control"),
        row("reelway.store.acl-grantee=AllUsers\nreelway.store.acl-permission=read",
            "FILE:1: reelway.store.acl-grantee: \"AllUsers\" is not valid here; allowed: the URI of a group, such as "
                + "http://acs.amazonaws.com/groups/global/AllUsers"),
        row("reelway.store.acl-grantee=http://a/g",
            "FILE:1: reelway.store.acl-grantee: is set, but reelway.store.acl-permission is not; set both or neither"),
        row("reelway.store.acl-permission=read",
            "FILE:1: reelway.store.acl-permission: is set, but reelway.store.acl-grantee is not; set both or neither"),
        row("reelway.store.storage-class=STANDARD IA",
            "FILE:1: reelway.store.storage-class: \"STANDARD IA\" is not valid here; allowed: one word of letters, "
                + "digits, underscores, dots and hyphens"),
        row("reelway.store.encryption=aws:kms",
            "FILE:1: reelway.store.encryption: \"aws:kms\" is not a choice here; allowed: none, s3, kms, dsse, "
                + "customer"),
        row("reelway.workflow.folder=recordings/workflow",
            "FILE:1: reelway.workflow.folder: \"recordings/workflow\" lies inside \"recordings\"; name folders that are apart"
                + " (live workflow and reelway.recordings.folder)"),
        row("reelway.workflow.ingest=http://media.example.com/live",
            "FILE:1: reelway.workflow.ingest: \"http://media.example.com/live\" is no application of an RTMP server; write it like"
                + " rtmp://media.example.com/live"),
        row("reelway.workflow.ingest=rtmp://media.example.com/live,rtmp://b/live\nreelway.workflow.ingest-source=rtmp://127.0.0.1/live",
            "FILE:2: reelway.workflow.ingest-source: has not as many addresses as reelway.workflow.ingest; name one for each, in"
                + " the same order"),
        row("reelway.workflow.ingest-source=rtmp://127.0.0.1/live",
            "FILE:1: reelway.workflow.ingest-source: is set, but does nothing without reelway.workflow.ingest; set that too, or"
                + " remove it"),
        row("reelway.workflow.ingest=rtmp://user:secret@media.example.com/live",
            "FILE:1: reelway.workflow.ingest: the URI holds a user name or password (an @); remove it: each stream has a secret key"
                + " of its own"),
        row("reelway.workflow.listen-host=0.0.0.0",
            "FILE:1: reelway.workflow.listen-host: is every address of this machine, and tells publishers none; set"
                + " reelway.workflow.listen-url too"),
        row("reelway.workflow.public-path=live",
            "FILE:1: reelway.workflow.public-path: \"live\" is not valid here; allowed: a folder, and below it {id} or {name}, such"
                + " as live/{id}: letters, digits, dots, hyphens and underscores"),
        row("reelway.workflow.public-path={id}",
            "FILE:1: reelway.workflow.public-path: \"{id}\" is not valid here; allowed: a folder, and below it {id} or {name}, such"
                + " as live/{id}: letters, digits, dots, hyphens and underscores"),
        row("reelway.workflow.driver=aws\nreelway.workflow.aws.role-arn=arn:aws:iam::1:role/r",
            "reelway.workflow.aws.input-security-group: is not set, and reelway.workflow.driver=aws needs it; docs/workflow.md"
                + " says how to make it"),
        row("reelway.store.kms-key=abc",
            "FILE:1: reelway.store.kms-key: is set, but reelway.store.encryption is none; set that to kms or dsse, or "
                + "remove this"),
        row("reelway.store.encryption=s3\nreelway.store.kms-context=a=b",
            "FILE:2: reelway.store.kms-context: is set, but reelway.store.encryption is s3; set that to kms or dsse, or "
                + "remove this"),
        row("reelway.store.encryption=dsse\nreelway.store.kms-bucket-key=true",
            "FILE:2: reelway.store.kms-bucket-key: is set, but reelway.store.encryption is dsse; set that to kms, or "
                + "remove this"),
        row("reelway.store.encryption=kms\nreelway.store.kms-bucket-key=yes",
            "FILE:2: reelway.store.kms-bucket-key: \"yes\" is not a choice here; allowed: true, false"),
        row("reelway.store.encryption=customer",
            "reelway.store.customer-key: is needed with reelway.store.encryption=customer; set it in the settings file, "
                + "or as the environment variable REELWAY_STORE_CUSTOMER_KEY"),
        row("reelway.store.encryption=customer\nreelway.store.customer-key=c2VjcmV0",
            "FILE:2: reelway.store.customer-key: the secret (not shown) has a character that is not valid here; allowed: "
                + "32 bytes in base64 (44 characters)"),
        row("reelway.store.encryption=kms\nreelway.store.customer-key=" + "A".repeat(43) + "=",
            "FILE:2: reelway.store.customer-key: is set, but reelway.store.encryption is kms; set that to customer, or "
                + "remove this"),
        row("reelway.store.endpoint=http://store.example.com\nreelway.store.encryption=customer\n"
                + "reelway.store.customer-key=" + "A".repeat(43) + "=",
            "FILE:2: reelway.store.encryption: is customer, and the key would travel in clear to "
                + "http://store.example.com; use an https reelway.store.endpoint"),
        row("reelway.store.tags=a",
            "FILE:1: reelway.store.tags: \"a\" is not name=value; allowed: name=template, separated by commas, at most "
                + "10, such as keep=90d,stream={stream}"),
        row("reelway.store.tags=a=1,a=2", "FILE:1: reelway.store.tags: \"a\" is given twice"),
        row("reelway.store.tags=aws:a=1",
            "FILE:1: reelway.store.tags: \"aws:a\" is not valid here; allowed: a tag of at most 128 letters, digits, "
                + "spaces and + - _ . : / @"),
        row("reelway.store.tags=a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1",
            "FILE:1: reelway.store.tags: \"a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1\" has 11 entries; allowed: at "
                + "most 10"),
        row("reelway.store.tags=a={strem}",
            "FILE:1: reelway.store.tags: \"{strem}\" has the unknown element {strem}; allowed: " + ELEMENTS),
        row("reelway.store.metadata=MyName=1",
            "FILE:1: reelway.store.metadata: \"MyName\" is not valid here; allowed: a name of lower-case letters, "
                + "digits, hyphens, dots and underscores"),
        row("reelway.store.metadata=reelway-id=1",
            "FILE:1: reelway.store.metadata: \"reelway-id\" is Reelway's own; use another name"),
        row("reelway.store.content-types=mp4=video",
            "FILE:1: reelway.store.content-types: \"video\" is not a media type; write it like video/mp4"),
        row("reelway.store.max-object-size=50001GiB",
            "FILE:1: reelway.store.max-object-size: \"50001GiB\" is out of range; allowed: 1GiB to 50000GiB"),
        row("reelway.http.username=a:b\nreelway.http.password=x",
            "FILE:1: reelway.http.username: \"a:b\" is not valid here; allowed: at most 255 characters, no colon"),
        row("reelway.http.host=http://127.0.0.1",
            "FILE:1: reelway.http.host: \"http://127.0.0.1\" is not valid here; allowed: a host name or an IP address, "
                + "without port"),
        // Folders
        row("reelway.recordings.folder=,",
            "FILE:1: reelway.recordings.folder: \",\" has an empty entry; write entries separated by single commas"),
        row("reelway.recordings.folder=one, ./two/../one",
            "FILE:1: reelway.recordings.folder: \"one\" and \"./two/../one\" are the same folder; name it once"),
        row("reelway.recordings.folder=one,one/two",
            "FILE:1: reelway.recordings.folder: \"one/two\" lies inside \"one\"; name folders that are apart"),
        row("reelway.recordings.folder=one/two,three,one",
            "FILE:1: reelway.recordings.folder: \"one/two\" lies inside \"one\"; name folders that are apart"),
        row("reelway.recordings.folder=~/recordings",
            "FILE:1: reelway.recordings.folder: \"~/recordings\" starts with ~, which only a shell expands; write the "
                + "whole path"),
        row("reelway.state.folder=a\\u0000b",
            "FILE:1: reelway.state.folder: \"a\\u0000b\" is not a path: Nul character not allowed"),
        row("reelway.state.folder=recordings/state",
            "reelway.recordings.folder: \"recordings/state\" lies inside \"recordings\"; name folders that are apart "
                + "(recordings and reelway.state.folder)"),
        row("reelway.recordings.folder=rec,state",
            "FILE:1: reelway.recordings.folder: \"state\" and \"state\" are the same folder; name folders that are apart "
                + "(recordings and reelway.state.folder)"),
        row("reelway.recordings.folder=state/rec",
            "FILE:1: reelway.recordings.folder: \"state/rec\" lies inside \"state\"; name folders that are apart "
                + "(recordings and reelway.state.folder)"),
        row("reelway.recordings.tidy=move",
            "reelway.recordings.move-to: is needed with reelway.recordings.tidy=move; set it in the settings file, or "
                + "as the environment variable REELWAY_RECORDINGS_MOVE_TO"),
        row("reelway.recordings.tidy=move\nreelway.recordings.move-to=recordings/done",
            "FILE:2: reelway.recordings.move-to: \"recordings/done\" lies inside the recordings folder \"recordings\", "
                + "where its files would be found again; name a folder outside"),
        // Key template
        row("reelway.transfer.key={nmae}.mp4",
            "FILE:1: reelway.transfer.key: \"{nmae}.mp4\" has the unknown element {nmae}; allowed: " + ELEMENTS),
        row("reelway.transfer.key={name",
            "FILE:1: reelway.transfer.key: \"{name\" has a { without its }"),
        row("reelway.transfer.key=name}/{path}",
            "FILE:1: reelway.transfer.key: \"name}/{path}\" has a } without its {"),
        row("reelway.transfer.key={{name}}",
            "FILE:1: reelway.transfer.key: \"{{name}}\" has a { inside an element"),
        row("reelway.transfer.key={date:bogus}/{name}",
            "FILE:1: reelway.transfer.key: \"{date:bogus}/{name}\" has {date:bogus}, which is not a date pattern; "
                + "write it like {date:yyyy-MM-dd}"),
        row("reelway.transfer.key={date:}/{name}",
            "FILE:1: reelway.transfer.key: \"{date:}/{name}\" has {date:}, which is not a date pattern; write it like "
                + "{date:yyyy-MM-dd}"),
        row("reelway.transfer.key=all/{stream}.{ext}",
            "FILE:1: reelway.transfer.key: \"all/{stream}.{ext}\" would give different recordings one key; use {path}, "
                + "{name}, {stem}, {id} or {date:...}"),
        // Endpoint
        row("reelway.store.endpoint=store.example.com:9000",
            "FILE:1: reelway.store.endpoint: \"store.example.com:9000\" does not start with http:// or https://"
                + LIKE_THIS),
        row("reelway.store.proxy=http://me:pass@proxy:3128",
            "FILE:1: reelway.store.proxy: the URI holds a user name or password (an @); remove it and set "
                + "proxy-username and proxy-password instead"),
        row("reelway.store.proxy=https://proxy:3128",
            "FILE:1: reelway.store.proxy: \"https://proxy:3128\" starts with https://, but proxies are spoken to without "
                + "TLS; what goes through to an https store is encrypted all the same; write it like "
                + "http://proxy.example.com:3128"),
        row("reelway.store.proxy=http://proxy",
            "FILE:1: reelway.store.proxy: \"http://proxy\" is not http://HOST:PORT; write it like "
                + "http://proxy.example.com:3128"),
        row("reelway.store.proxy=http://proxy:3128\nreelway.store.proxy-username=me",
            "FILE:2: reelway.store.proxy-username: is set, but reelway.store.proxy-password is not; set both or neither"),
        row("reelway.store.proxy-username=me\nreelway.store.proxy-password=x",
            "FILE:1: reelway.store.proxy-username: is set, but does nothing without reelway.store.proxy; set that too, "
                + "or remove it"),
        row("reelway.store.proxy=http://proxy:3128\nreelway.store.no-proxy=http://store",
            "FILE:2: reelway.store.no-proxy: \"http://store\" is not a host; write names without scheme, port and path, "
                + "such as example.com,10.0.0.7"),
        row("reelway.store.role-arn=reelway",
            "FILE:1: reelway.store.role-arn: \"reelway\" is not valid here; allowed: arn:..., without spaces"),
        row("reelway.store.role-external-id=ab",
            "FILE:1: reelway.store.role-external-id: is set, but does nothing without reelway.store.role-arn; set that "
                + "too, or remove it"),
        row("reelway.telemetry.headers=Authorization=Bearer abc",
            "FILE:1: reelway.telemetry.headers: is set, but does nothing without reelway.telemetry.endpoint; set that too, or "
                + "remove it"),
        row("reelway.store.min-rate=1KiB",
            "FILE:1: reelway.store.min-rate: \"1KiB\" is not a rate; write a whole number with B/s, KiB/s, MiB/s, GiB/s, "
                + "KB/s, MB/s or GB/s, such as 20MiB/s; allowed: 0 (none) or 1B/s to 1GiB/s"),
        row("reelway.transfer.bandwidth=08:00-18:00 20MiB/s",
            "FILE:1: reelway.transfer.bandwidth: \"08:00-18:00 20MiB/s\" has no rate from Mon 00:00 to Mon 08:00; add an "
                + "entry, or one without hours for all other times (0 is without limit)"),
        row("reelway.transfer.bandwidth-zone=Mars/Olympus",
            "FILE:1: reelway.transfer.bandwidth-zone: \"Mars/Olympus\" is not a time zone; allowed: such as "
                + "Europe/Berlin, UTC or +02:00"),
        row("reelway.store.endpoint=s3://store",
            "FILE:1: reelway.store.endpoint: \"s3://store\" does not start with http:// or https://" + LIKE_THIS),
        row("reelway.store.endpoint=https://",
            "FILE:1: reelway.store.endpoint: \"https://\" is not a URI" + LIKE_THIS),
        row("reelway.store.endpoint=http://my store",
            "FILE:1: reelway.store.endpoint: \"http://my store\" is not a URI" + LIKE_THIS),
        row("reelway.store.endpoint=http://my_store:9000",
            "FILE:1: reelway.store.endpoint: \"http://my_store:9000\" has no valid host (a host name has letters, "
                + "digits, dots and hyphens, no underscore)" + LIKE_THIS),
        row("reelway.store.endpoint=http://store:70000",
            "FILE:1: reelway.store.endpoint: \"http://store:70000\" has a port outside 1 to 65535" + LIKE_THIS),
        row("reelway.store.endpoint=http://store/?a=b",
            "FILE:1: reelway.store.endpoint: \"http://store/?a=b\" has a query or fragment" + LIKE_THIS),
        row("reelway.store.endpoint=https://me:hunter2@store",
            "FILE:1: reelway.store.endpoint: the URI holds a user name or password (an @); remove it and set "
                + "reelway.store.access-key and reelway.store.secret-key instead"),
        // Credentials
        row("reelway.store.access-key=AKIA",
            "FILE:1: reelway.store.access-key: is set, but reelway.store.secret-key is not; set both or neither"),
        row("reelway.store.secret-key=hunter2",
            "FILE:1: reelway.store.secret-key: is set, but reelway.store.access-key is not; set both or neither"),
        row("reelway.store.session-token=hunter2",
            "FILE:1: reelway.store.session-token: is set without the pair it belongs to; set reelway.store.access-key "
                + "and reelway.store.secret-key, or remove it"),
        row("reelway.store.access-key=AKIA\nreelway.store.secret-key=hunter2\nreelway.store.profile=prod",
            "FILE:3: reelway.store.profile: is set beside a static pair of credentials; remove it, or "
                + "reelway.store.access-key and reelway.store.secret-key"),
        row("reelway.store.access-key=AKIA\nreelway.store.secret-key=\"hunter2\"",
            "FILE:2: reelway.store.secret-key: the secret (not shown) has a character that is not valid here; allowed: "
                + "no spaces, no quotes"),
        // Servers
        row("reelway.http.host=0.0.0.0",
            "FILE:1: reelway.http.host: \"0.0.0.0\" is reachable from other machines; set reelway.http.access-file, or reelway.http.username and "
                + "reelway.http.password, or listen on 127.0.0.1"),
        row("reelway.management.host=127.example.com",
            "FILE:1: reelway.management.host: \"127.example.com\" is reachable from other machines; set reelway.http.access-file, or "
                + "reelway.management.username and reelway.management.password, or listen on 127.0.0.1"),
        row("reelway.http.host=::\nreelway.http.username=me",
            "FILE:2: reelway.http.username: is set, but reelway.http.password is not; set both or neither"),
        row("reelway.management.password=hunter2",
            "FILE:1: reelway.management.password: is set, but reelway.management.username is not; set both or neither"),
        row("reelway.http.port=9876",
            "reelway.management.port: 9876 on 127.0.0.1 is taken by reelway.http.port; give the two servers different "
                + "ports"),
        row("reelway.http.host=localhost\nreelway.management.port=8090",
            "FILE:2: reelway.management.port: 8090 on 127.0.0.1 is taken by reelway.http.port; give the two servers "
                + "different ports"),
        // Retries
        row("reelway.transfer.retry-first=10m",
            "FILE:1: reelway.transfer.retry-first: \"10m\" is longer than reelway.transfer.retry-max (5m); make it the "
                + "same or shorter"),
        // Syntax
        row("a=1\nreelway.http.port=\\u12",
            "FILE:2: has a \\u that is not followed by four hex digits; write \\\\ for a \\"),
        // All of them at once
        row("reelway.http.prot=1\nreelway.http.port=x\nreelway.http.host=0.0.0.0",
            """
            FILE:1: reelway.http.prot: is not a setting; the nearest is reelway.http.port
            FILE:2: reelway.http.port: "x" is not a whole number; allowed: 0 to 65535
            FILE:3: reelway.http.host: "0.0.0.0" is reachable from other machines; set reelway.http.access-file, or reelway.http.username and \
            reelway.http.password, or listen on 127.0.0.1"""));
  }

  private static Arguments row(String file, String message) {
    return Arguments.of(file, message);
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void fileIsRefusedWithExactlyThisMessage(String content, String message) throws IOException {
    Path file = write(content.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> Settings.load(file, Map.of(), Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(message.replace("FILE", file.toString()))
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void unknownVariableNamesTheNearest() {
    assertProblem(Map.of("REELWAY_STORE_BUKET", "x", "PATH", "/bin"), Map.of(),
        "environment REELWAY_STORE_BUKET: is not a setting; the nearest is REELWAY_STORE_BUCKET");
  }

  @Test
  void badVariableIsNamedWithItsKey() {
    assertProblem(Map.of("REELWAY_HTTP_PORT", "x"), Map.of(),
        "environment REELWAY_HTTP_PORT: reelway.http.port: \"x\" is not a whole number; allowed: 0 to 65535");
  }

  @Test
  void badOverrideIsNamedAsSuch() {
    assertProblem(Map.of(), Map.of("reelway.http.port", "x"),
        "--set: reelway.http.port: \"x\" is not a whole number; allowed: 0 to 65535");
    assertProblem(Map.of(), Map.of("store.bucket", "x"),
        "--set: store.bucket: is not a setting; the nearest is reelway.store.bucket");
  }

  @Test
  void aSettingThatIsGoneNamesWhatTakesItsPlace() throws IOException {
    String instead = " is no setting any more: run `reelway import evostream FILE` once, and use the settings that it writes"
        + " (docs/evostream.md)";
    Path file = write("reelway.evostream.plugins=/etc/plugins.json\n".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> Settings.load(file, Map.of(), Map.of()))
        .hasMessage(file + ":1: reelway.evostream.plugins:" + instead);
    assertThatThrownBy(() -> Settings.load(null, Map.of("REELWAY_EVOSTREAM_PLUGINS", "x"), Map.of()))
        .hasMessage("environment REELWAY_EVOSTREAM_PLUGINS:" + instead);
  }

  @Test
  void missingFileIsNamed() {
    Path file = folder.resolve("nowhere.properties");

    assertThatThrownBy(() -> Settings.load(file, Map.of(), Map.of()))
        .hasMessage(file + ": there is no such file; name another with -c, or create it");
  }

  @Test
  void folderInsteadOfFileIsNamed() {
    assertThatThrownBy(() -> Settings.load(folder, Map.of(), Map.of()))
        .hasMessage(folder + ": is a folder, not a file; name the settings file");
  }

  @Test
  void fileInAnotherEncodingIsNamedWithItsLine() throws IOException {
    Path file = write("a=1\nreelway.store.prefix=Aufführung\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> Settings.load(file, Map.of(), Map.of()))
        .hasMessage(file + ":2: is not UTF-8 text; save the file as UTF-8");
  }

  @Test
  void fileThatCannotBeReadIsTheOnlyProblem() throws IOException {
    Path file = write("reelway.store.bucket=Aufführung\n".getBytes(StandardCharsets.ISO_8859_1));

    for (Path unreadable : List.of(file, folder, folder.resolve("nowhere"))) {
      assertThatThrownBy(() -> Settings.load(unreadable, Map.of(), Map.of(), Set.of(StoreSettings.BUCKET)))
          .hasMessageStartingWith(unreadable + ":").hasMessageNotContaining("\n");
    }
  }

  @Test
  void linkThatLeadsIntoTheRecordingsIsSeenThrough() throws IOException {
    Path recordings = Files.createDirectory(folder.resolve("recordings"));
    Path link = Files.createSymbolicLink(folder.resolve("elsewhere"), recordings);

    assertProblem(
        Map.of(
            "REELWAY_RECORDINGS_FOLDER", recordings.toString(), "REELWAY_STATE_FOLDER", link.resolve("new").toString()),
        Map.of(),
        "environment REELWAY_RECORDINGS_FOLDER: reelway.recordings.folder: \"" + link.resolve("new")
            + "\" lies inside \"" + recordings + "\"; name folders that are apart "
            + "(recordings and reelway.state.folder)");
  }

  @Test
  void requiredSettingThatIsMissingIsAProblemAmongTheOthers() {
    SettingsException failure = catchThrowableOfType(SettingsException.class, () ->
        Settings.load(null, Map.of("REELWAY_HTTP_PORT", "x"), Map.of(), Set.of(StoreSettings.BUCKET)));

    assertThat(failure.problems()).containsExactly(
        new Problem("environment REELWAY_HTTP_PORT", "reelway.http.port",
            "\"x\" is not a whole number; allowed: 0 to 65535"),
        new Problem("", "reelway.store.bucket",
            "is not set; set it in the settings file, or as the environment variable REELWAY_STORE_BUCKET"));
  }

  @Test
  void requiredSettingThatIsWrongIsOneProblemOnly() {
    assertThatThrownBy(() ->
        Settings.load(null, Map.of("REELWAY_STORE_BUCKET", "!"), Map.of(), Set.of(StoreSettings.BUCKET)))
        .hasMessageStartingWith("environment REELWAY_STORE_BUCKET: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void requireNamesKeyAndVariable() {
    Settings settings = Settings.load(null, Map.of(), Map.of());

    assertThatThrownBy(() -> settings.require(StoreSettings.BUCKET))
        .isInstanceOf(InputFailure.class)
        .hasMessage("reelway.store.bucket: is not set; set it in the settings file, or as the environment variable "
            + "REELWAY_STORE_BUCKET");
  }

  @Test
  void longValueIsCutInTheMessage() {
    assertProblem(Map.of("REELWAY_HTTP_PORT", "x".repeat(500)), Map.of(),
        "environment REELWAY_HTTP_PORT: reelway.http.port: \"" + "x".repeat(120)
            + "...\" is not a whole number; allowed: 0 to 65535");
  }

  private void assertProblem(Map<String, String> environment, Map<String, String> overrides, String message) {
    assertThatThrownBy(() -> Settings.load(null, environment, overrides))
        .isInstanceOf(SettingsException.class)
        .hasMessage(message);
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("application.properties"), content);
  }
}
