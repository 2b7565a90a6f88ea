// What was taken for the cell that is pointed at, and why.
(() => {
  const said = document.getElementById("said");
  if (!said) return;
  const tell = (event) => {
    const cell = event.target.closest("td[data-said]");
    if (cell) said.textContent = cell.dataset.said;
  };
  for (const kind of ["mouseover", "click", "focusin"]) document.addEventListener(kind, tell);
})();
