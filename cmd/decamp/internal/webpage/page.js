'use strict';
(() => {
  const form = document.querySelector('form.filter');
  if (form) filter(form);
  for (const beside of document.querySelectorAll('.beside')) together(beside);
  unfoldForPrint();

  // filter hides the groups and items that do not fit the form. Texts are read once,
  // when the page has nothing else to do, so that an answer takes a few milliseconds.
  function filter(form) {
    const groups = [...document.querySelectorAll('#findings .group')];
    const noun = form.elements.shown.value.replace(/^\d+ /, '');
    const empty = document.querySelector('#findings .empty');
    const facets = [...form.querySelectorAll('fieldset input')].map(i => i.name).filter((n, i, all) => all.indexOf(n) === i);
    let index = null;
    const read = () => index ??= groups.map(group => ({
      group,
      details: group.querySelector('details'),
      words: (group.querySelector('h3').textContent + ' ' + (group.querySelector('h3 + p')?.textContent ?? '')).toLowerCase(),
      items: [...group.querySelectorAll('.items > li')].map(item => ({item, words: item.textContent.toLowerCase(), hidden: false})),
      hidden: false,
    }));
    (window.requestIdleCallback ?? setTimeout)(read);

    const set = (entry, element, hidden) => {
      if (entry.hidden !== hidden) element.hidden = entry.hidden = hidden;
    };
    const answer = () => {
      const wanted = form.elements.find.value.trim().toLowerCase().split(/\s+/).filter(w => w);
      const admitted = facets.map(name => [name, new Set([...form.querySelectorAll(`input[name="${name}"]:checked`)].map(i => i.value))]);
      let shown = 0;
      for (const entry of read()) {
        let fits = admitted.every(([name, values]) => !(name in entry.group.dataset) || values.has(entry.group.dataset[name]));
        if (fits) {
          const left = wanted.filter(w => !entry.words.includes(w));
          let some = 0;
          for (const i of entry.items) {
            const item = left.every(w => i.words.includes(w));
            if (item) some++;
            set(i, i.item, !item);
          }
          shown += some;
          fits = some > 0;
        }
        set(entry, entry.group, !fits);
      }
      form.elements.shown.value = shown + ' ' + (shown === 1 ? noun.replace(/s$/, '') : noun.replace(/s?$/, 's'));
      empty.hidden = shown > 0;
    };
    form.addEventListener('input', answer);
    form.addEventListener('submit', event => event.preventDefault());
    form.addEventListener('reset', () => setTimeout(answer));

    // A cell of the matrix asks for its findings.
    document.querySelector('#matrix')?.addEventListener('click', event => {
      const cell = event.target.closest('a[data-find]');
      if (!cell) return;
      form.elements.find.value = cell.dataset.find;
      for (const box of form.querySelectorAll(`input[name="${cell.dataset.facet}"]`)) box.checked = box.value === cell.dataset.value;
      answer();
    });
  }

  // together shows which lines belong to the one that is pointed at, and lets the
  // number of a line scroll the other side only.
  function together(beside) {
    const panes = [...beside.querySelectorAll('.pane')];
    let groups = null, lit = [];
    const members = () => {
      if (groups) return groups;
      groups = new Map();
      for (const line of beside.querySelectorAll('li[data-g]'))
        for (const g of line.dataset.g.split(' ')) {
          if (!groups.has(g)) groups.set(g, []);
          groups.get(g).push(line);
        }
      return groups;
    };
    const light = line => {
      for (const l of lit) l.classList.remove('on');
      lit = line ? line.dataset.g.split(' ').flatMap(g => members().get(g)) : [];
      for (const l of lit) l.classList.add('on');
    };
    const lineOf = event => event.target.closest('li[data-g]');
    beside.addEventListener('mouseover', event => { const line = lineOf(event); if (line) light(line); });
    beside.addEventListener('focusin', event => { const line = lineOf(event); if (line) light(line); });
    beside.addEventListener('click', event => {
      const line = lineOf(event);
      if (!line) return;
      event.preventDefault();
      light(line);
      const other = document.getElementById(line.querySelector('a').hash.slice(1));
      const pane = other.closest('.pane');
      pane.scrollTo({top: other.offsetTop - pane.clientHeight / 3});
    });
    for (const pane of panes) {
      // One stop of the tabulator for each side: the arrow keys go on from there.
      const links = () => pane.querySelectorAll('li[data-g] > a');
      beside.addEventListener('toggle', () => { for (const [i, a] of links().entries()) a.tabIndex = i ? -1 : 0; }, {once: true});
      pane.addEventListener('keydown', event => {
        const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
        if (!step || !event.target.closest('li')) return;
        const all = [...links()];
        const next = all[all.indexOf(event.target) + step];
        if (!next) return;
        event.preventDefault();
        event.target.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
      });
    }
  }

  // unfoldForPrint opens what is folded for as long as the page is printed.
  function unfoldForPrint() {
    let opened = [];
    addEventListener('beforeprint', () => {
      opened = [...document.querySelectorAll('details:not([open]):not(.beside)')];
      for (const d of opened) d.open = true;
    });
    addEventListener('afterprint', () => { for (const d of opened) d.open = false; });
  }
})();
