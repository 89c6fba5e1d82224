// What is happening now: figures, and a row for each thing that goes on.
import {bytes, fileName, length, row, t, time, times, trouble, word} from './parts.js';

/** A list under a heading; nothing where there is nothing. @param some count, and the first ones */
function section(id, title, some, each) {
  if (!some || some.error) {
    return some ? t.section({'aria-labelledby': id}, t.h2({id}, title), trouble(some.error)) : null;
  }
  return some.count === 0 ? null : t.section({'aria-labelledby': id},
    t.h2({id}, title), t.ul({class: 'rows'}, some.first.map(each)),
    some.count > some.first.length ? t.p({class: 'quiet'}, 'and ' + (some.count - some.first.length) + ' more') : null);
}

const tile = (name, value, more, isBad) =>
  t.li(null, t.span({class: 'quiet'}, name), t.strong({class: isBad ? 'bad' : ''}, value), t.span({class: 'quiet'}, more || ''));

function tiles(now) {
  const sending = (now.transferring.first || []).reduce((sum, it) => sum + it.bytesPerSecond, 0);
  const limit = now.bandwidth.bytesPerSecond;
  const tight = (now.disks.map ? now.disks : []).slice().sort((a, b) => a.freeBytes / a.bytes - b.freeBytes / b.bytes)[0];
  const callbacks = now.callbacks;
  return t.ul({class: 'tiles', 'aria-label': 'Figures'},
    tile('Waiting', now.waiting.recordings, bytes(now.waiting.bytes)
      + (now.waiting.oldestSeconds > 60 ? ', oldest ' + length(now.waiting.oldestSeconds) : '')),
    tile('Sending', bytes(sending) + '/s', limit ? 'of at most ' + bytes(limit) + '/s' : 'no limit'),
    tile('Done', (now.counts.done || 0) + (now.counts.verified || 0), 'in the store'),
    tile('Set aside', now.counts['set-aside'] || 0, 'people have to look', now.counts['set-aside'] > 0),
    tile('Callbacks', callbacks.waiting || 0, 'waiting; ' + (callbacks.dead || 0) + ' given up', callbacks.dead > 0),
    tight ? tile('Disk', bytes(tight.freeBytes), 'free of ' + bytes(tight.bytes) + ', ' + tight.folder, tight.critical) : null,
    now.backup.on ? tile('In the backup', now.backup.recordings, bytes(now.backup.bytes), now.backup.problems > 0) : null);
}

function health(now) {
  const down = (now.health.checks || []).filter(check => check.status !== 'UP');
  return down.length === 0 && !now.health.error ? null : t.section({'aria-labelledby': 'health'},
    t.h2({id: 'health'}, 'Not healthy'),
    t.ul({class: 'rows'}, now.health.error ? trouble(now.health.error) : down.map(check =>
      row(check.name, t.strong(null, check.name), word(check.status), t.span({class: 'wide'}, check.message || '')))));
}

/** The sidecars that share the state, where there are several. Each has a page of its own where it has the role. */
function nodes(now, act) {
  const isReached = it => it.address && !/^https?:\/\/(127\.|localhost|\[::1\])/.test(it.address);
  return !now.nodes.error && now.nodes.count < 2 ? null : section('nodes', 'Nodes', now.nodes, it => row(it.id,
    t.strong(null, it.id === now.nodes.self ? it.id + ' (this one)' : it.id), word(it.state), t.span(null, it.roles.join(', ')),
    t.span({class: 'quiet'}, it.version), isReached(it) && it.roles.includes('api') ? t.a({href: it.address}, it.address)
      : t.span({class: 'quiet'}, it.address), t.span({class: 'quiet'}, 'seen ', time(it.seenAt)),
    it.state === 'gone' ? act('Forget', 'DELETE', 'nodes/' + encodeURIComponent(it.id),
      'Forget the node ' + it.id + '? What waits on its disk is sent once it runs again.') : null));
}

/** What became of the newest edit of the routes, where edits are put into force. */
function routes(now) {
  const newest = (now.routes || {}).newest;
  return newest ? t.p({class: newest.state === 'current' ? 'quiet' : 'bad', id: 'routes'},
    'Routes ', word(newest.state), ' ', newest.message, ', ', time(newest.at)) : null;
}

function transfer(it) {
  const share = it.size ? it.bytesDone / it.size : 0;
  return row(it.id, t.strong(null, fileName(it.file)), t.span(null, bytes(it.bytesDone) + ' of ' + bytes(it.size)),
    t.span(null, bytes(it.bytesPerSecond) + '/s'), t.span(null, it.partsDone + ' of ' + it.parts + ' parts'),
    it.retries ? t.span({class: 'bad'}, it.retries === 1 ? '1 retry' : it.retries + ' retries') : null,
    t.progress({class: 'wide', max: 1, value: share, 'aria-label': fileName(it.file)}, Math.round(share * 100) + ' %'),
    trouble(it.lastError));
}

/** The player in the row, once it is asked for. @param address relative to this page */
function player(id, name, address, playing) {
  const isOn = playing.on.has(id);
  return [t.button({type: 'button', 'aria-expanded': String(isOn), 'aria-label': (isOn ? 'Close the player of ' : 'Play ') + name,
      onClick: () => playing.toggle(id)}, isOn ? 'Close player' : 'Play'),
    isOn ? t.iframe({class: 'wide player', src: address, title: 'Player of ' + name}) : null];
}

