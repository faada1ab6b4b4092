// What is wrong, and what would help: the view for whoever was woken up.

import { bar, chip, el, nothing, show, table } from './elements.js';
import { expiryTone } from './overview.js';
import { ago, clock, count, days, moment, NONE, plural, reason } from './words.js';

const SERVER_TONES = { ready: 'good', draining: 'note', maintenance: 'note', unresolved: 'bad', unreachable: 'bad', unhealthy: 'bad', ejected: 'warn' };
const RELOAD_TONES = { applied: 'good', unchanged: 'quiet', rejected: 'bad' };

export function showOnCall(now) {
  alerts(now);
  reasons(now.reasons);
  show('latest', feed(now.failures, now.time, 'latest'));
  certificates(now.certificates);
  upstreams(now);
  reloads(now.reloads);
}

function alerts(now) {
  if (now.alerts.shown.length === 0) {
    show('alerts', nothing('No alert fires, and none ended lately.'));
    return;
  }
  show('alerts', el('ul', { class: 'alerts' }, now.alerts.shown.map((alert) => {
    const over = alert.state === 'resolved';
    const tone = over || alert.silenced_by ? 'quiet' : alert.severity === 'page' ? 'bad' : 'warn';
    return el('li', { class: tone },
        el('div', {}, chip(tone, over ? 'resolved' : alert.severity), alert.silenced_by ? chip('quiet', 'silenced') : null,
            el('b', {}, alert.name), ' ', el('span', { class: 'dim' }, Object.values(alert.labels).join(', '))),
        el('p', {}, alert.summary),
        el('p', { class: 'dim' }, `${alert.description} `, `Since ${moment(alert.starts_at)}`, over ? `, ended ${moment(alert.ends_at)}` : null));
  })));
}

function reasons(rows) {
  if (rows.length === 0) {
    show('reasons', nothing('No handshake has failed within the hour.'));
    return;
  }
  const most = Math.max(...rows.map((r) => r.last_hour));
  show('reasons', table('Failed handshakes by reason', [
    { head: 'Reason', cell: (r) => reason(r.reason) },
    { head: '10 s', number: true, cell: (r) => count(r.last_sample) },
    { head: '5 min', number: true, cell: (r) => count(r.last_five_minutes) },
    { head: '1 h', number: true, cell: (r) => [count(r.last_hour), bar(r.last_hour / most, 'failed')] },
    { head: 'Since start', number: true, minor: true, cell: (r) => count(r.since_start) },
  ], rows));
}

/** Failed handshakes with what is known of each, the newest first. */
export function feed(failures, now, list) {
  if (failures.length === 0) {
    return nothing('None is remembered.');
  }
  return el('ol', { class: 'failures' }, failures.map((f) => {
    const key = `${list} ${f.host} ${f.reason} ${f.client_address} ${f.first_time}`;
    return el('li', {},
        el('div', { class: 'head' }, chip('bad', reason(f.reason)), el('b', {}, f.host),
            f.count > 1 ? el('span', { class: 'dim' }, `${count(f.count)} times`) : null,
            el('time', { datetime: f.time, title: moment(f.time) }, ago(f.time, now))),
        el('p', {}, f.detail),
        f.hint ? el('p', { class: 'hint' }, f.hint) : null,
        f.key ? el('p', { class: 'where' }, el('code', {}, f.key), f.origin ? [' in ', el('code', {}, f.origin)] : null) : null,
        el('details', { 'data-key': key }, el('summary', { 'data-focus': key }, `from ${f.client_address}`), facts(f)));
  }));
}

