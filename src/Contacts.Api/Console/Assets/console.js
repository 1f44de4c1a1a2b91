// What the pages do beyond links and forms. Everything works without it but live lists and copying.

// Copies the text of the element that the button names.
document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const text = document.getElementById(button.dataset.copy).textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https or the right to the clipboard the text is selected, to be copied by hand.
    const range = document.createRange();
    range.selectNodeContents(document.getElementById(button.dataset.copy));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = label; }, 1500);
});

// The box in a table's head ticks all of its rows.
document.addEventListener('change', event => {
  const all = event.target.closest('[data-all]');
  if (all) for (const box of document.querySelectorAll(`input[name="${all.dataset.all}"]`)) box.checked = all.checked;
  if (event.target.closest('[data-submit]')) event.target.form.requestSubmit();
});

// A list that goes on by itself: the server sends rows as it would have drawn them, newest last, and says what it left out.
for (const list of document.querySelectorAll('[data-live]')) {
  const most = Number(list.dataset.liveMost ?? 200);
  const told = document.querySelector(list.dataset.liveTold ?? ':not(*)');
  const pause = document.querySelector(list.dataset.livePause ?? ':not(*)');
  const source = new EventSource(list.dataset.live);
  const waiting = [];
  const show = html => {
    const rows = document.createElement('template');
    rows.innerHTML = html;
    for (const row of rows.content.querySelectorAll('tr')) {
      if (row.id && document.getElementById(row.id)) continue;
      row.classList.add('new');
      list.prepend(row);
    }
    while (list.rows.length > most) list.rows[list.rows.length - 1].remove();
  };
  source.addEventListener('rows', event => {
    if (pause?.checked) {
      waiting.push(event.data);
      if (waiting.length > 100) waiting.shift();
    } else {
      show(event.data);
    }
  });
  source.addEventListener('told', event => { if (told) told.textContent = event.data; });
  pause?.addEventListener('change', () => { if (!pause.checked) while (waiting.length) show(waiting.shift()); });
  addEventListener('pagehide', () => source.close());
}

// A part of a page that is asked for again until its work is done. Not while nobody looks, or while somebody goes through it with the keyboard.
for (const part of document.querySelectorAll('[data-again]')) {
  const again = async () => {
    if (document.hidden || part.contains(document.activeElement)) {
      setTimeout(again, 1000);
      return;
    }
    const answer = await fetch(location.href).catch(() => null);
    if (!answer || answer.status >= 500) {
      // The server may be starting again.
      setTimeout(again, 5000);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById(part.id);
    if (!fresh) return;
    part.replaceChildren(...fresh.childNodes);
    if (fresh.hasAttribute('data-again')) setTimeout(again, Number(fresh.dataset.again) || 1000);
  };
  setTimeout(again, Number(part.dataset.again) || 1000);
}
