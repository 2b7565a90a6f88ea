(() => {
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const said = (text) => { $("ready").textContent = text; };
  const state = (name) => { root.dataset.state = name; $("file").disabled = name === "loading" || name === "working"; };
  const CUT = "the file ends too soon";
  const LARGEST = 50_000_001, PATIENCE = 90_000, MORE = 3_000;  // milliseconds: for one file, for each further one
  const api = (window.perfxl = { results: [], marked: (place) => copies[place] ?? null });
  let copies = [], names = [], worker, answer, asked = 0;
  const steps = stepping($("steps"), $("views"));

  if (root.dataset.state === "old") return;  // old.js has said so

  const read = () => document.readyState !== "loading";
  const whole = new Promise((done, failed) => {
    const end = () => ($("end") ? done() : failed(new Error(CUT)));
    if (read()) end();
    else document.addEventListener("DOMContentLoaded", end);
  });

  async function start() {
    state("loading");
    worker = new Worker(URL.createObjectURL(new Blob([$("worker").textContent], { type: "text/javascript" })));
    const ready = new Promise((done, failed) => {
      worker.onerror = (event) => failed(new Error(event.message));
      worker.onmessage = ({ data }) => {
        if (data.kind === "step") { $("bar").value = data.done; said(`${data.said}，请稍等……`); }
        else if (data.kind === "ready") done();
        else if (data.kind === "fault") failed(new Error(data.said));
      };
    });
    worker.postMessage({ kind: "start" });
    const handed = new Set(), hand = () => {
      for (const part of document.querySelectorAll("script[data-part]")) {
        if (handed.has(part) || !(part.nextSibling || read())) continue;
        handed.add(part);
        worker.postMessage({ kind: "part", name: part.dataset.part, text: part.textContent });
      }
    };
    // Each part as soon as the browser has read it: it is at work on the first ones while the last are read.
    const reading = new MutationObserver(hand);
    reading.observe(document.body, { childList: true });
    hand();
    await Promise.all([ready, whole.then(hand)]);
    reading.disconnect();
    worker.onmessage = ({ data }) => answer?.(data);
    worker.onerror = () => answer?.({ kind: "fault" });
    $("bar").hidden = true;
  }

  // One question to the worker; a worker that dies or does not answer is replaced, and the answer is why.
  function ask(question) {
    return new Promise((done) => {
      const patience = PATIENCE + MORE * (question.files?.length ?? 0);
      const late = setTimeout(() => answer({ kind: "fault", lost: "TIME" }), patience);
      answer = async (data) => {
        clearTimeout(late);
        answer = null;
        if (data.kind !== "done") {
          worker.terminate();
          const before = root.dataset.state;
          try { await start(); state(before); said("正在接着检查……"); }
          catch (error) { broken(error); return; }
        }
        done(data);
      };
      worker.postMessage(question);
    });
  }

  async function opened(file) {
    const name = file.name.replaceAll("/", "_").replace(/^\.+$/, "_") || "_";
    const large = file.size >= LARGEST;
    return { name, bytes: large ? new Uint8Array(0) : new Uint8Array(await file.arrayBuffer()), size: large ? LARGEST : file.size };
  }

  async function checked(files) {
    const opening = [];
    for (const file of files) {
      try { opening.push(await opened(file)); }
      catch { opening.push({ name: file.name, bytes: new Uint8Array(0), size: 0 }); }
    }
    const identity = `q${++asked}`;
    const found = await ask({ kind: "check", files: opening, identity });
    if (found.kind === "done") return [found];
    if (files.length === 1) {
      const told = await ask({ kind: "lost", name: opening[0].name, lost: found.lost ?? "DIED", identity });
      if (told.kind !== "done") throw new Error(told.said);
      return [told];
    }
    const each = [];
    for (const file of files) each.push(...(await checked([file])));
    return each;
  }

  async function take(list) {
    const files = [...list];
    if (!files.length || root.dataset.state === "loading" || root.dataset.state === "working") return;
    state("working");
    said(`正在检查 ${files.length} 个文件……`);
    $("views").replaceChildren();
    $("summary").hidden = true;
    steps.hide();
    let answers;
    try { answers = await checked(files); }
    catch (error) { broken(error); return; }
    api.results = []; copies = []; names = [];
    const html = [], passed = [];
    for (const one of answers) {
      const told = JSON.parse(one.told);
      api.results.push(...told.results);
      passed.push(...told.passed_over);
      told.views.forEach((view, place) => { html.push(view.html); names.push(view.name); copies.push(one.marked[place]); });
    }
    show(html, passed);
    state("done");
  }

  function show(html, passed) {
    html.forEach((text, place) => {
      const view = document.createElement("article");
      view.innerHTML = text;  // made by perfxl, which escapes all that was typed
      if (copies[place]) {
        const save = document.createElement("button");
        save.type = "button";
        save.textContent = "保存标注件";
        save.className = "save";
        save.addEventListener("click", () => keep(copies[place], names[place]));
        view.querySelector(".verdict").after(save);
      }
      $("views").append(view);
    });
    const wrong = api.results.filter((one) => one.status !== "accepted").length;
    said(wrong ? `检查完了：${api.results.length} 个文件，${wrong} 个还不能上报。` : `检查完了：${api.results.length} 个文件，都可以上报。`);
    if (!api.results.length) said("没有可以检查的文件。");
    if (api.results.length > 1 || passed.length) {
      const list = document.createElement("ol");
      document.querySelectorAll("#views article").forEach((view, place) => {
        view.id = `file${place}`;
        const link = document.createElement("a");
        link.href = `#file${place}`;
        link.textContent = view.querySelector("h2").textContent;
        const line = document.createElement("li");
        line.append(link, "：", view.querySelector(".verdict").textContent);
        list.append(line);
      });
      const notes = passed.map((text) => { const line = document.createElement("p"); line.textContent = text; return line; });
      $("summary").replaceChildren(list, ...notes);
      $("summary").hidden = false;
    }
    steps.renew();
    document.querySelector("#views h2")?.focus({ preventScroll: true });
  }

  function keep(copy, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([copy], { type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }));
    link.download = name.split("/").pop();
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  $("file").addEventListener("change", async ({ target }) => { const files = [...target.files]; target.value = ""; await take(files); });
  document.querySelector("footer").addEventListener("click", async ({ target }) => {
    const { blank, title } = target.dataset, before = root.dataset.state;
    if (!blank || before === "loading" || before === "working" || before === "old") return;
    state("working");
    const made = await ask({ kind: "blank", name: blank });
    state(before);
    if (made.workbook) keep(made.workbook, `${title}.xlsx`);
  });
  $("choose").addEventListener("submit", (event) => event.preventDefault());
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      if (name === "drop") take(event.dataTransfer.files);
    });
  }

  function broken(error) {
    console.error(error);
    if (worker) { worker.onmessage = null; worker.terminate(); }  // how far it is would be said in place of this
    state("old");
    $("bar").hidden = true;
    if (error.message === CUT) said("这个网页文件不完整，可能没有下载完或没有拷贝完。请向发给您本页的单位重新要一份，完整保存以后再打开。");
    else said("检查程序没有启动。请换用新版的 Chrome、Edge 或 Firefox 打开本页；仍不行的，请联系发给您本页的单位。");
  }

  // Seconds since the file was opened.
  start().then(() => { state("ready"); api.seconds = performance.now() / 1000; said("可以检查了。"); }, broken);
})();
