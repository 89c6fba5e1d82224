// Throughput, delay and backlog of the last hours, by uPlot (window.uPlot).
import {bytes, length} from './parts.js';

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

export function draw() {
  plots.forEach(each => each.destroy());
  plots = samples.at.length < 2 ? [] : LINES.map(plot);
  const last = samples.at.length - 1;
  document.getElementById('plots-words').textContent = last < 1
    ? 'Nothing has happened since the start, or not for ten seconds yet.'
    : 'As of ' + new Date(samples.at[last] * 1000).toLocaleTimeString() + ': '
      + LINES.map(([id, label, member, words]) => label.toLowerCase() + ' ' + words(samples[member][last])).join(', ') + '.';
}

/** Takes what is new. */
export async function look() {
  const after = samples.at.length ? '?after=' + samples.at[samples.at.length - 1] : '';
  const answer = await fetch('dashboard/samples' + after);
  const news = await answer.json();
  if (answer.ok && news.at.length) {
    Object.keys(samples).forEach(member => { samples[member] = samples[member].concat(news[member]).slice(-KEPT); });
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
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
