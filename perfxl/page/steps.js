"use strict";
// Wrong cells and what is said of them: from one to the next, from a cell to its remark and back. Where there is room for
// both next to each other, a remark stands at the height of its cell. The same on every page that shows a return.
const stepping = (bar, views) => {
  const GAP = 6;
  let cells = [], chosen = null;
  const byId = (id) => document.getElementById(id);
  const remarksOf = (cell) => cell.getAttribute("aria-describedby").split(" ").map((id) => byId(id).closest("li"));
  const cellOf = (remark) => byId(remark.querySelector("a[data-cell]").dataset.cell);

  function tell() {
    const at = cells.indexOf(chosen), said = document.createElement("span");
    said.className = "said";
    if (at >= 0) said.textContent = `：${remarksOf(chosen).map((one) => one.querySelector(".said").textContent).join("；")}`;
    bar.querySelector("output").replaceChildren(at < 0 ? `共 ${cells.length} 处` : `第 ${at + 1} 处，共 ${cells.length} 处`, said);
  }

  // The remarks of a sheet, each at its cell or as near to it as those before it leave room; that of the chosen cell exactly.
  function align(list) {
    const remarks = [...list.children], box = list.parentElement;
    if (getComputedStyle(box).display !== "flex") {
      for (const one of remarks) one.style.marginTop = "";
      return;
    }
    const own = chosen && box.contains(chosen) ? remarksOf(chosen)[0] : null, pinned = remarks.indexOf(own);
    const top = list.getBoundingClientRect().top, heights = remarks.map((one) => one.offsetHeight);
    const tops = remarks.map((one) => (one === own ? chosen : cellOf(one)).getBoundingClientRect().top - top);
    const down = (from) => {
      for (let n = Math.max(from, 1); n < tops.length; n++) tops[n] = Math.max(tops[n], tops[n - 1] + heights[n - 1] + GAP);
    };
    if (pinned > 0) {
      const wanted = tops[pinned], after = tops.slice(pinned + 1);
      down(1);
      tops[pinned] = wanted;
      for (let n = pinned - 1; n >= 0; n--) tops[n] = Math.min(tops[n], tops[n + 1] - heights[n] - GAP);
      // Where those before it do not fit above it, it gives way as far as it can still be seen together with its cell.
      const lower = Math.min(Math.max(-tops[0], 0), Math.max(box.clientHeight / 2 - heights[pinned], 0));
      for (let n = 0; n <= pinned; n++) tops[n] += lower;
      tops.splice(pinned + 1, after.length, ...after);
      down(pinned + 1);
    } else down(1);
    remarks.forEach((one, n) => { one.style.marginTop = `${tops[n] - (n ? tops[n - 1] + heights[n - 1] : 0)}px`; });
  }

  function choose(cell) {
    if (chosen === cell) return;
    const lists = new Set();
    for (const one of views.querySelectorAll(".remarks .chosen")) { one.classList.remove("chosen"); lists.add(one.parentElement); }
    chosen = cell;
    for (const one of remarksOf(cell)) { one.classList.add("chosen"); lists.add(one.parentElement); }
    lists.forEach(align);
    tell();
  }

  function go(cell) {
    choose(cell);  // a window that is not in front hears of no focus
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "center", inline: "nearest" });
  }

  bar.addEventListener("click", ({ target }) => {
    const step = Number(target.dataset.step), at = cells.indexOf(chosen);
    if (step) go(cells[(at + step + (at < 0 && step < 0 ? 1 : 0) + cells.length) % cells.length]);
  });
  views.addEventListener("focusin", ({ target }) => {
    const cell = target.closest("td[aria-describedby]");
    if (cell) choose(cell);
  });
  views.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-cell]"), remark = event.target.closest(".remarks li");
    if (link) {
      event.preventDefault();
      go(byId(link.dataset.cell));
    } else if (remark && getSelection().isCollapsed) go(chosen && remarksOf(chosen).includes(remark) ? chosen : cellOf(remark));
  });
  views.addEventListener("keydown", (event) => {
    const cell = event.key === "Enter" && event.target.closest("td[aria-describedby]");
    if (!cell) return;
    event.preventDefault();
    const [remark] = remarksOf(cell), links = [...remark.querySelectorAll("a[data-cell]")];
    (links.find((one) => one.dataset.cell === cell.id) ?? links[0]).focus();
  });
  const sizes = new ResizeObserver((changed) => changed.forEach(({ target }) => align(target.querySelector(".remarks"))));
  return {
    hide() { bar.hidden = true; },
    renew() {
      cells = [...views.querySelectorAll("td.error, td.warning")];
      chosen = null;
      bar.hidden = !cells.length;
      sizes.disconnect();
      for (const list of views.querySelectorAll(".remarks")) sizes.observe(list.parentElement);
      tell();
    },
  };
};
