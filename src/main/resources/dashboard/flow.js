// The routes as pictures, with what came through: how they hand over to each other, and the steps of one of them.
import {t} from './parts.js';

const BOX = {width: 204, height: 42};
const GAP = 14;
const BETWEEN = 32;
const GRID = 4;

/** Steps that hand over to routes without naming them: what they are, and where those routes begin. */
const HANDS_OVER = {
  '→ kamelet:recording-mark': 'kamelet:recording-markers',
  '→ kamelet:callback-outbox': 'kamelet:callbacks-due',
  '→ kamelet:mix': 'kamelet:mixes',
  'bean recordingHooks.recorded': 'kamelet:recording-markers',
  'bean housekeeping.rescan': 'kamelet:recording-markers',
  'bean events.store': 'kamelet:stream-events',
  'bean backup.work': 'kamelet:returned-recordings',
};

const cut = (text, most) => text.length > most ? text.slice(0, most - 1) + '…' : text;
const counted = it => it.total === undefined ? '' : it.total.toLocaleString() + (it.failed ? ', ' + it.failed.toLocaleString() + ' failed' : '');
const told = it => counted(it) === '' ? it.id || it.what : (it.id || it.what) + ': ' + counted(it);

/** A name, and below it what it is and how much came through. */
function box(it, x, y, name, what, classes) {
  const count = counted(it);
  return t.g({class: 'box ' + classes}, t.title(null, [it.description || '', told(it)].filter(Boolean).join('\n')),
    t.rect({x, y, width: BOX.width, height: BOX.height, rx: 6}),
    t.text({x: x + 10, y: y + 17, class: 'box-name'}, cut(name, 27)),
    t.text({x: x + 10, y: y + 34}, cut(what, 28 - count.length)),
    t.text({x: x + BOX.width - 10, y: y + 34, 'text-anchor': 'end', class: it.failed ? 'bad' : 'box-count'}, count));
}

const svg = (width, height, attributes, ...content) =>
  t.svg({width: width + 2, height: height + 2, viewBox: '-1 -1 ' + (width + 2) + ' ' + (height + 2), ...attributes}, content);

/** By route: those that it hands over to. */
function links(all) {
  return new Map(all.map(route => {
    const begins = route.steps.map(step => HANDS_OVER[step.what] || (step.what.startsWith('→ ') ? step.what.slice(2) : null)).filter(Boolean);
    return [route, all.filter(other => other !== route && begins.some(begin => other.from === begin || other.from.startsWith(begin + '/')))];
  }));
}

/** Who hands over stands to the left. Behind each other in a ring, the first of the listing does. */
function columns(all, to) {
  const column = new Map();
  function put(route, at, path) {
    if (!path.includes(route) && !(column.get(route) >= at)) {
      column.set(route, at);
      to.get(route).forEach(next => put(next, at + 1, [...path, route]));
    }
  }
  const called = new Set([].concat(...to.values()));
  all.filter(route => !called.has(route)).concat(all).forEach(route => column.has(route) || put(route, 0, []));
  return column;
}

/** Where each route stands: as near as may be to those that hand over to it. @return of x and y by route */
function places(all, to) {
  const column = columns(all, to);
  const place = new Map();
  for (let at = 0; at <= Math.max(...column.values()); at++) {
    const wanted = all.filter(route => column.get(route) === at).map((route, number) => {
      const from = all.filter(other => place.has(other) && to.get(other).includes(route)).map(other => place.get(other).y);
      return {route, y: from.length ? from.reduce((sum, y) => sum + y, 0) / from.length : number * (BOX.height + GAP)};
    });
    let free = 0;
    wanted.sort((one, other) => one.y - other.y).forEach(({route, y}) => {
      place.set(route, {x: at * (BOX.width + BETWEEN), y: Math.max(free, y)});
      free = place.get(route).y + BOX.height + GAP;
    });
  }
  return place;
}

function line(from, to) {
  const x = from.x + BOX.width;
  const y = from.y + BOX.height / 2;
  const end = to.y + BOX.height / 2;
  const middle = (x + to.x) / 2;
  return t.path({class: 'line', d: `M${x} ${y} C${middle} ${y} ${middle} ${end} ${to.x} ${end}`});
}

