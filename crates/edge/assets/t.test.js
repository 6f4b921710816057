// How the script behaves under each consent, with a page made of stubs: node t.test.js
const fs = require('fs'), vm = require('vm'), assert = require('assert');
const SRC = fs.readFileSync(__dirname + '/t.js', 'utf8');
const ID = 'clk_' + '0123456789abcdefghjkmnpqrs', ID2 = 'clk_' + 'z'.repeat(26);
function page(o) {
  const calls = [], events = [], listeners = {};
  const jar = Object.assign({}, o.cookies);
  const attrs = Object.assign({program: 'pk'}, o.attrs);
  const forms = [];
  const doc = {
    currentScript: {src: 'https://go.acme.dk/_trib/t.js', getAttribute: k => attrs[k.slice(5)] ?? null},
    querySelector: () => null, referrer: o.referrer || '', forms,
    createEvent: () => ({initCustomEvent(t, b, c, d) { this.type = t; this.detail = d; }}),
    createElement: () => ({}), addEventListener() {},
    get cookie() { return Object.entries(jar).map(([k, v]) => k + '=' + v).join('; '); },
    set cookie(t) { const [kv, ...rest] = t.split('; '); const [k, v] = kv.split('='); if (rest.some(r => r === 'max-age=0')) delete jar[k]; else jar[k] = v; doc.baked = t; },
  };
  const win = {
    location: {search: o.search || ''}, document: doc, navigator: {globalPrivacyControl: o.gpc},
    history: {pushState(s, t, u) { win.location.search = u; }, replaceState() {}},
    addEventListener: (k, f) => listeners[k] = f, dispatchEvent: e => events.push(e.detail),
    fetch: (url, init) => { if (init.method === 'GET' && init.body != null) throw new TypeError('GET has no body'); calls.push([url, init.body]); const r = (o.answer || (() => ({ok: true, text: async () => ''})))(url, init, jar); return Promise.resolve(r); },
    tributary: o.before,
  };
  win.window = win;
  vm.runInNewContext(SRC, Object.assign(win, {window: win, encodeURIComponent, decodeURIComponent, JSON, console}));
  return {win, doc, jar, calls, events, forms, t: (...a) => win.tributary(...a), tick: () => new Promise(r => setTimeout(r, 5))};
}
(async () => {
  // nothing before consent
  let p = page({search: '?trib=' + ID, attrs: {consent: 'required'}});
  await p.tick(); assert.deepEqual(p.calls, []); assert.deepEqual(p.jar, {}); assert.equal(p.t('id'), ID);
  assert.deepEqual(p.events, [{id: ID, consent: null}]);
  p.t('consent', true); await p.tick();
  assert.deepEqual(p.calls, [['https://go.acme.dk/_trib/consent', 'state=granted&id=' + ID]]);
  assert.equal(p.jar._trib, ID); assert.match(p.doc.baked, /secure/);
  // withdrawal
  p.t('consent', false); await p.tick(); assert.equal(p.jar._trib, undefined); assert.equal(p.t('id'), null);
  assert.equal(p.calls[1][1], 'state=withdrawn&id=' + ID);
  // own host: cookie by HTTP
  p = page({search: '?trib=' + ID2, cookies: {_trib: ID}, attrs: {consent: 'granted', host: '/_trib'}, answer: (u, i, jar) => { jar._trib = ID2; return {ok: true, text: async () => ''}; }});
  await p.tick(); assert.deepEqual(p.calls, [['/_trib/consent', `state=granted&id=${ID2}&prev=${ID}`]]); assert.equal(p.doc.baked, undefined);
  // own host broken: falls back
  p = page({search: '?trib=' + ID, attrs: {consent: 'granted', host: '/_trib'}, answer: u => ({ok: u[0] !== '/', text: async () => ''})});
  await p.tick(); assert.equal(p.calls.length, 2); assert.equal(p.jar._trib, ID);
  // landing
  p = page({search: '?ref=an%20na&sub2=x', referrer: 'https://blog.example/p?q', answer: () => ({ok: true, text: async () => JSON.stringify({id: ID})})});
  await p.tick(); assert.equal(p.calls[0][0], 'https://go.acme.dk/_trib/landing?consent=unknown&program=pk&ref=an%20na&r=blog.example&sub2=x');
  assert.equal(p.t('id'), ID); assert.deepEqual(p.jar, {});
  // landing refused
  p = page({search: '?via=x', answer: () => ({ok: false})}); await p.tick(); assert.equal(p.t('id'), null);
  // gpc
  p = page({search: '?trib=' + ID, gpc: true, attrs: {consent: 'granted'}}); p.t('consent', true); await p.tick();
  assert.deepEqual(p.calls, []); assert.deepEqual(p.jar, {}); assert.equal(p.t('id'), null);
  p = page({search: '?via=anna', gpc: true, answer: () => ({ok: true, text: async () => '{"id":null}'})}); await p.tick(); assert.match(p.calls[0][0], /consent=denied/); assert.equal(p.t('id'), null);
  // gpc, and the redirect that led here has counted the click
  p = page({search: '?via=anna&trib_seen=1', gpc: true}); await p.tick(); assert.deepEqual(p.calls, []);
  p = page({search: '?via=anna&trib_seen=1', answer: () => ({ok: true, text: async () => JSON.stringify({id: ID})})}); await p.tick(); assert.equal(p.calls.length, 1);
  // SPA
  p = page({attrs: {consent: 'granted'}}); await p.tick(); p.win.history.pushState(0, 0, '?trib=' + ID); await p.tick(); assert.equal(p.jar._trib, ID);
  p.win.history.pushState(0, 0, '?page=2'); assert.equal(p.t('id'), ID);
  // cookie on later page
  p = page({cookies: {_trib: ID}, attrs: {consent: 'granted'}}); await p.tick(); assert.equal(p.t('id'), ID); assert.deepEqual(p.calls, []);
  // fill
  const form = {kids: [], querySelector() { return this.kids[0]; }, appendChild(k) { this.kids.push(k); }};
  p.t('fill', form); p.t('fill', form); assert.equal(form.kids.length, 1); assert.equal(form.kids[0].value, ID); assert.equal(form.kids[0].name, 'trib');
  // queue
  const stub = function () {}; stub.q = [['consent', true]];
  p = page({search: '?trib=' + ID, before: stub}); await p.tick(); assert.equal(p.jar._trib, ID);
  // denied first, then yes
  p = page({search: '?trib=' + ID}); p.t('consent', false); await p.tick(); assert.equal(p.calls[0][1], 'state=denied&id=' + ID); assert.equal(p.t('id'), null);
  p.t('consent', true); await p.tick(); assert.equal(p.t('id'), ID); assert.equal(p.jar._trib, ID);
  // garbage never throws
  p = page({search: '?trib=%E0%A4%A'}); p.t('nonsense'); p.t('fill', 5); p.t();
  p = page({search: '?trib=<script>'}); assert.equal(p.t('id'), null);
  // denied page, then yes: landing by code
  console.log('ok');
})().catch(e => { console.error(e); process.exit(1); });
