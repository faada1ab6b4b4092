// How the whole does: the view for a look in passing.

import { byId, chip, el, nothing, show, table } from './elements.js';
import { chart, fromZero, upToOne } from './charts.js';
import { count, days, NONE, percent, plural, rate, seconds, times } from './words.js';

const TONES = { page: 'bad', ticket: 'warn', ok: 'good' };
const WORDS = { page: 'page', ticket: 'ticket', ok: 'ok' };
const BANDS = [
  ['expired', 'expired', 'bad'],
  ['within_1d', 'within a day', 'bad'],
  ['within_7d', 'within 7 days', 'warn'],
  ['within_30d', 'within 30 days', 'note'],
  ['within_90d', 'within 90 days', 'plain'],
  ['later', 'later', 'plain'],
];

export function showOverview(now) {
  banner(now);
  tiles(now);
  hosts(now);
  horizon(now.certificates);
}

function banner(now) {
  const firing = now.alerts.shown.filter((alert) => alert.state === 'firing' && !alert.silenced_by);
  const state = now.alerts.state;
  const words = {
    page: 'Somebody should look now: ',
    ticket: 'Something wants attention: ',
    ok: 'All is well: no alert fires.',
  }[state];
  byId('banner').className = `banner ${TONES[state]}`;
  show('banner', el('b', {}, words), firing.slice(0, 2).map((a) => a.summary).join(' · '),
      firing.length > 2 ? ` · and ${firing.length - 2} more` : null,
      firing.length > 0 ? el('a', { href: '#oncall', 'data-focus': 'banner' }, 'On call') : null);
}

function tile(name, value, beneath, tone) {
  return el('div', { class: `tile ${tone ?? ''}` }, el('dt', {}, name), el('dd', {}, value), el('dd', { class: 'dim' }, beneath));
}

function tiles(now) {
  const { total, gauges, certificates } = now;
  const first = certificates.soonest[0];
  show('tiles',
      tile('Availability', percent(total.request_success_hour), `${percent(total.request_success)} in 5 min`, tone(total.request_success)),
      tile('Handshake success', percent(total.handshake_success_hour), `${percent(total.handshake_success)} in 5 min`, tone(total.handshake_success)),
      tile('Requests, p99', seconds(total.request_p99), 'in 5 min'),
      tile('Handshakes, p99', seconds(total.handshake_p99), 'in 5 min'),
      tile('Requests', `${rate(total.requests_per_second)}/s`, `${count(gauges.requests_in_flight)} in flight`),
      tile('Handshakes', `${rate(total.handshakes_per_second)}/s`, `${plural(gauges.open_connections, 'connection')} open`),
      tile('Next expiry', !first ? NONE : first.days_left < 0 ? 'expired' : days(first.days_left).replace('less than a', '< 1'),
          !first ? 'no certificate' : first.days_left < 0 ? `${first.name}, ${plural(-first.days_left, 'day')} ago` : first.name, first ? expiryTone(first.days_left) : ''),
      tile('Memory', gauges.memory_pressure === null ? NONE : percent(Math.round(gauges.memory_pressure * 100) / 100),
          `of its bound; ${gauges.processor_use === null ? NONE : gauges.processor_use.toFixed(2)} processors`,
          gauges.memory_pressure >= 0.9 ? 'bad' : ''));
}

/** A tile turns where a hundredth fails, or a tenth; what hosts promise is in their burn rates. */
function tone(success) {
  return success === null || success >= 0.99 ? '' : success >= 0.9 ? 'warn' : 'bad';
}

export function expiryTone(left) {
  return left < 1 ? 'bad' : left < 7 ? 'warn' : left < 30 ? 'note' : '';
}

function worst(host, level) {
  const windows = host.burn_rates[level];
  return windows && el('span', { title: '1 uses up the budget exactly' }, `${times(windows['1h'])} / ${times(windows['6h'])}`);
}

function hosts(now) {
  if (now.hosts.length === 0) {
    show('hosts', nothing('No traffic yet.'));
    return;
  }
  show('hosts', table('Hosts, with their service levels and burn rates', [
    { head: 'Host', cell: (h) => el('a', { href: `#debug/${encodeURIComponent(h.rates.host)}`, 'data-focus': h.rates.host },
        h.rates.host === 'other' ? 'other (no host of ours)' : h.rates.host) },
    { head: 'Standing', cell: (h) => chip(TONES[h.standing], WORDS[h.standing]) },
    { head: 'Requests/s', number: true, minor: true, cell: (h) => rate(h.rates.requests_per_second) },
    { head: 'Availability', number: true, cell: (h) => percent(h.rates.request_success_hour) },
    { head: 'p99', number: true, minor: true, cell: (h) => seconds(h.rates.request_p99) },
    { head: 'Burns 1 h / 6 h', number: true, minor: true, cell: (h) => worst(h, 'requests') ?? NONE },
    { head: 'Handshakes/s', number: true, minor: true, cell: (h) => rate(h.rates.handshakes_per_second) },
    { head: 'Handshakes succeed', number: true, cell: (h) => percent(h.rates.handshake_success_hour) },
    { head: 'Burns 1 h / 6 h', number: true, minor: true, cell: (h) => worst(h, 'handshakes') ?? NONE },
  ], now.hosts), now.other_hosts > 0 ? el('p', { class: 'dim' }, `and ${plural(now.other_hosts, 'host')} with less traffic`) : null);
}

function horizon(certificates) {
  if (certificates.count === 0) {
    show('horizon', nothing('There is no certificate.'));
    return;
  }
  show('horizon',
      el('ul', { class: 'bands' }, BANDS.map(([key, words, tone]) => {
        const number = certificates.horizon[key];
        return el('li', { class: number > 0 ? tone : 'none' }, el('b', {}, count(number)), el('span', {}, words));
      })),
      el('p', { class: 'dim' }, certificates.count === 1 ? 'One certificate.' : `${count(certificates.count)} certificates. The first to end: `,
          certificates.soonest.slice(0, 3).map((c) => `${c.name} (${days(c.days_left)})`).join(', ')));
}

/** Charts of all together. */
export function showCharts(points) {
  drawTraffic('chart-requests', 'Requests per second', points, 'requests', 'request_failures');
  drawTraffic('chart-handshakes', 'Handshakes per second', points, 'handshakes', 'handshake_failures');
  chart('chart-latency', 'Latency over a minute', points.times, [
    { name: 'requests p99', tone: 'one', values: points.request_p99 },
    { name: 'requests p50', tone: 'three', values: points.request_p50 },
    { name: 'handshakes p99', tone: 'two', values: points.handshake_p99 },
  ], seconds, fromZero);
  const share = (all, failed) => all.map((n, i) => (n > 0 ? (n - failed[i]) / n : null));
  chart('chart-success', 'Share that succeeds', points.times, [
    { name: 'requests', tone: 'one', values: share(points.requests, points.request_failures) },
    { name: 'handshakes', tone: 'two', values: share(points.handshakes, points.handshake_failures) },
  ], percent, upToOne);
}

/** Counts of samples as rates; the times between them may differ. */
export function drawTraffic(id, title, points, all, failed) {
  const perSecond = (values) => values.map((n, i) => (n === null ? null
    : n / Math.max(1, i > 0 ? points.times[i] - points.times[i - 1] : 10)));
  chart(id, title, points.times, [
    { name: all, tone: 'one', values: perSecond(points[all]), fill: true },
    { name: 'failed', tone: 'failed', values: perSecond(points[failed]) },
  ], rate, fromZero);
}
