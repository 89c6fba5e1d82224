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
