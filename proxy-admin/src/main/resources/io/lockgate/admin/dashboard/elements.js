// Makes elements. Text becomes text nodes and nothing else: names, subjects and hosts come from clients.

/** An element with attributes and children; children are elements, or anything else as text. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined)
      .map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Replaces what an element shows, unless it shows the same already: focus and selection survive. */
export function show(id, ...content) {
  const element = byId(id);
  const next = el(element.tagName, {}, ...content);
  if (next.isEqualNode(el(element.tagName, {}, [...element.cloneNode(true).childNodes]))) {
    return;
  }
  const open = new Set([...element.querySelectorAll('details[open][data-key]')].map((d) => d.dataset.key));
  next.querySelectorAll('details[data-key]').forEach((d) => { d.open = open.has(d.dataset.key); });
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  const scrolled = [element.scrollLeft, element.scrollTop];
  element.replaceChildren(...next.childNodes);
  [element.scrollLeft, element.scrollTop] = scrolled;
  if (focused !== undefined) {
    element.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }
}

/** Sets a text where it is another. */
export function text(id, value) {
  const element = byId(id);
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

/** A short word with a colour; the word says all that the colour does. */
export function chip(tone, word) {
  return el('span', { class: `chip ${tone}` }, word);
}

/**
 * A table. Columns are {head, cell, number, brief, minor}: cell makes the content from a row; brief content is
 * never broken into lines, and minor columns are left out on a narrow screen.
 */
export function table(caption, columns, rows) {
  const kind = (column) => [column.number ? 'number' : '', column.brief ? 'brief' : '', column.minor ? 'minor' : ''].filter(Boolean).join(' ') || null;
  return el('table', {},
      el('caption', { class: 'unseen' }, caption),
      el('thead', {}, el('tr', {}, columns.map((c) => el('th', { scope: 'col', class: kind(c) }, c.head)))),
      el('tbody', {}, rows.map((row) => el('tr', {}, columns.map((c, i) => (i === 0
        ? el('th', { scope: 'row', class: kind(c) }, c.cell(row))
        : el('td', { class: kind(c) }, c.cell(row))))))));
}

/** What stands where there is nothing to show. */
export function nothing(words) {
  return el('p', { class: 'nothing' }, words);
}

/** A bar beside a figure, for eyes only: the figure itself stands in the table. */
export function bar(share, tone = 'plain') {
  const width = Math.max(0, Math.min(20, Math.round(share * 20)));
  return el('span', { class: `bar ${tone} w${width}`, 'aria-hidden': 'true' });
}
