/// The script of the page: sorting, filtering and opening rows. Without it everything is still there.
enum PageScript {
  static let text = #"""
    'use strict';
    document.documentElement.classList.add('js');
    (function () {
      function key(cell) {
        var v = cell ? cell.getAttribute('data-v') : null;
        if (v === null) v = cell ? cell.textContent : '';
        return v;
      }
      function compare(a, b) {
        if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
        var x = Number(a), y = Number(b);
        if (!isNaN(x) && !isNaN(y)) return x - y;
        return a < b ? -1 : a > b ? 1 : 0;
      }
      function closeRow(row) {
        var more = row.nextElementSibling;
        if (!more || !more.classList.contains('more')) return;
        var link = row.querySelector('.open');
        var home = document.getElementById(link.getAttribute('href').slice(1));
        home.appendChild(more.querySelector('.inner'));
        more.remove();
        link.setAttribute('aria-expanded', 'false');
      }
      function openRow(row) {
        var link = row.querySelector('.open');
        var home = document.getElementById(link.getAttribute('href').slice(1));
        var more = document.createElement('tr'), cell = document.createElement('td');
        more.className = 'more';
        cell.colSpan = row.cells.length;
        cell.appendChild(home.querySelector('.inner'));
        more.appendChild(cell);
        row.after(more);
        link.setAttribute('aria-expanded', 'true');
      }
      function toggle(row) {
        var more = row.nextElementSibling;
        if (more && more.classList.contains('more')) closeRow(row); else openRow(row);
      }
      function sortable(box, table) {
        var body = table.tBodies[0];
        Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, index) {
          if (head.classList.contains('o')) return;
          var button = document.createElement('button');
          button.type = 'button';
          button.textContent = head.textContent;
          head.textContent = '';
          head.appendChild(button);
          button.addEventListener('click', function () {
            var rows = Array.prototype.slice.call(body.rows);
            rows.forEach(function (row) { if (!row.classList.contains('more')) closeRow(row); });
            rows = Array.prototype.slice.call(body.rows);
            var now = head.getAttribute('aria-sort');
            var down = now ? now === 'ascending' : head.classList.contains('n');
            Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) {
              other.removeAttribute('aria-sort');
            });
            head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
            rows.map(function (row, place) { return { row: row, key: key(row.cells[index]), place: place }; })
              .sort(function (a, b) {
                var order = compare(a.key, b.key);
                if (a.key !== '' && b.key !== '' && down) order = -order;
                return order || a.place - b.place;
              })
              .forEach(function (entry) { body.appendChild(entry.row); });
          });
        });
      }
      function filterable(box, table) {
        var body = table.tBodies[0], total = body.rows.length;
        if (total < 6) return;
        var tools = document.createElement('div'), label = document.createElement('label');
        var input = document.createElement('input'), count = document.createElement('output');
        tools.className = 'tools';
        label.textContent = 'Filter ';
        input.type = 'search';
        input.setAttribute('aria-label', 'Filter ' + table.caption.textContent);
        label.appendChild(input);
        count.textContent = total + ' rows';
        tools.appendChild(label);
        tools.appendChild(count);
        box.parentNode.insertBefore(tools, box);
        input.addEventListener('input', function () {
          var words = input.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
          Array.prototype.slice.call(body.rows).forEach(function (row) {
            if (row.classList.contains('more')) return;
            var text = row.textContent.toLowerCase();
            var fits = words.every(function (word) { return text.indexOf(word) >= 0; });
            if (!fits) closeRow(row);
            row.hidden = !fits;
            if (fits) shown += 1;
          });
          count.textContent = shown === total ? total + ' rows' : shown + ' of ' + total + ' rows';
        });
      }
      Array.prototype.forEach.call(document.querySelectorAll('.tablebox'), function (box) {
        var table = box.querySelector('table');
        sortable(box, table);
        filterable(box, table);
        table.addEventListener('click', function (event) {
          var link = event.target.closest('.open');
          if (!link) return;
          event.preventDefault();
          toggle(link.closest('tr'));
        });
      });
      Array.prototype.forEach.call(document.querySelectorAll('.open'), function (link) {
        link.setAttribute('aria-expanded', 'false');
        link.setAttribute('role', 'button');
      });
      function follow() {
        var home = location.hash ? document.getElementById(location.hash.slice(1)) : null;
        if (!home || home.tagName !== 'DETAILS') return;
        var link = document.querySelector('.open[href="' + location.hash + '"]');
        if (!link) return;
        var row = link.closest('tr');
        if (link.getAttribute('aria-expanded') !== 'true') openRow(row);
        row.scrollIntoView();
      }
      window.addEventListener('hashchange', follow);
      follow();
      var links = document.querySelectorAll('nav a');
      if ('IntersectionObserver' in window) {
        var watch = new IntersectionObserver(function (entries) {
          entries.forEach(function (entry) {
            if (!entry.isIntersecting) return;
            Array.prototype.forEach.call(links, function (link) {
              if (link.getAttribute('href') === '#' + entry.target.id) link.setAttribute('aria-current', 'true');
              else link.removeAttribute('aria-current');
            });
          });
        }, { rootMargin: '-15% 0px -75% 0px' });
        Array.prototype.forEach.call(document.querySelectorAll('main section'), function (part) {
          watch.observe(part);
        });
      }
    })();
    """#
}
