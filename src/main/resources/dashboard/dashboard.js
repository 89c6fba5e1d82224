// The page at /: it came with what it shows first, takes what is happening as server-sent events, and asks for the rest, and for
// the scripts that show it, when it is looked at.
import {render} from './preact.js';
import {happening} from './now.js';
import {t, times} from './parts.js';
import {callbacks, recordings} from './stories.js';

const PAGE = 25;
const SLOW_MS = 10000;
const at = id => document.getElementById(id);
let now = null;
let events = null;
let found = {list: [], hasMore: false, words: 'Loading…'};
/** Whether more than the first page is shown: news are not mixed into it then. */
let isPaged = false;
const opened = new Map();

/** Read out, and shown for a while. */
let silence = 0;
function say(words) {
  at('said').textContent = words;
  clearTimeout(silence);
  silence = setTimeout(() => { at('said').textContent = ''; }, 8000);
}

/** Of the account that this page asks with; empty where anybody may do anything. */
let role = '';

async function get(address) {
  const answer = await fetch(address);
  const known = role;
  role = answer.headers.get('X-Reelway-Role') || '';
  if (role !== known && now) {
    drawNow();
  }
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.error || 'status ' + answer.status);
  }
  return body;
}

function confirm(question) {
  const dialog = at('confirm');
  at('confirm-question').textContent = question;
  return new Promise(answered => {
    at('confirm-yes').onclick = () => dialog.close('yes');
    at('confirm-no').onclick = () => dialog.close('no');
    dialog.onclose = () => answered(dialog.returnValue === 'yes');
    dialog.returnValue = 'no';
    dialog.showModal();
    at('confirm-no').focus();
  });
}

/** A button for a call of the API. The header is what pages from elsewhere cannot send. */
const act = (label, method, address, question) => t.button({
  type: 'button', disabled: role === 'read', title: role === 'read' ? 'Your account may look, and change nothing.' : undefined,
  'aria-label': label + ': ' + question, onClick: async () => {
    if (!await confirm(question)) {
      return;
    }
    try {
      const answer = await fetch(address, {method, headers: {'X-Reelway-Action': 'dashboard'}});
      say(answer.ok ? label + ': done.' : label + ' failed: ' + ((await answer.json()).error || answer.status));
    } catch (e) {
      say(label + ' failed: the server did not answer.');
    }
    // What was asked for takes its time; counts may be the same afterwards.
    [0, 1500, 4000].forEach(wait => setTimeout(refresh, wait));
  },
}, label);

const playing = {on: new Set(), toggle: id => {
  playing.on.delete(id) || playing.on.add(id);
  drawNow();
}};

function drawNow() {
  render(happening(now, act, playing), at('now'));
  render(callbacks(now, act), at('callbacks'));
  at('version').textContent = now.version ? 'Reelway ' + now.version : '';
}

const drawFound = () => render(recordings(found, opened, open, more, act), at('found'));

/** What a listener of the page would want to be told of. */
function compare(before) {
  if (before.health.status !== now.health.status) {
    say('Health is now ' + now.health.status + '.');
  } else if ((now.counts['set-aside'] || 0) > (before.counts['set-aside'] || 0)) {
    say(times(now.counts['set-aside'], 'recording') + ' set aside.');
  } else if (now.callbacks.dead > before.callbacks.dead) {
    say(times(now.callbacks.dead, 'callback') + ' given up.');
  }
}

function show() {
  at('link').textContent = now.health.status === 'UP' ? 'Healthy' : 'Not healthy';
  at('link').className = now.health.status === 'UP' ? 'good' : 'bad';
  drawNow();
}

function take(event) {
  const before = now;
  now = JSON.parse(event.data);
  show();
  if (before) {
    compare(before);
  }
  if (!before || JSON.stringify(before.counts) !== JSON.stringify(now.counts)) {
    refresh();
  }
}

function wanted(after) {
  const query = new URLSearchParams({limit: PAGE + 1});
  Object.entries({search: at('search').value, state: at('state').value, since: at('since').value, after})
    .forEach(([name, value]) => value && query.set(name, value));
  return 'recordings?' + query;
}

/** @param page one more than are shown, where there are more */
const shown = (page, before) => ({list: before.concat(page.slice(0, PAGE)), hasMore: page.length > PAGE});

let turn = 0;
async function find(after) {
  const mine = ++turn;
  isPaged = after !== undefined;
  try {
    const page = (await get(wanted(after))).recordings;
    if (mine === turn) {
      found = shown(page, after ? found.list : []);
    }
  } catch (e) {
    found = {list: [], hasMore: false, words: e.message};
  }
  drawFound();
}

function refresh() {
  opened.forEach((told, id) => tell(id));
  if (!isPaged) {
    find();
  }
}

const more = () => find(found.list[found.list.length - 1].id);

async function tell(id) {
  try {
    const address = encodeURIComponent(id);
    const [one, sent] = await Promise.all([get('recordings/' + address), get('callbacks?recording=' + address)]);
    if (opened.has(id)) {
      opened.set(id, {...one, callbacks: sent.callbacks});
    }
  } catch (e) {
    opened.delete(id);
    say(e.message);
  }
  drawFound();
}

function open(id) {
  if (opened.delete(id)) {
    drawFound();
  } else {
    opened.set(id, null);
    drawFound();
    tell(id);
  }
}

let routes = [];
let route = 'recordings-transfer';
let flows = null;
const drawFlows = () => render(flows(routes, route, chooseRoute), at('flows'));

function chooseRoute(id) {
  route = id;
  drawFlows();
  at('flow-route').focus();
}

async function lookAtFlows() {
  if (at('flow-details').open) {
    flows = flows || (await import('./flow.js')).flows;
    routes = (await get('dashboard/flows')).flows;
    drawFlows();
  }
}

/** Nothing is asked for while nobody looks. */
function follow() {
  if (document.hidden) {
    events && events.close();
    events = null;
  } else if (!events) {
    events = new EventSource('dashboard/events');
    events.onmessage = take;
    events.onerror = () => {
      at('link').textContent = 'Not connected; trying again…';
      at('link').className = 'bad';
      if (events && events.readyState === EventSource.CLOSED) {
        events = null;
        setTimeout(follow, 5000);
      }
    };
    slow();
  }
}

function slow() {
  if (!document.hidden) {
    opened.forEach((told, id) => tell(id));
    Promise.all([import('./plots.js').then(plots => plots.look()), lookAtFlows()]).catch(() => {});
  }
}

let typing = 0;
at('search').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => find(), 300);
});
at('state').addEventListener('change', () => find());
at('since').addEventListener('change', () => find());
at('flow-details').addEventListener('toggle', lookAtFlows);
document.addEventListener('visibilitychange', follow);
setInterval(slow, SLOW_MS);

/** @param first what came with the page */
function begin(first) {
  role = first.role || '';
  now = first.now;
  show();
  if (first.recordings) {
    found = shown(first.recordings, []);
  } else {
    find();
  }
  drawFound();
}

begin(JSON.parse(at('first').textContent));
// Nothing more is asked for before that is on the screen, where it comes there.
requestAnimationFrame(() => setTimeout(follow));
setTimeout(follow, 1000);
