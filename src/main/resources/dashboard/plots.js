// Throughput, delay and backlog of the last hours, by uPlot (window.uPlot), which is asked for when there is something to draw.
import {bytes, clock, length} from './parts.js';

const LINES = [
  ['plot-throughput', 'Sent', 'bytesPerSecond', value => bytes(value) + '/s'],
  ['plot-delay', 'Delay of live chunks', 'delaySeconds', length],
  ['plot-backlog', 'Backlog', 'backlogBytes', bytes],
];
const KEPT = 2160;
const samples = {at: [], bytesPerSecond: [], delaySeconds: [], backlogBytes: []};
let plots = [];

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function plot([id, label, member, words]) {
  const place = document.getElementById(id);
  const axis = {stroke: colour('--quiet'), grid: {stroke: colour('--line'), width: 1}, ticks: {stroke: colour('--line')}};
  return new uPlot({
    width: place.clientWidth, height: 160, title: label,
    cursor: {drag: {x: false, y: false}},
    scales: {y: {range: (self, least, most) => [0, most > 0 ? most * 1.1 : 1]}},
    axes: [axis, {...axis, size: 80, values: (self, values) => values.map(words)}],
    series: [{}, {label, stroke: colour('--plot'), width: 2, value: (self, value) => value == null ? '–' : words(value)}],
  }, [samples.at, samples[member]], place);
}

/** @return when it has come */
function element(name, attributes) {
  return new Promise((come, fail) => {
    document.head.append(Object.assign(document.createElement(name), attributes, {onload: come, onerror: fail}));
  });
}

let library = null;
function uPlotComes() {
  const at = name => new URL(name, import.meta.url).href;
  library = library || Promise.all([element('script', {src: at('uplot.js')}), element('link', {rel: 'stylesheet', href: at('uplot.css')})])
    .catch(error => { library = null; throw error; });
  return library;
}

function draw() {
  plots.forEach(each => each.destroy());
  plots = samples.at.length < 2 ? [] : LINES.map(plot);
  const last = samples.at.length - 1;
  document.getElementById('plots-words').textContent = last < 1
    ? 'Nothing has happened since the start, or not for ten seconds yet.'
    : 'As of ' + clock(new Date(samples.at[last] * 1000)) + ': '
      + LINES.map(([id, label, member, words]) => label.toLowerCase() + ' ' + words(samples[member][last])).join(', ') + '.';
}

/** Takes what is new. */
export async function look() {
  const after = samples.at.length ? '?after=' + samples.at[samples.at.length - 1] : '';
  const answer = await fetch('dashboard/samples' + after);
  const news = await answer.json();
  if (answer.ok && news.at.length) {
    Object.keys(samples).forEach(member => { samples[member] = samples[member].concat(news[member]).slice(-KEPT); });
    if (samples.at.length > 1) {
      await uPlotComes();
    }
    draw();
  }
}

let width = 0;
new ResizeObserver(() => {
  const now = document.getElementById('plots').clientWidth;
  if (now !== width) {
    width = now;
    plots.length && draw();
  }
}).observe(document.getElementById('plots'));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plots.length && draw());
