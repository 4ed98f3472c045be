// The live part of the dashboard. Every page works without it; nothing here writes
// markup: texts of others only ever become text nodes.
'use strict';

const byId = (id) => document.getElementById(id);
const page = document.body.dataset.page;
const role = document.body.dataset.role;
const states = ['broken', 'review', 'blind', 'quiet', 'waiting', 'sweep', 'kept', 'unproven',
  'unavailable', 'exempt', 'unjudged'];
const letters = 'xrbqwskunej';
const stateOf = (letter) => states[letters.indexOf(letter)];

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value; else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function shape(state) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', `shape is-${state}`);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', `#s-${state}`);
  svg.append(use);
  return svg;
}

const labels = Object.fromEntries(states.map((state) => [state, state]));
for (const item of document.querySelectorAll('#legend [data-state]')) {
  labels[item.dataset.state] = item.querySelector('.state').textContent.trim();
}

let clockOffset = 0;
const now = () => Date.now() + clockOffset;

function span(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${seconds % 60} s`;
  return `${seconds} s`;
}

const untilWords = (at) => (at <= now() ? 'over' : `in ${span(at - now())}`);

function tickCountdowns() {
  for (const time of document.querySelectorAll('time.countdown')) {
    const words = untilWords(Date.parse(time.dateTime));
    if (time.textContent !== words) time.textContent = words;
  }
}

const clockWords = (text) => new Date(text).toLocaleTimeString([], { hour12: false });

function localTimes(root) {
  for (const time of root.querySelectorAll('time:not(.countdown)')) {
    time.title = new Date(time.dateTime).toLocaleString();
  }
}

// The board's counts, as the server's events tell them.

function renderCounts(counts) {
  const list = byId('counts');
  if (!list) return;
  list.replaceChildren(...counts.map((count) => {
    const box = element('div', { className: `count count-${count.state}` },
      element('dt', {}, shape(count.state), ` ${count.label}`),
      element('dd', {}, element('strong', {}, count.count.toLocaleString('en')),
        ' ', element('span', {}, `of ${count.of.toLocaleString('en')}`)),
      element('dd', { className: 'note' }, count.note));
    box.classList.toggle('is-zero', count.count === 0);
    box.classList.toggle('is-long', count.count >= 1000);
    return box;
  }));
}

function renderCoverage(coverage) {
  const known = coverage.share !== null;
  byId('coverage').textContent = known ? `${Math.floor(coverage.share * 1000) / 10} %` : '–';
  byId('coverage-words').textContent = coverage.words;
  document.querySelector('#coverage-bar .bar-seen')
    ?.setAttribute('width', String(known ? Math.floor(coverage.share * 1000) : 0));
}

function renderWindows(windows) {
  const list = byId('windows');
  if (!list) return;
  const shown = windows.slice(0, list.dataset.most ?? 8);
  list.replaceChildren(...shown.map((group) => {
    const opens = Date.parse(group.start) > now();
    const over = Date.parse(group.end) <= now();
    const at = opens ? group.start : group.end;
    const left = element('span', { className: 'left' });
    if (over) left.append('over');
    else left.append(opens ? 'opens ' : 'ends ',
      element('time', { className: 'countdown', dateTime: at }, untilWords(Date.parse(at))));
    return element('li', {},
      element('span', { className: 'zone' }, element('bdi', {}, group.zone),
        ...(group.assumed ? [' ', element('em', {}, 'assumed')] : [])), left,
      element('span', { className: 'soft' },
        `${group.accounts} ${group.accounts === 1 ? 'account' : 'accounts'}, ${at.slice(0, 16).replace('T', ' ')} UTC`));
  }));
}

let newestFinding = document.querySelector('#latest li a')?.getAttribute('href') ?? '';

function renderLatest(latest) {
  const list = byId('latest');
  if (!list) return;
  list.replaceChildren(...latest.map((note) => {
    const item = element('li', {},
      element('time', { dateTime: note.at, title: new Date(note.at).toLocaleString() }, clockWords(note.at)),
      element('a', { href: `/accounts/${note.account}#f-${encodeURIComponent(note.id)}` },
        element('bdi', {}, note.summary)),
      ' ', element('span', { className: 'tag' }, note.state));
    if (Date.parse(note.at) > now() - 6000) item.classList.add('is-new');
    return item;
  }));
  const none = byId('latest-none');
  if (none) none.hidden = latest.length > 0;
  const newest = latest.length ? `/accounts/${latest[0].account}#f-${latest[0].id}` : '';
  if (newest && newest !== newestFinding) announce(latest[0].summary);
  newestFinding = newest;
}

