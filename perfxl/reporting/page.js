"use strict";
(async () => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // A page of very many returns holds its longer parts packed.
  for (const part of all("script.packed")) {
    if (!window.DecompressionStream) { part.replaceWith(part.previousElementSibling.textContent); continue; }
    const bytes = Uint8Array.from(atob(part.textContent), (character) => character.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const box = document.createElement("template");
    box.innerHTML = await new Response(unpacked).text();
    part.replaceWith(box.content);
  }

  const form = document.querySelector(".tools");
  const said = form.querySelector("output");
  const tiles = all(".tile");
  const whole = all("#todo, #charts");
  root.classList.add("js");

  // What each row says, read once: 300 returns have thousands of findings.
  const folded = (text) => text.normalize("NFKC").toLowerCase();
  const read = (element) => folded(element.textContent);
  const units = all('[data-kind="unit"] tbody tr').map((row) => ({ row, text: read(row) }));
  const returns = all('[data-kind="return"] tbody tr').map((row) => ({ row, text: read(row), forms: row.dataset.forms.split(" "), units: row.dataset.unit.split(" ") }));
  const rules = all("#rules > details").map((box) => ({ box, rows: all("tbody tr", box) }));
  const chapters = all("#findings > details").map((box) => ({
    box,
    bodies: all("tbody", box).map((body) => ({
      body,
      head: read(box.firstElementChild) + read(body.rows[0]),
      number: Number(body.dataset.return),
      rows: all("tr[data-code]", body).map((row) => ({ row, text: read(row) })),
    })),
  }));
  const levels = { "": ["error", "warning"], all: ["error", "warning", "info"] };

  const wanted = () => {
    const value = Object.fromEntries(new FormData(form));
    // Who asks for one rule wants to see it, whatever its level is.
    const shown = levels[value.level || (value.code ? "all" : "")] || [value.level];
    return { ...value, words: folded(value.q).split(/\s+/).filter(Boolean), shown, narrow: Boolean(value.code || levels[value.level] === undefined) };
  };
  const holds = (text, words) => words.every((word) => text.includes(word));
  const fits = (status, asked) => !asked || status === asked || (asked === "returned" && status !== "missing");

  const apply = () => {
    const ask = wanted();
    const busy = Boolean(ask.words.length || ask.status || ask.form || ask.level || ask.code || ask.unit);
    const chosen = returns.map(({ row, forms, units: own }) =>
      fits(row.dataset.status, ask.status) && (!ask.form || forms.includes(ask.form)) && (!ask.unit || own.includes(ask.unit)));
    const hits = new Map();
    let findings = 0;
    let open = 0;
    for (const { box, bodies } of chapters) {
      let some = false;
      for (const { body, head, number, rows } of bodies) {
        let count = 0;
        for (const { row, text } of rows) {
          const on = chosen[number] && ask.shown.includes(row.dataset.level) && (!ask.code || row.dataset.code === ask.code)
            && holds(head + text, ask.words);
          row.hidden = !on;
          count += on ? 1 : 0;
        }
        body.hidden = !count;
        findings += count;
        some = some || count > 0;
        hits.set(number, count);
      }
      box.hidden = !some;
      open += some ? 1 : 0;
    }
    // A few that were looked for are shown at once; a hundred would only make a long page.
    if (busy && open <= 5) chapters.forEach(({ box }) => { if (!box.hidden) box.open = true; });
    let seen = 0;
    returns.forEach(({ row, text }, number) => {
      const found = hits.get(number) || 0;
      const on = chosen[number] && (ask.narrow ? found > 0 : holds(text, ask.words) || (ask.words.length > 0 && found > 0));
      row.hidden = !on;
      seen += on ? 1 : 0;
    });
    // A unit is listed for itself, or for one of its returns that is; one that is missing has none.
    const having = new Set(returns.filter(({ row }) => !row.hidden).flatMap(({ units: own }) => own));
    const about = Boolean(ask.form || ask.narrow);
    let listed = 0;
    units.forEach(({ row, text }) => {
      const status = ask.status === "superseded" ? Number(row.cells[4].textContent) > 0 : fits(row.dataset.status, ask.status);
      const own = having.has(row.dataset.unit);
      row.hidden = !(status && (!ask.unit || row.dataset.unit === ask.unit) && (about ? own : holds(text, ask.words) || own));
      listed += row.hidden ? 0 : 1;
    });
    for (const { box, rows } of rules) {
      let some = false;
      for (const row of rows) {
        row.hidden = !returns[row.dataset.return] || returns[row.dataset.return].row.hidden;
        some = some || !row.hidden;
      }
      const level = box.dataset.levels.split(" ").some((each) => ask.shown.includes(each));
      box.hidden = !(some && level && (!ask.code || box.dataset.code === ask.code));
    }
    // These two are about the whole batch; who looks for something wants to see what was found.
    whole.forEach((section) => { section.hidden = busy; });
    said.textContent = busy ? `找到：单位 ${listed} 家，文件 ${seen} 份，意见 ${findings} 条` : "";
    tiles.forEach((tile) => tile.classList.toggle("on", Boolean(tile.dataset.value) && ask[tile.dataset.field] === tile.dataset.value));
  };

  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });

  tiles.forEach((tile) => tile.addEventListener("click", () => {
    form.reset();
    if (tile.dataset.field) form.elements[tile.dataset.field].value = tile.dataset.value;
    apply();
    reveal(tile.hash);
  }));

  const reveal = (hash) => {
    const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target) return;
    if (target.hidden || target.closest("[hidden]")) { form.reset(); apply(); }
    for (let box = target.querySelector(":scope > details") || target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]:not(.tile)');
    if (link) reveal(link.hash);
  });
  addEventListener("hashchange", () => reveal(location.hash));

  const order = new Intl.Collator("zh-CN", { numeric: true });
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent.trim() : cell.dataset.v;
  };
  all(".sortable thead th").forEach((head) => {
    if (head.textContent === "打开") return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.dataset.name = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const table = head.closest("table");
      // Figures begin with the largest, words with the first.
      const first = head.classList.contains("n") ? "descending" : "ascending";
      const other = first === "ascending" ? "descending" : "ascending";
      const direction = head.getAttribute("aria-sort") === first ? other : first;
      all("th", table).forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", direction);
      const sign = direction === "ascending" ? 1 : -1;
      const column = head.cellIndex;
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row) => [value(row, column), row]);
      // What is blank comes last either way.
      rows.sort(([one], [two]) => (one === "") - (two === "") || sign * order.compare(one, two));
      body.append(...rows.map(([, row]) => row));
    });
  });

  all("[data-open]").forEach((button) => button.addEventListener("click", () => {
    all("main details").forEach((box) => { if (!box.hidden) box.open = Boolean(button.dataset.open); });
  }));
  document.querySelector("[data-print]").addEventListener("click", () => print());
  apply();
  if (location.hash) reveal(location.hash);
})();
