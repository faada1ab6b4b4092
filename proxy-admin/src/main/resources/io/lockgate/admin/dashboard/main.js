// Puts the page together: which view is shown, what comes in, what is said aloud.

import { byId, show, text } from './elements.js';
import { ask, follow, TokenNeeded } from './link.js';
import { askForToken, enableOrders } from './orders.js';
import { showCharts, showOverview } from './overview.js';
import { freshness, showOnCall } from './oncall.js';
import { choose, refresh, showDebug } from './debug.js';
import { redraw } from './charts.js';

const VIEWS = ['overview', 'oncall', 'debug'];
const SHOW = { overview: showOverview, oncall: showOnCall, debug: showDebug };
const SILENCE_MILLIS = 15000;
const POINTS_MILLIS = 10000;
const STATE_TONES = { ready: 'good', starting: 'warn', draining: 'warn', stopped: 'bad' };

let now = null;
let heardAt = 0;
let saidOfAlerts = '';

function view() {
  const [name] = location.hash.slice(1).split('/');
  return VIEWS.includes(name) ? name : 'overview';
}

function enter() {
  const current = view();
  for (const name of VIEWS) {
    byId(name).hidden = name !== current;
    const link = document.querySelector(`nav [data-view=${name}]`);
    if (name === current) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  document.title = `${document.querySelector(`nav [data-view=${current}]`).firstChild.textContent.trim()} – Lockgate`;
  if (current === 'debug') {
    choose(decodeURIComponent(location.hash.split('/')[1] ?? ''));
  }
  render();
  points();
}

function render() {
  if (now) {
    frame();
    SHOW[view()](now);
    redraw();
  }
}

function frame() {
  byId('state').className = `chip ${STATE_TONES[now.state] ?? 'quiet'}`;
  text('state', now.state);
  text('build', `${now.version}, generation ${now.generation}`);
  const firing = now.alerts.shown.filter((a) => a.state === 'firing' && !a.silenced_by).length;
  byId('badge').hidden = firing === 0;
  byId('badge').className = `badge ${now.alerts.state === 'page' ? 'bad' : 'warn'}`;
  show('badge', String(firing));
  byId('badge').setAttribute('aria-label', `${firing} alerts`);
}

function take(document) {
  now = document;
  heardAt = Date.now();
  byId('pulse').className = 'pulse good';
  text('pulse', freshness(now));
  byId('notice').hidden = !byId('notice').classList.contains('good');
  render();
  speakOfAlerts();
}

/** Said aloud only when the whole changes from well to ill, or back. */
function speakOfAlerts() {
  const words = { page: 'An alert pages.', ticket: 'An alert wants attention.', ok: 'No alert fires.' }[now.alerts.state];
  if (words !== saidOfAlerts) {
    if (saidOfAlerts !== '') {
      text('announcement', words);
    }
    saidOfAlerts = words;
  }
}

function announce(words, tone) {
  text('announcement', words);
  text('notice', words);
  byId('notice').className = `notice ${tone}`;
  byId('notice').hidden = false;
  setTimeout(() => {
    if (byId('notice').textContent === words) {
      byId('notice').hidden = true;
    }
  }, 8000);
}

async function points() {
  try {
    if (view() === 'overview') {
      const history = await ask('/history');
      if (history) {
        showCharts(history);
      }
    } else if (view() === 'debug') {
      await refresh();
    }
  } catch (error) {
    if (!(error instanceof TokenNeeded) && !(error instanceof TypeError)) {
      throw error; // a fault of ours; that there is no answer is told by the stream
    }
  }
}

async function listen() {
  let wrong = false;
  for (let pause = 1000; ; pause = Math.min(pause * 2, 15000)) {
    const cut = new AbortController();
    const guard = setInterval(() => {
      if (heardAt > 0 && Date.now() - heardAt > SILENCE_MILLIS) {
        cut.abort();
      }
    }, 1000);
    try {
      await follow('/events', (document) => {
        pause = 1000;
        if (!now) {
          take(document);
          points();
        } else {
          take(document);
        }
      }, cut.signal);
      lost('the connection ended');
    } catch (error) {
      if (error instanceof TokenNeeded) {
        try {
          await askForToken(wrong);
          wrong = true;
          pause = 10;
        } catch {
          lost('the token was not given');
          pause = 3600000;
        }
      } else {
        lost(error.message);
      }
    } finally {
      clearInterval(guard);
    }
    heardAt = 0;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** What is on the screen is old from now on, and says so. */
function lost(why) {
  byId('pulse').className = 'pulse bad';
  text('pulse', now ? `not live: ${why}` : why);
  byId('state').className = 'chip quiet';
  if (now) {
    text('notice', `Figures are of ${new Date(now.time).toLocaleTimeString('en-GB')}: ${why}. Trying again.`);
    byId('notice').className = 'notice bad';
    byId('notice').hidden = false;
  }
}

addEventListener('hashchange', () => {
  enter();
  byId('main').focus({ preventScroll: true });
  scrollTo(0, 0);
});
byId('pick').addEventListener('submit', (event) => {
  event.preventDefault();
  location.hash = `debug/${encodeURIComponent(byId('host').value.trim())}`;
});
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault(); // the address says which view is shown
  byId('main').focus();
});
enableOrders(announce);
enter();
listen();
setInterval(points, POINTS_MILLIS);
