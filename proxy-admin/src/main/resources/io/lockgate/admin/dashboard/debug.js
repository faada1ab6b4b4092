// Everything of one host: the view for whoever asks why.

import { bar, byId, el, nothing, show, table, text } from './elements.js';
import { drawTraffic } from './overview.js';
import { feed } from './oncall.js';
import { ask } from './link.js';
import { count, NONE, percent } from './words.js';

let host = '';
let asking = false;

export function showDebug(now) {
  const known = now.hosts.map((h) => h.rates.host);
  show('known-hosts', known.map((name) => el('option', { value: name })));
  if (host === '' && known.length > 0 && document.activeElement !== byId('host')) {
    choose(known.find((name) => name !== 'other') ?? known[0]);
  }
  connections(now);
}

/** Takes the host of the address, if it names one. */
export function choose(name) {
  if (name && name !== host) {
    host = name;
    byId('host').value = name;
    show('served', nothing('Asking.'));
    refresh();
  }
}

/** Asks anew what is shown of the host. */
export async function refresh() {
  if (host === '' || asking) {
    return;
  }
  asking = true;
  const asked = host;
  try {
    const query = `?host=${encodeURIComponent(asked)}`;
    const [hosts, points, clients, handshakes] = await Promise.all(
        ['/hosts', '/history', '/clients', '/handshakes'].map((path) => ask(path + query)));
    if (asked === host) {
      served(hosts.hosts.find((h) => h.name === asked));
      traffic(points);
      mix(clients.hosts[0]);
      show('failures', feed(handshakes.handshakes.slice(0, 100), new Date(), 'debug'));
      text('failures-title', `Failed handshakes of ${asked}`);
    }
  } finally {
    asking = false;
    if (asked !== host) {
      refresh();
    }
  }
}

function served(view) {
  if (!view) {
    show('served', el('h3', {}, host), el('p', { class: 'dim' }, host === 'other'
      ? 'Clients that asked for no host of ours, or gave no name.' : 'No host of the configuration has this name.'));
    return;
  }
  const rows = [
    ['Also', view.aliases.join(', ')],
    ['Mode', view.mode],
    ['TLS policy', view.tls_policy],
    ['Client certificates', view.client_auth.mode],
    ['Listeners', view.listeners.join(', ') || 'all'],
    ['Certificates', view.certificates.join(', ')],
    ['Upstream', view.upstream],
    ['Routes', view.routes.slice(0, 8).map((r) => `${r.path} → ${r.target}`).join('; ') + (view.routes.length > 8 ? '; …' : '')],
  ];
  show('served', el('h3', {}, view.name),
      el('dl', { class: 'facts' }, rows.filter(([, v]) => v).flatMap(([k, v]) => [el('dt', {}, k), el('dd', {}, v)])));
}

function traffic(points) {
  for (const [id, title, all, failed] of [
    ['chart-host-requests', 'Requests per second', 'requests', 'request_failures'],
    ['chart-host-handshakes', 'Handshakes per second', 'handshakes', 'handshake_failures']]) {
    const none = { times: [], [all]: [], [failed]: [] };
    drawTraffic(id, `${title}, ${host}`, points ?? none, all, failed);
  }
}

function mix(report) {
  if (!report || report.handshakes === 0) {
    show('mix', el('div', { class: 'card' }, el('h3', {}, 'What its clients speak'), nothing('No handshake has succeeded within 24 hours.')));
    return;
  }
  show('mix',
      share('TLS versions', report.versions),
      share('Ciphers', report.ciphers),
      share('Groups', report.groups, `Safe from quantum computers: ${percent(report.post_quantum_share)}`),
      share('Protocols (ALPN)', report.alpn),
      oldClients(report.tls12));
}

function share(title, counts, beneath) {
  const rows = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  const sum = rows.reduce((all, [, n]) => all + n, 0);
  return el('div', { class: 'card' }, el('h3', {}, title),
      rows.length === 0 ? nothing('None.') : table(`${title}, handshakes of 24 hours`, [
        { head: 'Agreed on', cell: ([name]) => name || 'none' },
        { head: 'Handshakes', number: true, cell: ([, n]) => count(n) },
        { head: 'Share', number: true, cell: ([, n]) => [percent(n / sum), bar(n / sum, 'one')] },
      ], rows),
      beneath ? el('p', { class: 'dim' }, beneath) : null);
}

function oldClients(tls12) {
  return el('div', { class: 'card' }, el('h3', {}, 'Without TLS 1.2'),
      tls12.handshakes === 0 ? nothing('Nobody would be lost: all speak TLS 1.3.') : [
        el('p', {}, `${percent(tls12.share)} of the handshakes would fail (${count(tls12.handshakes)} in 24 hours).`),
        tls12.user_agents.length === 0 ? null : table('Programs that speak TLS 1.2', [
          { head: 'Program', cell: (a) => a.user_agent || NONE },
          { head: 'Requests', number: true, cell: (a) => `about ${count(a.requests)}` },
        ], tls12.user_agents)]);
}

function connections(now) {
  show('connections', table('Open connections by listener', [
    { head: 'Listener', cell: (l) => l.name },
    { head: 'Address', minor: true, cell: (l) => l.address },
    { head: 'TLS', cell: (l) => (l.tls ? 'yes' : 'no') },
    { head: 'Open', number: true, cell: (l) => count(l.open) },
  ], now.listeners));
}
