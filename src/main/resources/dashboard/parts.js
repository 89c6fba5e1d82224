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

const two = number => String(number).padStart(2, '0');
/** By hand: the first call of toLocaleTimeString costs a page 12 ms before it shows anything. */
export const clock = at => [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');

export function time(instant) {
  const at = new Date(instant);
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? '' : [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(two).join('-') + ' ';
  return t.time({dateTime: instant, title: instant}, day + clock(at));
}

const GOOD = ['verified', 'done', 'live', 'running', 'UP', 'delivered', 'started'];
const BAD = ['set-aside', 'failing', 'refused', 'dead', 'failed', 'DOWN', 'waiting-for-room', 'incomplete', 'gone'];
export const word = state =>
  t.span({class: 'word' + (GOOD.includes(state) ? ' good' : BAD.includes(state) ? ' bad' : '')}, state);

export const fileName = path => path.slice(path.lastIndexOf('/') + 1);
export const trouble = text => text ? t.span({class: 'bad wide'}, text) : null;
export const row = (key, name, ...rest) => t.li({key}, t.span({class: 'name'}, name), ...rest);
