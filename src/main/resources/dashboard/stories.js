// What happened to each recording, and its callbacks.
import {bytes, row, t, time, times, trouble, word} from './parts.js';

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

/** More lines than these are shown when they are asked for: an outage of days repeats its own. */
const FIRST = 10;
const LAST = 30;

const TRIED = /^(request repeated|waiting|set-aside) \(|^waits |^not resumed/;
const line = event => t.li({class: TRIED.test(event.what) ? 'tried' : ''}, time(event.at), t.span(null, event.what));

/** @param callbacks of the recording: when each was ordered and done is told among its events */
function timeline(it, callbacks) {
  const told = callbacks.flatMap(each => [
    {at: each.createdAt, what: 'callback ' + each.type + ' ordered for ' + each.receiver},
    each.doneAt ? {at: each.doneAt, what: 'callback ' + each.type + ' ' + (each.state === 'dead' ? 'given up for ' : 'delivered to ') + each.receiver
      + (each.tries > 1 ? ' by try ' + each.tries : '')} : null].filter(Boolean));
  const all = it.events.concat(told).map((event, number) => ({...event, number}))
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at) || one.number - other.number);
  const name = 'Timeline of ' + it.path;
  if (all.length <= FIRST + LAST) {
    return t.ol({'aria-label': name}, all.map(line));
  }
  return t.div(null, t.ol({'aria-label': name + ', its beginning'}, all.slice(0, FIRST).map(line)),
    t.details(null, t.summary(null, (all.length - FIRST - LAST) + ' more lines'),
      t.ol({'aria-label': name + ', what lies between'}, all.slice(FIRST, -LAST).map(line))),
    t.ol({'aria-label': name}, all.slice(-LAST).map(line)));
}

const AGAIN = ['done', 'skipped', 'discarded'];

/** What can be done: from the very file only. */
function actions(it, act) {
  const at = 'recordings/' + encodeURIComponent(it.id);
  if (it.state === 'set-aside') {
    return act('Release', 'POST', at + '/release', 'Send ' + it.path + ' again?');
  }
  if (it.state === 'done' && !it.keptAs) {
    return t.p({class: 'quiet'}, 'Its file is not here any more, so that it cannot be uploaded again.');
  }
  return AGAIN.includes(it.state)
    ? act('Upload again', 'POST', at + '/upload', 'Upload ' + it.path + ' again? Its file is compared with what the store has, and sent where that differs.')
    : null;
}

/** What happened to a recording. @param told answers of the API, null while they are on their way */
export function story(told, act) {
  if (!told) {
    return t.div({class: 'story'}, 'Loading…');
  }
  const it = told.recording;
  return t.div({class: 'story'},
    t.p(null, [bytes(it.size), it.stream && 'stream ' + it.stream, it.parts && times(it.parts, 'part'), it.partsResumed && it.partsResumed + ' resumed',
      it.tries && (it.tries === 1 ? '1 try' : it.tries + ' tries'), it.retries && (it.retries === 1 ? '1 request' : it.retries + ' requests') + ' repeated',
      it.key && it.bucket + '/' + it.key].filter(Boolean).join(' · ')),
    trouble(it.state === 'set-aside' || it.state === 'waiting' ? it.lastError : ''),
    actions(it, act),
    timeline(it, told.callbacks),
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
