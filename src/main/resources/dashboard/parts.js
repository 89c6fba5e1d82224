// Words, numbers and pieces that the page is made of. What is shown is text, never markup.
import {h} from './preact.js';

/** Elements by their names: t.li({class: 'x'}, 'text'). */
export const t = new Proxy({}, {get: (none, name) => (attributes, ...children) => h(name, attributes, ...children)});

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
export function bytes(number) {
  let unit = 0;
  let value = number || 0;
  while (value >= 1024 && unit < BYTES.length - 1) {
    value /= 1024;
    unit++;
  }
  return (unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)) + ' ' + BYTES[unit];
}

export function length(seconds) {
  if (seconds < 60) {
    return (seconds < 10 && seconds % 1 ? seconds.toFixed(1) : Math.round(seconds)) + ' s';
  }
  return seconds < 3600 ? Math.round(seconds / 60) + ' min' : seconds < 172800 ? (seconds / 3600).toFixed(1) + ' h' : Math.round(seconds / 86400) + ' d';
}

export const times = (number, word) => number + ' ' + word + (number === 1 ? '' : 's');

export function time(instant) {
  const at = new Date(instant);
  const isToday = at.toDateString() === new Date().toDateString();
  return t.time({dateTime: instant, title: instant}, isToday ? at.toLocaleTimeString() : at.toLocaleString());
}

const GOOD = ['verified', 'done', 'live', 'running', 'UP', 'delivered', 'started'];
const BAD = ['set-aside', 'failing', 'refused', 'dead', 'failed', 'DOWN', 'waiting-for-room', 'incomplete'];
export const word = state =>
  t.span({class: 'word' + (GOOD.includes(state) ? ' good' : BAD.includes(state) ? ' bad' : '')}, state);

const fileName = path => path.slice(path.lastIndexOf('/') + 1);
const trouble = text => text ? t.span({class: 'bad wide'}, text) : null;
const row = (key, name, ...rest) => t.li({key}, t.span({class: 'name'}, name), ...rest);

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

function transfer(it) {
  const share = it.size ? it.bytesDone / it.size : 0;
  return row(it.id, t.strong(null, fileName(it.file)), t.span(null, bytes(it.bytesDone) + ' of ' + bytes(it.size)),
    t.span(null, bytes(it.bytesPerSecond) + '/s'), t.span(null, it.partsDone + ' of ' + it.parts + ' parts'),
    it.retries ? t.span({class: 'bad'}, it.retries === 1 ? '1 retry' : it.retries + ' retries') : null,
    t.progress({class: 'wide', max: 1, value: share, 'aria-label': fileName(it.file)}, Math.round(share * 100) + ' %'),
    trouble(it.lastError));
}

const playlist = it => row(it.playlist, t.strong(null, it.playlist), t.span({class: 'quiet'}, it.kind), word(it.state),
  it.delaySeconds !== undefined ? t.span(null, 'chunks after ' + length(it.delaySeconds)) : null,
  it.published ? t.span({class: 'quiet'}, it.published) : null,
  it.gaps ? t.span({class: 'bad'}, times(it.gaps, 'gap')) : null, trouble(it.trouble));

const task = (it, name, act, more) => row(it.id, t.strong(null, name), word(it.state), t.span({class: 'quiet'}, 'by ' + it.by),
  t.span(null, bytes(it.bytes)), it.runs > 1 ? t.span({class: 'quiet'}, 'run ' + it.runs) : null, more, trouble(it.trouble));

