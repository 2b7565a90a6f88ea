// Says so where the browser is too old for the page. Written so that any browser can read it: the page's other script is not.
(function () {
  if (typeof WebAssembly === "object" && typeof DecompressionStream === "function" && typeof Worker === "function") return;
  document.documentElement.setAttribute("data-state", "old");
  document.getElementById("ready").innerHTML = "这个浏览器太旧，不能检查。请换用 2022 年 11 月以后的 Chrome、Edge（107 版以上）、Firefox（113 版以上），或 360、QQ 浏览器的最新版（极速模式）打开本页。";
  document.getElementById("file").disabled = true;
})();
