// The routes, step by step, with what came through each.
import {t} from './parts.js';

const count = it => [it.total === undefined ? '' : it.total, it.failed ? t.span({class: 'bad'}, ', ' + it.failed + ' failed') : null];
export const flows = all => all.map(it => t.details({key: it.id},
  t.summary(null, t.strong(null, it.id), ' ', t.span({class: 'quiet'}, it.from + ' · ' + it.file), ' ', count(it), it.running ? null : t.span({class: 'bad'}, ' does not run')),
  t.p({class: 'quiet'}, it.description || ''),
  t.ol({class: 'steps', 'aria-label': 'Steps of ' + it.id}, it.steps.map(step => t.li({class: 'd' + Math.min(4, step.depth), title: step.description || ''},
    t.span({class: 'name'}, step.id + ' ', t.span({class: 'quiet'}, step.what)), t.span({class: 'count'}, count(step)))))));