function stream(it, act) {
  const at = 'streams/' + encodeURIComponent(it.id);
  return row(it.id, t.strong(null, it.name || it.id), word(it.state), it.live ? word('live') : null,
    t.a({href: 'player?stream=' + encodeURIComponent(it.id)}, 'Player', t.span({class: 'quiet'}, ' of ' + (it.name || it.id))),
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

/** All that is happening. @param act makes a button that asks before it does something */
export function happening(now, act) {
  const isQuiet = ['transferring', 'live', 'streams', 'relays', 'recorders', 'multirecorders', 'mixes'].every(part => now[part].count === 0);
  return t.div(null, health(now), tiles(now),
    isQuiet ? t.p({class: 'quiet'}, 'Nothing is being sent, published, recorded or mixed now.') : null,
    section('sending', 'Being sent', now.transferring, transfer),
    section('playlists', 'Live playlists', now.live, playlist),
    section('streams', 'Streams of the live workflow', now.streams, it => stream(it, act)),
    section('relays', 'Relays', now.relays, it => task(it, it.stream + ' → ' + it.destination, act,
      act('Restart', 'POST', 'relays/' + encodeURIComponent(it.id) + '/restart', 'Restart the relay of ' + it.stream + ' to ' + it.destination + '?'))),
    section('recorders', 'Recorders', now.recorders, it => task(it, it.stream + (it.file ? ' → ' + fileName(it.file) : ''), act)),
    section('multirecorders', 'Multi-recorders', now.multirecorders, it => row(it.uri, t.strong(null, it.uri), t.span(null, it.fileName || ''),
      t.span({class: 'wide quiet'}, it.streams.map(each => each.stream + ' (' + each.state + ')').join(', ')))),
    section('mixes', 'Mixes', now.mixes, it => mix(it, act)),
    now.backup.on && now.backup.recordings > 0 ? t.section({'aria-labelledby': 'backup'}, t.h2({id: 'backup'}, 'In the backup store'),
      t.p(null, times(now.backup.recordings, 'recording') + ', ' + bytes(now.backup.bytes)),
      act('Bring back now', 'POST', 'backup/bring-back', 'Bring recordings back from the backup store now?')) : null,
    section('folders', 'Folders', now.folders, it => row(it.folder, it.folder, t.span({class: 'quiet'}, 'watched by ' + it.mode),
      it.heldBackCount ? t.span({class: 'bad'}, times(it.heldBackCount, 'file') + ' held back') : null)));
}

export function callback(it, act) {
  return row(it.id, t.span(null, t.strong(null, it.type), ' ', it.about), word(it.state), t.span({class: 'quiet'}, 'to ' + it.receiver),
    t.span({class: 'quiet'}, it.tries === 1 ? '1 try' : it.tries + ' tries'),
    act('Send again', 'POST', 'callbacks/' + encodeURIComponent(it.id) + '/replay', 'Send the callback ' + it.type + ' of ' + it.about + ' again?'),
    trouble(it.state === 'delivered' ? '' : it.problem));
}

export function callbacks(now, act) {
  const all = now.callbacks.callbacks || [];
  return t.section({'aria-labelledby': 'callbacks-title'}, t.h2({id: 'callbacks-title'}, 'Callbacks'),
    all.length === 0 ? t.p({class: 'quiet'}, 'None waits, none was given up.') : t.ul({class: 'rows'}, all.map(it => callback(it, act))));
}

/** What happened to a recording. @param told answers of the API, null while they are on their way */
export function story(told, act) {
  if (!told) {
    return t.div({class: 'story'}, 'Loading…');
  }
  const it = told.recording;
  return t.div({class: 'story'},
    t.p(null, [bytes(it.size), it.stream && 'stream ' + it.stream, it.parts && times(it.parts, 'part'), times(it.retries, 'retry').replace('retrys', 'retries'),
      it.tries && (it.tries === 1 ? '1 try' : it.tries + ' tries'), it.key && it.bucket + '/' + it.key].filter(Boolean).join(' · ')),
    trouble(it.state === 'set-aside' || it.state === 'waiting' ? it.lastError : ''),
    it.state === 'set-aside' ? act('Release', 'POST', 'recordings/' + encodeURIComponent(it.id) + '/release', 'Send ' + it.path + ' again?') : null,
    t.ol({'aria-label': 'Timeline of ' + it.path}, it.events.map(event => t.li(null, time(event.at), t.span(null, event.what)))),
    told.callbacks.length ? t.ul({class: 'rows', 'aria-label': 'Callbacks of ' + it.path}, told.callbacks.map(each => callback(each, act))) : null,
    t.p({class: 'quiet'}, 'id ' + it.id));
}

export function recordings(found, opened, open, more, act) {
  return t.div(null,
    found.list.length === 0 ? t.p({class: 'quiet'}, found.words || 'None.') : t.ul({class: 'rows'}, found.list.map(it => t.li({key: it.id},
      t.span({class: 'name'}, t.button({class: 'plain', type: 'button', 'aria-expanded': String(opened.has(it.id)), onClick: () => open(it.id)}, it.path)),
      word(it.state), t.span({class: 'quiet'}, bytes(it.size)), time(it.updatedAt), opened.has(it.id) ? story(opened.get(it.id), act) : null))),
    found.hasMore ? t.button({type: 'button', onClick: more}, 'More recordings') : null);
}

const count = it => [it.total === undefined ? '' : it.total, it.failed ? t.span({class: 'bad'}, ', ' + it.failed + ' failed') : null];
export const flows = all => all.map(it => t.details({key: it.id},
  t.summary(null, t.strong(null, it.id), ' ', t.span({class: 'quiet'}, it.from + ' · ' + it.file), ' ', count(it), it.running ? null : t.span({class: 'bad'}, ' does not run')),
  t.p({class: 'quiet'}, it.description || ''),
  t.ol({class: 'steps', 'aria-label': 'Steps of ' + it.id}, it.steps.map(step => t.li({class: 'd' + Math.min(4, step.depth), title: step.description || ''},
    t.span({class: 'name'}, step.id + ' ', t.span({class: 'quiet'}, step.what)), t.span({class: 'count'}, count(step)))))));