function renderTroubles(troubles, coverage) {
  const list = byId('troubles');
  if (!list) return;
  const items = troubles.map((words) => element('li', {}, element('bdi', {}, words)));
  if (!items.length) {
    const all = coverage.seen_now === coverage.accounts;
    items.push(element('li', { className: 'soft' }, all ? 'Every account was seen at its last look.'
      : `${coverage.seen_now.toLocaleString('en')} of ${coverage.accounts.toLocaleString('en')} accounts were seen at the last look.`));
  }
  list.replaceChildren(...items);
}

function renderPhase(board) {
  const countdown = (at) => element('time', { className: 'countdown', dateTime: at }, untilWords(Date.parse(at)));
  const words = {
    before: () => ['The first window opens ', countdown(board.window.start), '.'],
    running: () => ['Running. The last window ends ', countdown(board.window.end), '.'],
    sweeping: () => ['The windows are over; sweeps and reviews until the campaign closes ', countdown(board.closes), '.'],
    closed: () => ['Closed. Verdicts no longer change.'],
  }[board.phase];
  if (words && byId('phase')) byId('phase').replaceChildren(...words());
}

function renderBoard(board) {
  clockOffset = Date.parse(board.as_of) - Date.now();
  renderPhase(board);
  renderCounts(board.counts);
  renderCoverage(board.coverage);
  renderWindows(board.windows);
  if (board.latest) renderLatest(board.latest);
  if (board.troubles) renderTroubles(board.troubles, board.coverage);
  if (board.states) renderLegend(board.states);
}

function renderBadge(board) {
  const badge = byId('to-review');
  if (!badge || board.findings_open === undefined) return;
  badge.firstChild.textContent = String(board.findings_open);
  badge.classList.toggle('has-work', board.findings_open > 0);
}

function renderLegend(counts) {
  for (const item of document.querySelectorAll('#legend [data-state]')) {
    const count = counts[item.dataset.state] ?? 0;
    item.querySelector('b').textContent = count.toLocaleString('en');
    item.classList.toggle('is-none', count === 0);
  }
}

function announce(words) {
  const live = byId('map-tip');
  if (live) live.textContent = `New finding: ${words}`;
}

// The map: one drawing of each state, copied to the cells that show it.

const map = {
  canvas: byId('map'), context: null, cells: [], letters: [], words: [], size: 0, columns: 1,
  stamps: {},  // by letter
  at: -1, shown: null, drawnAt: 0,
  changed: new Set(), frame: 0,  // what the next frame draws
};

function makeStamps() {
  const pixels = Math.round(map.size * devicePixelRatio);
  map.stamps = {};
  for (const state of states) {
    const stamp = document.createElement('canvas');
    stamp.width = stamp.height = pixels;
    const context = stamp.getContext('2d');
    const path = new Path2D(document.querySelector(`#s-${state} path`).getAttribute('d'));
    const probe = document.querySelector(`#legend .is-${state}`);
    context.fillStyle = getComputedStyle(probe ?? document.body).color;
    const scale = (pixels * 0.86) / 16;
    context.setTransform(scale, 0, 0, scale, pixels * 0.07, pixels * 0.07);
    context.fill(path, 'evenodd');
    map.stamps[letters[states.indexOf(state)]] = stamp;
  }
}