function facts(f) {
  const rows = [
    ['SNI', f.sni || 'none'],
    ['Listener', f.listener],
    ['First seen', moment(f.first_time)],
    ['Alert sent', f.alert_sent],
    ['Alert received', f.alert_received],
    ...offered(f.offer),
    ...wanted(f.wanted),
  ];
  return el('dl', { class: 'facts' }, rows.filter(([, value]) => value).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

function offered(offer) {
  return offer === null ? [] : [
    ['Offers versions', offer.versions.join(', ')],
    ['Offers ciphers', offer.ciphers.join(', ')],
    ['Offers groups', offer.groups.join(', ')],
    ['Offers signatures', offer.signature_algorithms.join(', ')],
    ['Offers ALPN', offer.alpn.join(', ')],
    ['Key shares', offer.key_shares.join(', ')],
    ['JA4', offer.ja4],
  ];
}

function wanted(policy) {
  return policy === null ? [] : [
    ['Policy', `${policy.policy}: ${policy.min_version} to ${policy.max_version}`],
    ['Policy groups', policy.groups.join(', ')],
    ['Policy ciphers, TLS 1.2', policy.ciphers_tls12.join(', ')],
  ];
}

function certificates(certificates) {
  const soon = certificates.soonest.filter((c) => c.days_left < 30);
  show('expiring', soon.length === 0
    ? nothing(certificates.count === 0 ? 'There is no certificate.' : 'None within 30 days.')
    : table('Certificates that expire within 30 days', [
      { head: 'Certificate', cell: (c) => c.name },
      { head: 'Left', cell: (c) => chip(expiryTone(c.days_left), days(c.days_left)) },
      { head: 'Owner', minor: true, cell: (c) => c.owner || NONE },
      { head: 'Hosts', cell: (c) => c.hosts.join(', ') || NONE },
    ], soon));
  show('staples', certificates.staples.length === 0
    ? nothing('No certificate lacks one that it should have.')
    : [table('Certificates with a problem of their OCSP response', [
      { head: 'Certificate', cell: (c) => c.name },
      { head: 'Response', cell: (c) => chip(c.staple === 'revoked' ? 'bad' : 'warn', c.staple) },
      { head: 'Last error', cell: (c) => c.last_error || NONE },
    ], certificates.staples),
    certificates.ill_staples > certificates.staples.length
      ? el('p', { class: 'dim' }, `and ${count(certificates.ill_staples - certificates.staples.length)} more`) : null]);
}

function upstreams(now) {
  const all = now.upstreams;
  if (all.count === 0) {
    show('upstreams', nothing('There is no upstream.'));
    return;
  }
  const rows = all.shown.flatMap((u) => u.servers.map((s) => ({ upstream: u, server: s })));
  show('upstreams',
      el('p', { class: 'dim' }, all.ill_servers === 0 ? `All ${plural(all.servers, 'server')} of ${plural(all.count, 'upstream')} are ready.`
        : `${plural(all.ill_servers, 'server')} of ${count(all.servers)} do not take requests.`),
      table('Servers of upstreams and their health', [
        { head: 'Server', brief: true, cell: ({ server }) => server.address },
        { head: 'Upstream', cell: ({ upstream }) => upstream.name },
        { head: 'State', cell: ({ server }) => chip(SERVER_TONES[server.state] ?? 'quiet', server.state) },
        { head: 'Since', brief: true, minor: true, cell: ({ server }) => ago(server.since, now.time) },
        { head: 'In flight', number: true, cell: ({ server }) => count(server.in_flight) },
        { head: 'Requests', number: true, minor: true, cell: ({ server }) => count(server.requests) },
        { head: 'Last error', cell: ({ server }) => server.error || NONE },
      ], rows.slice(0, 60)),
      rows.length > 60 ? el('p', { class: 'dim' }, `and ${count(all.servers - 60)} more`) : null);
}

function reloads(rows) {
  show('reloads', table('Last reloads', [
    { head: 'Time', brief: true, cell: (r) => el('time', { datetime: r.time }, moment(r.time)) },
    { head: 'Result', cell: (r) => chip(RELOAD_TONES[r.result] ?? 'quiet', r.result) },
    { head: 'By', minor: true, cell: (r) => r.trigger },
    { head: 'Generation', number: true, minor: true, cell: (r) => count(r.generation) },
    { head: 'What', cell: (r) => (r.errors.length > 0
      ? r.errors.slice(0, 3).map((e) => el('p', {}, `${e.message} `, el('code', {}, `${e.file}:${e.line}`)))
      : r.changes.slice(0, 4).join('; ') || NONE) },
  ], rows));
}

/** The time of a document, for those who ask how fresh it is. */
export function freshness(now) {
  return `live, ${clock(now.time)}`;
}
