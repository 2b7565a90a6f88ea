"use strict";
(async () => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  root.classList.add("js");

  // Rows that are put into the page at a time where a batch is very large; a smaller one has them all.
  const AT_ONCE = 200;
  const mould = document.createElement("template");
  const signs = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&quot;": '"', "&#39;": "'", "&nbsp;": "\u00a0" };
  const plain = (html) => html.replace(/<[^>]*>/g, "").replace(/&[#\w]+;/g, (sign) => signs[sign] || sign);
  const folded = (text) => text.normalize("NFKC").toLowerCase();

  // A row, or the findings of a unit: HTML of one line, and the element once it is looked at.
  class Item {
    constructor(html, element = null) { Object.assign(this, { html, element, on: true, text: null }); }
    get read() { return this.text ??= folded(plain(this.html)); }
    get data() {
      const words = this.html.slice(0, this.html.indexOf(">")).matchAll(/ data-(\w+)="([^"]*)"/g);
      return Object.fromEntries([...words].map(([, name, value]) => [name, value]));
    }
  }
  const make = (items) => {
    const left = items.filter((item) => !item.element);
    mould.innerHTML = left.map((item) => item.html).join("");
    const made = [...mould.content.children];
    left.forEach((item, place) => {
      item.element = made[place];
      if (item.open) item.element.open = true;
      if (item.dress) item.dress();
    });
  };

  // The items of one table, or of one part; those that are wanted stand in the page, of very many only some in a row.
  class List {
    constructor(place, lines) {
      this.place = place;
      this.items = lines ? lines.map((line) => new Item(line)) : [...place.children].map((own) => new Item(own.outerHTML, own));
      this.most = lines ? AT_ONCE : Infinity;
      this.wanted = this.items;
      this.from = this.to = 0;
      if (!lines) return;
      const table = place.closest("table") || place;
      const button = (put) => {
        const made = Object.assign(document.createElement("button"), { type: "button", className: "more", hidden: true });
        table[put](made);
        return made;
      };
      this.earlier = button("before");
      this.more = button("after");
      this.earlier.addEventListener("click", () => {
        const first = this.wanted[this.from].element;
        this.previous();
        first.scrollIntoView({ block: "center" });
      });
      this.more.addEventListener("click", () => {
        const first = this.wanted[this.to];
        this.next();
        const link = first && first.element.querySelector("a, summary");
        if (link) link.focus({ preventScroll: true });
      });
    }
    get closed() { const box = this.place.closest("details"); return Boolean(box) && !box.open; }
    show() {
      this.wanted = this.items.filter((item) => item.on);
      const own = this.place.children;
      if (!this.more && own.length === this.wanted.length && this.wanted.every(({ element }, place) => element === own[place])) return;
      // What stands in a closed part is made when that is opened.
      this.begin(0, this.more && this.closed ? 0 : this.most);
    }
    begin(at, count = this.most) {
      this.from = this.to = at;
      this.place.replaceChildren();
      this.next(count);
    }
    next(count = this.most) {
      this.place.append(this.made(this.to, this.to + count));
      this.to = Math.min(this.to + count, this.wanted.length);
      this.say();
    }
    previous(count = this.most) {
      const from = Math.max(this.from - count, 0);
      this.place.prepend(this.made(from, this.from));
      this.from = from;
      this.say();
    }
    made(from, to) {
      const some = this.wanted.slice(from, to);
      const added = new DocumentFragment();
      make(some);
      some.forEach((item) => added.append(item.element));
      return added;
    }
    say() {
      if (!this.more) return;
      const counted = this.place.dataset.count || "行";
      const left = this.wanted.length - this.to;
      this.earlier.hidden = !this.from;
      this.earlier.textContent = `显示前面的（还有 ${this.from} ${counted}）`;
      this.more.hidden = !left;
      this.more.textContent = `继续显示（还有 ${left} ${counted}）`;
      // Asked anew, the browser says whether the end is still near.
      near.unobserve(this.more);
      near.observe(this.more);
    }
    // What is far away is shown without all that is between.
    reach(item) {
      const place = this.wanted.indexOf(item);
      if (place < this.from || place >= this.to + this.most) this.begin(Math.max(place - 20, 0));
      else if (place >= this.to) this.next();
    }
    whole() {
      this.previous(Infinity);
      this.next(Infinity);
    }
  }
  // Above the window nothing is added, nor under the tools that stay at its top.
  const near = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) lists.find(({ more }) => more === target).next();
  }, { rootMargin: "-160px 0px 1200px 0px" });

  // A page of very many returns holds its longer parts packed, and its files in what is shown without scripts.
  const unpacked = async (part) => {
    const bytes = Uint8Array.from(atob(part.textContent), (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  };
  const lines = new Map();
  const unfold = (part, text) => {
    const around = [];
    const found = [];
    let own = null;
    for (const line of text.split("\n")) {
      if (own && !/^<\/(tbody|div)>/.test(line)) { if (line) own.push(line); continue; }
      own = null;
      around.push(line);
      if (/^<(tbody|div) class="rows"/.test(line)) found.push(own = []);
    }
    const box = document.createElement("template");
    box.innerHTML = around.join("\n");
    all(".rows", box.content).forEach((place, number) => lines.set(place, found[number]));
    part.replaceWith(box.content);
  };
  const packed = all("script.packed");
  const readable = Boolean(window.DecompressionStream);
  const texts = await Promise.all(readable ? packed.map(unpacked) : []);
  packed.forEach((part, number) => {
    if (readable) unfold(part, texts[number]);
    else part.replaceWith(plain(part.previousElementSibling.textContent));
  });
  all("noscript.held").forEach((part) => unfold(part, part.textContent));

  const form = document.querySelector(".tools");
  const said = form.querySelector("output");
  const tiles = all(".tile");
  const whole = all("#todo, #charts");
  const lists = all(".rows").map((place) => new List(place, lines.get(place)));
  const list = (selector) => lists.find(({ place }) => place.matches(selector)) || { items: [], show() {} };

  // What each row says, read once: 300 returns have thousands of findings.
  const known = (name) => list(name).items.map((item) => Object.assign(item, { about: item.data }));
  const units = known('[data-kind="unit"] .rows');
  const returns = known('[data-kind="return"] .rows');
  returns.forEach((item) => Object.assign(item, { forms: item.about.forms.split(" "), units: item.about.unit.split(" ") }));
  const rules = all("#rules > details").map((box) => {
    const own = list(`#${CSS.escape(box.id)} .rows`);
    return { box, own, rows: own.items.map((item) => ({ item, number: Number(item.data.return) })) };
  });
  const chapters = list("#findings > .rows").items;
  const hasBody = new Map();
  for (const chapter of chapters) {
    const head = folded(plain(chapter.html.slice(0, chapter.html.indexOf("</summary>"))));
    chapter.bodies = [...chapter.html.matchAll(/<tbody id="f(\d+)".*?<\/tbody>/gs)].map(([html, number]) => {
      hasBody.set(Number(number), chapter);
      const about = new Item(html.slice(0, html.indexOf("</tr>")));
      const rows = [...html.matchAll(/<tr data-code="([^"]*)" data-level="([^"]*)">.*?<\/tr>/gs)];
      return {
        number: Number(number),
        on: true,
        get head() { return head + about.read; },
        rows: rows.map(([own, code, level]) => Object.assign(new Item(own), { code, level })),
      };
    });
    chapter.dress = () => {
      if (!chapter.element) return;
      all("tbody", chapter.element).forEach((body, place) => {
        const { on, rows } = chapter.bodies[place];
        body.hidden = !on;
        all("tr[data-code]", body).forEach((row, number) => { row.hidden = !rows[number].on; });
      });
    };
  }
  const opens = (chapter, open) => {
    chapter.open = open;
    if (chapter.element) chapter.element.open = open;
  };
  const levels = { "": ["error", "warning"], all: ["error", "warning", "info"] };

  const wanted = () => {
    const value = Object.fromEntries(new FormData(form));
    // Who asks for one rule wants to see it, whatever its level is.
    const shown = levels[value.level || (value.code ? "all" : "")] || [value.level];
    return { ...value, words: folded(value.q).split(/\s+/).filter(Boolean), shown, narrow: Boolean(value.code || levels[value.level] === undefined) };
  };
  const holds = (text, words) => words.every((word) => text().includes(word));
  const fits = (status, asked) => !asked || status === asked || (asked === "returned" && status !== "missing");

  let waiting = 0;
  const apply = () => {
    clearTimeout(waiting);
    const ask = wanted();
    const busy = Boolean(ask.words.length || ask.status || ask.form || ask.level || ask.code || ask.unit);
    const chosen = returns.map(({ about, forms, units: own }) =>
      fits(about.status, ask.status) && (!ask.form || forms.includes(ask.form)) && (!ask.unit || own.includes(ask.unit)));
    const hits = new Map();
    let findings = 0;
    let open = 0;
    for (const chapter of chapters) {
      chapter.on = false;
      for (const body of chapter.bodies) {
        let count = 0;
        for (const row of body.rows) {
          row.on = chosen[body.number] && ask.shown.includes(row.level) && (!ask.code || row.code === ask.code)
            && holds(() => body.head + row.read, ask.words);
          count += row.on ? 1 : 0;
        }
        body.on = count > 0;
        chapter.on = chapter.on || body.on;
        findings += count;
        hits.set(body.number, count);
      }
      open += chapter.on ? 1 : 0;
    }
    // A few that were looked for are shown at once; a hundred would only make a long page.
    if (busy && open <= 5) chapters.forEach((chapter) => { if (chapter.on) opens(chapter, true); });
    chapters.forEach((chapter) => chapter.dress());
    let seen = 0;
    returns.forEach((row, number) => {
      const found = hits.get(number) || 0;
      row.on = chosen[number] && (ask.narrow ? found > 0 : holds(() => row.read, ask.words) || (ask.words.length > 0 && found > 0));
      seen += row.on ? 1 : 0;
    });
    // A unit is listed for itself, or for one of its returns that is; one that is missing has none.
    const having = new Set(returns.filter((row) => row.on).flatMap(({ units: own }) => own));
    const about = Boolean(ask.form || ask.narrow);
    let listed = 0;
    units.forEach((row) => {
      const status = ask.status === "superseded" ? Number(row.about.superseded) > 0 : fits(row.about.status, ask.status);
      const own = having.has(row.about.unit);
      row.on = status && (!ask.unit || row.about.unit === ask.unit) && (about ? own : holds(() => row.read, ask.words) || own);
      listed += row.on ? 1 : 0;
    });
    for (const { box, rows } of rules) {
      let some = false;
      for (const { item, number } of rows) {
        item.on = Boolean(returns[number]) && returns[number].on;
        some = some || item.on;
      }
      const level = box.dataset.levels.split(" ").some((each) => ask.shown.includes(each));
      box.hidden = !(some && level && (!ask.code || box.dataset.code === ask.code));
    }
    lists.forEach((each) => each.show());
    // These two are about the whole batch; who looks for something wants to see what was found.
    whole.forEach((section) => { section.hidden = busy; });
    said.textContent = busy ? `找到：单位 ${listed} 家，文件 ${seen} 份，意见 ${findings} 条` : "";
    tiles.forEach((tile) => tile.classList.toggle("on", Boolean(tile.dataset.value) && ask[tile.dataset.field] === tile.dataset.value));
  };

  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  form.addEventListener("reset", () => { waiting = setTimeout(apply); });
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });

  tiles.forEach((tile) => tile.addEventListener("click", () => {
    form.reset();
    if (tile.dataset.field) form.elements[tile.dataset.field].value = tile.dataset.value;
    apply();
    reveal(tile.hash);
  }));

  // What a link leads to may not be made yet: a file, or the findings of one.
  const target = (id) => {
    const [, kind, number] = /^([rf])(\d+)$/.exec(id) || [];
    const item = kind === "r" ? returns[number] : kind === "f" && hasBody.get(Number(number));
    if (!item) return document.getElementById(id);
    const on = () => item.on && (kind === "r" || item.bodies.find((body) => body.number === Number(number)).on);
    if (!on()) { form.reset(); apply(); }
    // Hints are not shown unless one asks for them, as one does here.
    if (!on()) { form.elements.level.value = "all"; apply(); }
    if (kind === "f") opens(item, true);
    lists.find(({ items }) => items.includes(item)).reach(item);
    return document.getElementById(id);
  };
  const reveal = (hash) => {
    const found = hash.length > 1 && target(decodeURIComponent(hash.slice(1)));
    if (!found) return null;
    if (found.hidden || found.closest("[hidden]")) { form.reset(); apply(); }
    // Who goes to a part begins at its beginning.
    if (found.matches("section")) lists.forEach((each) => { if (each.from && found.contains(each.place)) each.begin(0); });
    for (let box = found.querySelector(":scope > details") || found.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    return found;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]:not(.tile)');
    if (link) reveal(link.hash);
  });
  const go = () => {
    const found = reveal(location.hash);
    // The browser looked for it before it was made.
    if (found && lines.size) found.scrollIntoView();
  };
  addEventListener("hashchange", go);

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
      const own = lists.find(({ place }) => place === table.tBodies[0]);
      make(own.items);
      const rows = own.items.map((item) => [value(item.element, head.cellIndex), item]);
      // What is blank comes last either way.
      rows.sort(([one], [two]) => (one === "") - (two === "") || sign * order.compare(one, two));
      own.items = rows.map(([, item]) => item);
      own.show();
    });
  });

  all("[data-open]").forEach((button) => button.addEventListener("click", () => {
    const open = Boolean(button.dataset.open);
    chapters.forEach((chapter) => { if (chapter.on) opens(chapter, open); });
    all("main details").forEach((box) => { if (!box.hidden) box.open = open; });
  }));
  document.querySelector("[data-print]").addEventListener("click", () => print());
  // On paper there is no scrolling; what is closed is printed as its title.
  addEventListener("beforeprint", () => lists.forEach((each) => { if (!each.closed) each.whole(); }));
  apply();
  if (location.hash) go();
})();
