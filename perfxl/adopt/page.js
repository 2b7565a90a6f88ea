// What was taken for the cell that is pointed at, and why; the same cell is shown in the original and in what was understood.
(() => {
  const said = document.getElementById("said");
  if (!said) return;
  const tell = (cell) => {
    said.textContent = cell.dataset.said;
    for (const other of document.querySelectorAll("td.same")) other.classList.remove("same");
    const sheets = cell.closest(".sheets");
    for (const other of sheets.querySelectorAll("td[data-cell]")) other.classList.toggle("same", other.dataset.cell === cell.dataset.cell);
  };
  for (const kind of ["mouseover", "click", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const cell = event.target.closest("td[data-said]");
      if (cell) tell(cell);
    });
  }
  for (const link of document.querySelectorAll("button[data-go]")) {
    link.addEventListener("click", () => {
      const cell = document.querySelector(`td[data-cell="${link.dataset.go}"]`);
      if (!cell) return;
      cell.scrollIntoView({ block: "center", inline: "nearest" });
      tell(cell);
    });
  }
})();