function layMap() {
  const width = byId('map-frame').clientWidth;
  const count = Math.max(1, map.cells.length);
  const height = Math.min(innerHeight * 0.5, width * 0.6);
  map.size = Math.max(7, Math.min(64, Math.floor(Math.sqrt((width * height) / count))));
  map.columns = Math.max(1, Math.floor(width / map.size));
  map.canvas.width = Math.round(width * devicePixelRatio);
  map.canvas.height = Math.round(Math.ceil(count / map.columns) * map.size * devicePixelRatio);
  map.context = map.canvas.getContext('2d');
  makeStamps();
  for (let i = 0; i < map.cells.length; ++i) drawCell(i);
  map.changed.clear();
  map.drawnAt = performance.now();
}

// However many events come, a frame draws each changed cell once.
function drawChanged() {
  map.frame = 0;
  for (const i of map.changed) drawCell(i);
  map.changed.clear();
}

function drawCell(i) {
  const { context } = map;
  const step = Math.round(map.size * devicePixelRatio);
  const x = (i % map.columns) * step;
  const y = Math.floor(i / map.columns) * step;
  context.clearRect(x, y, step, step);
  context.globalAlpha = !map.shown || map.shown(i) ? 1 : 0.14;
  context.drawImage(map.stamps[map.letters[i]], x, y);
  context.globalAlpha = 1;
  if (i === map.at) {
    context.strokeStyle = getComputedStyle(document.body).color;
    context.lineWidth = 2 * devicePixelRatio;
    context.strokeRect(x + 1, y + 1, step - 2, step - 2);
  }
}

function pointAt(i) {
  const before = map.at;
  map.at = i;
  if (before >= 0 && before < map.cells.length) drawCell(before);
  if (i < 0 || i >= map.cells.length) { byId('map-tip').textContent = ''; return; }
  drawCell(i);
  const [, actor, platform, handle] = map.cells[i];
  byId('map-tip').textContent = `${actor} — ${platform}:${handle} — ${labels[stateOf(map.letters[i])]}`;
}

function cellAt(event) {
  const box = map.canvas.getBoundingClientRect();
  const column = Math.floor((event.clientX - box.left) / map.size);
  const row = Math.floor((event.clientY - box.top) / map.size);
  const i = row * map.columns + column;
  return column >= 0 && column < map.columns && i < map.cells.length ? i : -1;
}

const openCell = (i) => { if (i >= 0) location.assign(`/accounts/${map.cells[i][0]}`); };

function watchMap() {
  map.canvas.addEventListener('mousemove', (event) => pointAt(cellAt(event)));
  map.canvas.addEventListener('mouseleave', () => pointAt(-1));
  map.canvas.addEventListener('click', (event) => openCell(cellAt(event)));
  map.canvas.addEventListener('keydown', (event) => {
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -map.columns, ArrowDown: map.columns };
    if (event.key === 'Enter') openCell(map.at);
    if (!(event.key in moves)) return;
    event.preventDefault();
    pointAt(Math.max(0, Math.min(map.cells.length - 1, Math.max(0, map.at) + moves[event.key])));
  });
  addEventListener('resize', layMap);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', layMap);
}

async function loadCells() {
  const answer = await fetch('/api/v1/cells', { headers: { accept: 'application/json' } });
  if (!answer.ok) return;
  const told = await answer.json();
  map.cells = told.cells;
  map.letters = [...told.states];
  map.words = told.cells.map(([, actor, , handle]) => `${actor}\n${handle}`.toLowerCase());
  byId('map-frame').hidden = false;
  showFilter();
  layMap();
}

function takeStates(all) {
  if (all.length !== map.cells.length) { loadCells(); return; }
  for (let i = 0; i < all.length; ++i) {
    if (all[i] !== map.letters[i]) changeCell(i, all[i]);
  }
}

