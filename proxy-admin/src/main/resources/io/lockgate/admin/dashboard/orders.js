// What an operator may order, after saying so twice.

import { byId, text } from './elements.js';
import { order, TokenNeeded, useToken } from './link.js';

const ORDERS = {
  reload: {
    path: '/reload',
    title: 'Reload the configuration?',
    text: 'It is read and checked as a whole; if anything is wrong, nothing changes. No connection is closed for it.',
    yes: 'Reload',
    done: (answer) => `Reloaded: generation ${answer.generation}, ${answer.result}.`,
  },
  rotate: {
    path: '/tickets/rotate',
    title: 'Make a new session ticket key?',
    text: 'New sessions use the new key; the earlier ones stay accepted as configured, so nobody has to do a full handshake for it.',
    yes: 'Rotate',
    done: () => 'A new session ticket key is in use.',
  },
  drain: {
    path: '/drain',
    title: 'Drain, and end this process?',
    text: 'It stops accepting connections, finishes what it has in hand, and ends. This cannot be taken back.',
    yes: 'Drain and end',
    done: () => 'Draining. The process ends when all is finished.',
  },
};

let chosen = null;
let ask = null; // a token was asked for by something other than an order

/** Lets the buttons speak; announce tells people what came of it. */
export function enableOrders(announce) {
  for (const button of document.querySelectorAll('[data-order]')) {
    button.addEventListener('click', () => open(ORDERS[button.dataset.order]));
  }
  byId('confirm-yes').addEventListener('click', () => (chosen ? carryOut(announce) : takeToken()));
  byId('token').addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault(); // not the first button, which cancels
      byId('confirm-yes').click();
    }
  });
  byId('confirm').addEventListener('close', () => {
    byId('token').value = '';
    if (ask) {
      ask.reject(new TokenNeeded('no token was given'));
      ask = null;
    }
  });
}

function open(what, needsToken = false) {
  chosen = what;
  text('confirm-title', what.title);
  text('confirm-text', what.text);
  text('confirm-yes', what.yes);
  text('confirm-error', '');
  byId('confirm-yes').className = what === ORDERS.drain ? 'danger' : 'primary';
  byId('confirm-yes').disabled = false;
  byId('confirm-token').hidden = !needsToken;
  if (!byId('confirm').open) {
    byId('confirm').showModal();
  }
  (needsToken ? byId('token') : document.querySelector('#confirm [value=no]')).focus();
}

async function carryOut(announce) {
  const what = chosen;
  takeTyped();
  byId('confirm-yes').disabled = true;
  text('confirm-error', '');
  try {
    const { ok, document: answer } = await order(what.path);
    if (ok) {
      byId('confirm').close();
      announce(what.done(answer), 'good');
    } else {
      const errors = (answer.errors ?? []).slice(0, 3).map((e) => `${e.message} (${e.file}:${e.line})`);
      text('confirm-error', [answer.error, ...errors].join('. '));
    }
  } catch (error) {
    if (error instanceof TokenNeeded) {
      const again = !byId('confirm-token').hidden;
      open(what, true);
      text('confirm-error', again ? 'This is not the token.' : '');
    } else {
      text('confirm-error', 'There was no answer. Is the process still there?');
    }
  } finally {
    byId('confirm-yes').disabled = false;
  }
}

function takeTyped() {
  if (byId('token').value !== '') {
    useToken(byId('token').value);
  }
}

/** Asks for the token, where everything needs it; done when one was given. */
export function askForToken(wrong) {
  if (ask) {
    return ask.promise;
  }
  ask = {};
  ask.promise = new Promise((resolve, reject) => Object.assign(ask, { resolve, reject }));
  open({ title: 'Who may see this?', text: 'This address can be reached from other machines, so everything here needs the token.', yes: 'Open' }, true);
  chosen = null;
  text('confirm-error', wrong ? 'This is not the token.' : '');
  return ask.promise;
}

function takeToken() {
  takeTyped();
  const { resolve } = ask;
  ask = null;
  byId('confirm').close();
  resolve();
}
