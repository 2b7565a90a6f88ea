"use strict";
// From one wrong cell to the next, with what is wrong there: the same bar below every page that shows a return.
const stepping = (bar, views) => {
  let cells = [], at = -1;
  const tell = () => { bar.querySelector("output").textContent = at < 0 ? `共 ${cells.length} 处` : `第 ${at + 1} 处，共 ${cells.length} 处：${cells[at].title}`; };

  function go(place) {
    at = (place + cells.length) % cells.length;
    cells[at].focus();
    cells[at].scrollIntoView({ block: "center", inline: "center" });
    tell();
  }

  bar.addEventListener("click", ({ target }) => { if (target.dataset.step) go(at + Number(target.dataset.step) + (at < 0 && target.dataset.step < 0 ? 1 : 0)); });
  views.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-cell]");
    if (!link) return;
    event.preventDefault();
    const cell = document.getElementById(link.dataset.cell);
    const place = cells.indexOf(cell);
    if (place >= 0) go(place);
    else cell?.focus();
  });
  return {
    hide() { bar.hidden = true; },
    renew() {
      cells = [...views.querySelectorAll("td.error, td.warning")];
      at = -1;
      bar.hidden = !cells.length;
      tell();
    },
  };
};