function changeCell(i, letter) {
  map.letters[i] = letter;
  map.changed.add(i);
  if (!map.frame) map.frame = requestAnimationFrame(drawChanged);
  tableIsOld = true;
}

// Filter, search and "only mine": the server renders the rows.

let tableIsOld = false;
const mine = new Set(JSON.parse(localStorage.getItem('pledgewatch-mine') ?? '[]'));

function filterNow() {
  const form = byId('filter');
  const data = new FormData(form);
  const query = new URLSearchParams();
  for (const name of ['q', 'state', 'platform']) {
    if (data.get(name)) query.set(name, data.get(name));
  }
  if (byId('mine').checked) query.set('only', [...mine].join(',') || '0');
  return query;
}

function showFilter() {
  const query = filterNow();
  const search = (query.get('q') ?? '').toLowerCase();
  map.shown = query.size === 0 ? null : (i) => {
    const [number, , platform] = map.cells[i];
    return (!query.has('state') || stateOf(map.letters[i]) === query.get('state')) &&
      (!query.has('platform') || platform === query.get('platform')) &&
      (!query.has('only') || mine.has(number)) &&
      (!search || map.words[i].includes(search));
  };
  for (const item of document.querySelectorAll('#legend [data-state]')) {
    item.classList.toggle('is-chosen', item.dataset.state === query.get('state'));
  }
}

async function freshPage(address) {
  const answer = await fetch(address, { headers: { accept: 'text/html' } });
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

async function refreshTable() {
  tableIsOld = false;
  const query = filterNow();
  const page = new URLSearchParams(location.search).get('page');
  if (page) query.set('page', page);
  const fresh = await freshPage(`/?${query}`);
  if (!fresh) return;
  for (const id of ['rows', 'matches', 'pager']) byId(id).replaceWith(fresh.getElementById(id));
}

function watchFilter() {
  const form = byId('filter');
  form.querySelector('.mine').hidden = false;
  form.querySelector('button').hidden = true;
  let timer = 0;
  const apply = () => {
    const query = filterNow();
    history.replaceState(null, '', query.size ? `/?${query}` : '/');
    showFilter();
    layMap();
    clearTimeout(timer);
    timer = setTimeout(refreshTable, 150);
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => { event.preventDefault(); apply(); });
  byId('legend').addEventListener('click', (event) => {
    const item = event.target.closest('[data-state]');
    if (!item) return;
    event.preventDefault();
    const select = form.elements.state;
    select.value = select.value === item.dataset.state ? '' : item.dataset.state;
    apply();
  });
  setInterval(() => { if (tableIsOld && !document.hidden) refreshTable(); }, 2000);
}

// The stream of events; the browser comes back by itself and says where it was.

function listen() {
  const stream = new EventSource('/events');
  const live = byId('live');
  const heard = (told) => {
    if (!live) return;
    live.className = 'live is-live';
    live.textContent = told ? `live, as of ${clockWords(told.as_of)}` : 'live';
  };
  stream.onerror = () => {
    if (live) { live.className = 'live is-lost'; live.textContent = 'not live: the daemon does not answer'; }
  };
  const takeBoard = (event) => {
    const told = JSON.parse(event.data);
    heard(told);
    renderBadge(told);
    if (page === 'board') renderBoard(told);
    if (told.cells !== undefined && map.canvas) takeStates(told.cells);
    if (page === 'review') refreshQueue();
  };
  stream.addEventListener('snapshot', takeBoard);
  stream.addEventListener(role === 'public' ? 'public' : 'board', takeBoard);
  stream.addEventListener('cells', (event) => {
    if (!map.canvas || !map.cells.length) return;
    for (const [i, letter] of JSON.parse(event.data).changes) changeCell(i, letter);
  });
  stream.addEventListener('roster', () => { if (map.canvas) loadCells(); });
}