/** All routes; each is a link that shows its steps. */
function map(all, chosen, choose) {
  const to = links(all);
  const called = new Set([].concat(...to.values()));
  const alone = all.filter(route => !called.has(route) && to.get(route).length === 0);
  const joined = all.filter(route => !alone.includes(route));
  const place = joined.length ? places(joined, to) : new Map();
  const below = Math.max(0, ...[...place.values()].map(it => it.y + BOX.height + 2 * GAP));
  alone.forEach((route, number) => place.set(route, {
    x: number % GRID * (BOX.width + BETWEEN), y: below + Math.floor(number / GRID) * (BOX.height + GAP)}));
  const right = Math.max(...[...place.values()].map(it => it.x)) + BOX.width;
  const bottom = Math.max(...[...place.values()].map(it => it.y)) + BOX.height;
  return svg(right, bottom, {role: 'group', 'aria-label': 'Routes, and which hands over to which'},
    joined.map(route => to.get(route).map(next => line(place.get(route), place.get(next)))),
    all.map(route => t.a({
      key: route.id, href: '#flow-route', 'aria-label': told(route) + (route.running ? '' : ', does not run'),
      'aria-current': chosen && chosen.id === route.id ? 'true' : undefined,
      onClick: event => { event.preventDefault(); choose(route.id); },
    }, box(route, place.get(route).x, place.get(route).y, route.id, route.running ? route.from : 'does not run', route.running ? '' : 'stopped'))));
}

/** Steps come as a list with depths. */
function tree(steps) {
  const root = {steps: []};
  const path = [root];
  steps.forEach(step => {
    const node = {...step, steps: []};
    path.length = step.depth + 1;
    path[step.depth].steps.push(node);
    path.push(node);
  });
  return root.steps;
}

/** What runs beside each other, or instead of each other. */
function branches(node) {
  if (node.what === 'choice' || node.what === 'multicast') {
    return node.steps.map(each => [each]);
  }
  const then = node.steps.filter(each => each.what === 'doCatch' || each.what === 'doFinally');
  return [node.steps.filter(each => !then.includes(each)), ...then.map(each => [each])].filter(each => each.length);
}

/** @return its size, and how it is drawn at a place */
function node(it) {
  const parts = branches(it).map(sequence);
  const head = (x, y) => box(it, x, y, it.id || it.what, it.id ? it.what : '', parts.length ? 'block' : '');
  if (!parts.length) {
    return {...BOX, draw: head};
  }
  const width = Math.max(BOX.width, parts.reduce((sum, part) => sum + part.width + GAP, GAP));
  const height = BOX.height + 2 * GAP + Math.max(...parts.map(part => part.height));
  return {width, height, draw: (x, y) => {
    let left = x + GAP;
    const inner = parts.map(part => {
      const at = left;
      left += part.width + GAP;
      return [t.path({class: 'line', d: `M${at + GAP} ${y + BOX.height} v${GAP}`}), part.draw(at, y + BOX.height + GAP)];
    });
    return [t.rect({class: 'frame', x, y: y + BOX.height / 2, width, height: height - BOX.height / 2, rx: 6}), head(x, y), inner];
  }};
}

function sequence(nodes) {
  const all = nodes.map(node);
  return {
    width: Math.max(...all.map(each => each.width)),
    height: all.reduce((sum, each) => sum + each.height + GAP, -GAP),
    draw: (x, y) => {
      let top = y;
      return all.map((each, number) => {
        const at = top;
        top += each.height + GAP;
        return [number ? t.path({class: 'line', d: `M${x + 2 * GAP} ${at - GAP} v${GAP}`}) : null, each.draw(x, at)];
      });
    },
  };
}

function steps(route) {
  const all = sequence([{id: route.from, what: 'begins', total: route.total, failed: route.failed, steps: []}, ...tree(route.steps)]);
  return svg(all.width, all.height, {role: 'img', 'aria-label': 'Steps of ' + route.id + '; the list below has the same in words'}, all.draw(0, 0));
}

const list = route => t.details(null, t.summary(null, 'The same as a list'),
  t.ol({class: 'steps', 'aria-label': 'Steps of ' + route.id}, route.steps.map(step => t.li({class: 'd' + Math.min(4, step.depth)},
    t.span({class: 'name'}, step.id || step.what, ' ', t.span({class: 'quiet'}, [step.id ? step.what : '', step.description].filter(Boolean).join(' · '))),
    t.span({class: 'count'}, counted(step))))));

const picture = (id, name, content) => t.div({id, class: 'picture', role: 'region', tabIndex: 0, 'aria-label': name}, content);

/** @param chosen id of the route whose steps are shown @param choose called with that of another */
export function flows(all, chosen, choose) {
  const route = all.find(it => it.id === chosen);
  return t.div(null, all.length ? picture('flow-map', 'Picture of the routes', map(all, route, choose)) : null,
    route ? t.div(null, t.h3({id: 'flow-route', tabIndex: -1}, route.id), t.p({class: 'quiet'}, route.file ? route.file + ' · ' : '', t.a({href: '#flow-map'}, 'all routes')),
      t.p(null, route.description || ''), picture('flow-steps', 'Picture of the steps of ' + route.id, steps(route)), list(route))
      : t.p({class: 'quiet'}, 'Choose a route to see its steps.'));
}