const playlist = (it, playing) => row(it.playlist, t.strong(null, it.playlist), t.span({class: 'quiet'}, it.kind), word(it.state),
  it.delaySeconds !== undefined ? t.span(null, 'chunks after ' + length(it.delaySeconds)) : null,
  it.published ? t.span({class: 'quiet'}, it.published) : null,
  it.gaps ? t.span({class: 'bad'}, times(it.gaps, 'gap')) : null,
  it.watch ? player('playlist ' + it.playlist, it.playlist, 'player?src=' + encodeURIComponent(it.watch), playing) : null, trouble(it.trouble));

const task = (it, name, act, more) => row(it.id, t.strong(null, name), word(it.state), t.span({class: 'quiet'}, 'by ' + it.by),
  t.span(null, bytes(it.bytes)), it.runs > 1 ? t.span({class: 'quiet'}, 'run ' + it.runs) : null, more, trouble(it.trouble));

function stream(it, act, playing) {
  const at = 'streams/' + encodeURIComponent(it.id);
  return row(it.id, t.strong(null, it.name || it.id), word(it.state), it.live ? word('live') : null,
    player('stream ' + it.id, it.name || it.id, 'player?stream=' + encodeURIComponent(it.id), playing),
    t.a({href: 'player?stream=' + encodeURIComponent(it.id), 'aria-label': 'Page of ' + (it.name || it.id)}, 'Page'),
    it.state === 'stopped' ? act('Start', 'POST', at + '/start', 'Start the stream ' + it.name + '?') : null,
    it.started ? act('Stop', 'POST', at + '/stop', 'Stop the stream ' + it.name + '? Its session ends.') : null,
    it.live ? act('Take off live', 'DELETE', at + '/live', 'Take ' + it.name + ' off its public live address?')
      : act('Put live', 'POST', at + '/live', 'Put ' + it.name + ' on its public live address?'),
    trouble(it.trouble));
}

function mix(it, act) {
  const at = 'mixes/' + encodeURIComponent(it.id);
  const name = fileName(it.recording);
  return row(it.id, t.strong(null, name), word(it.state), it.percent !== undefined ? t.span(null, it.percent + ' %') : null,
    act('Retry', 'POST', at + '/retry', 'Try the mix of ' + name + ' again?'),
    act('Cancel', 'POST', at + '/cancel', 'Cancel the mix of ' + name + '? What was recorded stays.'),
    act('Drop', 'DELETE', at, 'Drop the mix of ' + name + '? It is forgotten; what was recorded stays.'), trouble(it.trouble));
}

/**
 * All that is happening.
 *
 * @param act makes a button that asks before it does something
 * @param playing which players are open, on, and how to open or close one, toggle
 */
export function happening(now, act, playing) {
  const isQuiet = ['transferring', 'live', 'streams', 'relays', 'recorders', 'multirecorders', 'mixes'].every(part => now[part].count === 0);
  return t.div(null, health(now), nodes(now, act), tiles(now), routes(now),
    isQuiet ? t.p({class: 'quiet'}, 'Nothing is being sent, published, recorded or mixed now.') : null,
    section('sending', 'Being sent', now.transferring, transfer),
    section('playlists', 'Live playlists', now.live, it => playlist(it, playing)),
    section('streams', 'Streams of the live workflow', now.streams, it => stream(it, act, playing)),
    section('relays', 'Relays', now.relays, it => task(it, it.stream + ' → ' + it.destination, act,
      act('Restart', 'POST', 'relays/' + encodeURIComponent(it.id) + '/restart', 'Restart the relay of ' + it.stream + ' to ' + it.destination + '?'))),
    section('recorders', 'Recorders', now.recorders, it => task(it, it.stream + (it.file ? ' → ' + fileName(it.file) : ''), act)),
    section('multirecorders', 'Multi-recorders', now.multirecorders, it => row(it.uri, t.strong(null, it.uri), t.span(null, it.fileName || ''),
      t.span({class: 'wide quiet'}, it.streams.map(each => each.stream + ' (' + each.state + ')').join(', ')))),
    section('mixes', 'Mixes', now.mixes, it => mix(it, act)),
    now.backup.on && now.backup.recordings > 0 ? t.section({'aria-labelledby': 'backup'}, t.h2({id: 'backup'}, 'In the backup store'),
      t.p(null, times(now.backup.recordings, 'recording') + ', ' + bytes(now.backup.bytes)),
      act('Bring back now', 'POST', 'backup/bring-back', 'Bring recordings back from the backup store now?')) : null,
    now.stores.count > 1 || now.stores.error ? section('stores', 'Stores', now.stores, it => row(it.name, t.strong(null, it.name),
      word(it.up ? 'UP' : 'DOWN'), t.span({class: 'quiet'}, it.bucket + ' at ' + it.address), trouble(it.error))) : null,
    section('actions', 'What was done by people and programs', now.actions, it => row(it.time + it.who + it.what,
      t.span(null, t.strong(null, it.what), ' by ', it.who || 'anybody', it.role ? ' (' + it.role + ')' : ''), t.span({class: 'quiet'}, 'from ' + it.from),
      t.span({class: it.outcome > 0 && it.outcome < 400 ? 'good' : 'bad'}, it.outcome || 'no answer'), time(it.time))),
    section('folders', 'Folders', now.folders, it => row(it.folder, it.folder, t.span({class: 'quiet'}, 'watched by ' + it.mode),
      it.heldBackCount ? t.span({class: 'bad'}, times(it.heldBackCount, 'file') + ' held back') : null)));
}
