// Charts of an hour, each with its figures in a table beneath.

import { byId, el, table } from './elements.js';
import { clock } from './words.js';

const charts = new Map();
const ROWS = 12;
const LEAST_SECONDS = 600;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * Draws, or draws again. Lines are {name, tone, values, fill}; format makes words of a value.
 */
export function chart(id, title, xs, lines, format, span) {
  const figure = byId(id);
  let held = charts.get(id);
  if (!held) {
    const drawing = el('div', { class: 'drawing', role: 'img', 'aria-label': `${title}, a chart; its figures are in the table beneath` });
    const details = el('details', { class: 'figures', 'data-key': id }, el('summary', {}, 'Figures'), el('div', { class: 'wide' }));
    const legend = el('p', { class: 'legend' });
    figure.replaceChildren(el('figcaption', {}, title), legend, drawing, details);
    held = { drawing, details, legend, plot: null, shape: '' };
    charts.set(id, held);
    details.addEventListener('toggle', () => fill(held));
  }
  figure.querySelector('figcaption').textContent = title;
  Object.assign(held, { title, xs, lines, format, span });
  if (figure.offsetParent === null) {
    return; // not on the screen: it has no width
  }
  draw(held);
  fill(held);
}

function draw(held) {
  const { drawing, legend, xs, lines, format } = held;
  const width = drawing.clientWidth;
  const shape = `${width} ${lines.map((l) => l.name)} ${colour('ink')} ${format}`;
  if (xs.length < 2) {
    drawing.replaceChildren(el('p', { class: 'nothing' }, 'The first points come after half a minute.'));
    held.plot?.destroy();
    held.plot = null;
    return;
  }
  legend.replaceChildren(...lines.flatMap((line) => {
    const last = line.values[line.values.length - 1];
    return [el('span', { class: `key ${line.tone}` }, `${line.name} `, el('b', {}, last === null ? '–' : format(last)))];
  }));
  const data = [xs, ...lines.map((line) => line.values)];
  if (held.plot && held.shape === shape) {
    held.plot.setData(data);
    return;
  }
  held.plot?.destroy();
  drawing.replaceChildren();
  held.shape = shape;
  held.plot = new window.uPlot(options(held, width), data, drawing);
}

function options(held, width) {
  const axis = { stroke: colour('dim'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
  return {
    width,
    height: 150,
    legend: { show: false },
    cursor: { points: { size: 5 }, y: false, drag: { x: false, y: false } },
    scales: { x: { range: (u, first, last) => [Math.min(first, last - LEAST_SECONDS), last] }, y: { range: (u, low, high) => held.span(low ?? 0, high ?? 1) } },
    axes: [
      { ...axis, size: 26, space: 70, values: (u, ticks) => ticks.map((t) => clock(t * 1000).slice(0, 5)) },
      { ...axis, size: 62, space: 32, values: (u, ticks) => ticks.map((t) => held.format(t)) },
    ],
    series: [{}, ...held.lines.map((line) => ({
      label: line.name,
      stroke: colour(line.tone),
      fill: line.fill ? `${colour(line.tone)}22` : undefined,
      width: 1.75,
      points: { show: false },
      spanGaps: false,
    }))],
  };
}

/** The newest points as figures, one a five minutes at most; only while somebody looks. */
function fill(held) {
  const place = held.details.lastElementChild;
  if (!held.details.open || !held.xs) {
    return;
  }
  const step = Math.max(1, Math.ceil(held.xs.length / ROWS));
  const rows = [];
  for (let i = held.xs.length - 1; i >= 0; i -= step) {
    rows.push(i);
  }
  place.replaceChildren(table(held.title, [
    { head: 'Time', cell: (i) => clock(held.xs[i] * 1000) },
    ...held.lines.map((line) => ({ head: line.name, number: true, cell: (i) => (line.values[i] === null ? '–' : held.format(line.values[i])) })),
  ], rows));
}

/** From zero to a little above the highest; where there is nothing, to one. */
export const fromZero = (low, high) => [0, high > 0 ? high * 1.1 : 1];

/** Shares: from a little below the lowest to one. */
export const upToOne = (low) => [Math.max(0, Math.min(low, 0.99) - (1 - Math.min(low, 0.99)) * 0.15), 1.0005];

/** Draws all again: the width or the colours have changed. */
export function redraw() {
  charts.forEach((held) => {
    if (held.xs && held.drawing.offsetParent !== null) {
      held.shape = '';
      draw(held);
    }
  });
}

let waiting = 0;
new ResizeObserver(() => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(redraw);
}).observe(document.documentElement);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
