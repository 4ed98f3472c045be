// What single pages do beside the board: the queue's keys, the star, fresh figures.
// Runs after pledgewatch.js and starts what the page at hand needs.
'use strict';

// The queue's keys: j and k move, c, e and d decide.

const cases = () => [...document.querySelectorAll('#queue .case')];

function selectCase(next) {
  const all = cases();
  if (!all.length) return;
  const chosen = all[Math.max(0, Math.min(all.length - 1, next))];
  for (const one of all) one.classList.toggle('is-current', one === chosen);
  chosen.focus({ preventScroll: true });
  chosen.scrollIntoView({ block: 'nearest' });
}

function queueKeys(event) {
  if (event.target.matches('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = cases();
  const at = all.findIndex((one) => one.classList.contains('is-current'));
  if (event.key === 'j') selectCase(at + 1);
  else if (event.key === 'k') selectCase(at - 1);
  else if ('ced'.includes(event.key) && at >= 0) all[at].querySelector(`button[data-key="${event.key}"]`)?.click();
  else return;
  event.preventDefault();
}

let queueIsRead = 0;

async function refreshQueue() {
  if (now() - queueIsRead < 1500) return;
  queueIsRead = now();
  const fresh = await freshPage(location.href);
  if (!fresh) return;
  const known = new Map(cases().map((one) => [one.id, one]));
  for (const one of fresh.querySelectorAll('#queue .case')) {
    const here = known.get(one.id);
    known.delete(one.id);
    if (!here) { byId('queue').append(one.closest('li')); continue; }
    here.querySelector('.standing').replaceWith(one.querySelector('.standing'));
    here.querySelector('.words')?.remove();
    const words = one.querySelector('.words');
    if (words) here.querySelector('.standing').after(words);
  }
  for (const gone of known.values()) {
    if (!gone.contains(document.activeElement) || document.activeElement === gone) gone.closest('li').remove();
  }
  byId('queue-size').textContent = fresh.getElementById('queue-size').textContent;
}

function watchQueue() {
  byId('keys').hidden = false;
  document.addEventListener('keydown', queueKeys);
  selectCase(0);
}

function watchStar() {
  const star = byId('star');
  const number = Number(star.dataset.account);
  const show = () => {
    star.textContent = mine.has(number) ? 'Mine: take out' : 'Add to mine';
    star.setAttribute('aria-pressed', String(mine.has(number)));
  };
  star.hidden = false;
  show();
  star.addEventListener('click', () => {
    if (!mine.delete(number)) mine.add(number);
    localStorage.setItem('pledgewatch-mine', JSON.stringify([...mine]));
    show();
  });
}

async function refreshMain() {
  if (document.hidden || byId('main').contains(document.activeElement)) return;
  const fresh = await freshPage(location.href);
  if (fresh) byId('main').replaceChildren(...fresh.getElementById('main').childNodes);
}

if (map.canvas) {
  watchFilter();
  watchMap();
  const asked = new URLSearchParams(location.search);
  if (asked.has('only')) byId('mine').checked = true;
  loadCells();
}
if (page === 'review') watchQueue();
if (byId('star')) watchStar();
if (page === 'health') setInterval(refreshMain, 3000);
if (byId('live') || byId('to-review')) listen();
setInterval(tickCountdowns, 500);
localTimes(document);
