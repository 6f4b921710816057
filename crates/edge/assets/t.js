/* Tributary. Stores nothing before consent; never throws into the page. */
(function (w, d, n) {
  try {
    var s = d.currentScript || d.querySelector('script[data-program]') || {getAttribute: function () {}},
      at = function (k, e) { return s.getAttribute('data-' + k) || e; },
      name = at('click', 'trib'), jar = at('cookie', '_trib'), names = at('params', 'via,ref,aff').split(','),
      edge = (s.src || '').split('/').slice(0, 3).join('/') + '/_trib', host = at('host'),
      ok = /^clk_[0-9a-z]{26}$/, gpc = n.globalPrivacyControl === true,
      yes = !gpc && at('consent') === 'granted', no = gpc, id = null, seen, queue = (w.tributary || {}).q || [];

    function safe(f) {
      return function () { try { return f.apply(this, arguments); } catch (e) {} };
    }
    function param(k) {
      var m = ('&' + w.location.search.slice(1)).split('&' + k + '=')[1];
      return m ? decodeURIComponent(m.split('&')[0].replace(/\+/g, ' ')) : '';
    }
    function cookie() {
      var m = ('; ' + d.cookie).split('; ' + jar + '=')[1];
      m = m && m.split(';')[0];
      return ok.test(m) ? m : null;
    }
    function bake(value, days) {
      d.cookie = jar + '=' + value + '; path=/; max-age=' + days * 86400 + '; samesite=lax; secure' +
        (at('domain') ? '; domain=' + at('domain') : '');
    }
    function send(url, body, done) {
      var x;
      if (w.fetch) {
        w.fetch(url, {method: body ? 'POST' : 'GET', body: body, keepalive: true}).then(function (r) {
          return r.ok ? r.text() : null;
        }).then(done, function () { done(null); });
      } else {
        x = new XMLHttpRequest();
        x.open(body ? 'POST' : 'GET', url);
        x.onloadend = function () { done(x.status >= 200 && x.status < 300 ? x.responseText : null); };
        x.send(body);
      }
    }
    function call(path, body, done) {
      done = safe(done);
      send((host || edge) + path, body, function (r) {
        if (host && r === null) { send(edge + path, body, done); } else { done(r); }
      });
    }
    function tell(state, then) {
      var old = cookie();
      call('/consent', 'state=' + state + '&id=' + id + (old && old !== id ? '&prev=' + old : ''), then);
    }
    function fire() {
      var e = d.createEvent('CustomEvent');
      e.initCustomEvent('tributary', false, false, {id: id, consent: yes ? true : no ? false : null});
      w.dispatchEvent(e);
    }
    function keep() {
      var mine = id;
      function script() {
        if (yes && id === mine && cookie() !== id) { bake(id, at('days', 90)); }
      }
      if (!yes || !id || cookie() === id) { return; }
      tell('granted', script);
      if (!host) { script(); }
    }
    function got(next) {
      if (ok.test(next) && !no) { id = next; keep(); fire(); }
    }
    function look() {
      var url = w.location.search, i, code, path, before = d.referrer.split('/')[2];
      if (url === seen) { return; }
      seen = url;
      if (ok.test(param(name))) { return got(param(name)); }
      for (i = 0; i < names.length && !code; i++) { code = param(names[i]); }
      if (!code || no && param(name + '_seen')) { id = id || cookie(); return; }
      path = '/landing?consent=' + (yes ? 'granted' : no ? 'denied' : 'unknown');
      function add(k, v) { if (v) { path += '&' + k + '=' + encodeURIComponent(v); } }
      add('program', at('program'));
      add(names[i - 1], code);
      add('r', before);
      for (i = 1; i < 6; i++) { add('sub' + i, param('sub' + i)); }
      call(path, null, function (r) { got(JSON.parse(r).id); });
    }
    var api = {
      id: function () { return no ? null : id; },
      consent: function (given) {
        if (given) {
          if (gpc) { return; }
          yes = true;
          if (no) { no = false; seen = 0; look(); }
          keep();
        } else {
          id = id || cookie();
          if (id) { tell(yes || cookie() ? 'withdrawn' : 'denied', fire); bake('', 0); }
          yes = false;
          no = true;
          id = null;
        }
        fire();
      },
      fill: function (form) {
        var all = form ? [form] : d.forms, i, f;
        for (i = 0; i < all.length && id && !no; i++) {
          f = all[i].querySelector('input[name="' + name + '"]');
          if (!f) {
            f = d.createElement('input');
            f.type = 'hidden';
            f.name = name;
            all[i].appendChild(f);
          }
          f.value = id;
        }
      }
    };
    w.tributary = safe(function (what, value) { return api[what](value); });
    var spy = function (k) {
      var real = w.history[k];
      w.history[k] = function () {
        var r = real.apply(this, arguments);
        safe(look)();
        return r;
      };
    };
    if (w.history.pushState) { spy('pushState'); spy('replaceState'); }
    w.addEventListener('popstate', safe(look));
    if (d.prerendering) { d.addEventListener('prerenderingchange', safe(look)); } else { safe(look)(); }
    while (queue.length) { w.tributary.apply(null, queue.shift()); }
  } catch (e) {}
})(window, document, navigator);
