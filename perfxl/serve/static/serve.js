(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const token = document.querySelector('meta[name="token"]')?.content ?? "";
  const TOGETHER = 40, PAUSE = 400;

  // Wrong cells, one after another.
  const bar = document.getElementById("steps"), views = document.getElementById("views");
  if (bar && views) stepping(bar, views).renew();

  // Work under way: asked after until it is over.
  const told = (job) => {
    const counts = Object.entries(job.counts).map(([word, count]) => `　${word} ${count}`).join("");
    if (job.state === "waiting") return "正在排队……";
    if (job.state === "stopped") return job.message;
    if (job.state === "working" && job.stopping) return "正在停止……";
    if (job.state === "working") return `${job.doing}：${job.total ? `${job.done} / ${job.total}` : ""}${counts}`;
    if (job.state === "failed") return `没有做完：${job.message}`;
    return `做完了${job.total ? `：${job.total} 份${counts}` : ""}`;
  };
  function show(box, job) {
    const said = box.querySelector("[data-said]"), meter = box.querySelector("progress");
    box.dataset.state = job.state;
    if (said.textContent !== told(job)) said.textContent = told(job);
    if (["done", "failed", "stopped"].includes(job.state)) {
      box.querySelector("[data-stop]")?.remove();
      meter.hidden = true;
      const back = document.querySelector("a[data-back]");
      if (back) back.textContent = "看结果";
    }
    meter.max = job.total || 1;
    meter.value = job.done;
    box.querySelector("[data-lines]").replaceChildren(...job.lines.slice().reverse().map(([name, verdict]) => {
      const line = document.createElement("li"), word = document.createElement("b");
      word.textContent = verdict;
      line.append(`${name}　`, word);
      return line;
    }));
  }
  async function follow(box) {
    for (;;) {
      let job;
      try {
        const answer = await fetch(`/jobs/${box.dataset.job}`, { headers: { accept: "application/json" } });
        job = await answer.json();
        if (!answer.ok) { box.querySelector("[data-said]").textContent = job.message; return; }
      } catch {
        box.querySelector("[data-said]").textContent = "与服务断开了，正在重新连接……";
        await new Promise((done) => setTimeout(done, 3000));
        continue;
      }
      show(box, job);
      if (job.state === "done") { location.assign(job.notes.length ? `/jobs/${job.id}` : job.back); return; }
      if (job.state === "failed" || job.state === "stopped") return;
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  }
  for (const box of document.querySelectorAll("[data-job]")) {
    if (box.dataset.state === "waiting" || box.dataset.state === "working") follow(box);
  }

  // Files: dropped anywhere on the page, folders with all below them; sent some at a time.
  async function below(entry, before = "") {
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      return [[file, before + file.name]];
    }
    const reader = entry.createReader(), found = [];
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!some.length) break;
      for (const one of some) found.push(...(await below(one, `${before}${entry.name}/`)));
    }
    return found;
  }
  const drop = document.querySelector("form[data-drop]");
  if (drop) {
    const said = drop.querySelector("[data-upload]");
    const send = async (files) => {
      if (!files.length) return;
      const notes = [];
      let job = null;
      for (let first = 0; first < files.length; first += TOGETHER) {
        said.textContent = `正在上传：${Math.min(first + TOGETHER, files.length)} / ${files.length}`;
        const body = new FormData();
        for (const [file, name] of files.slice(first, first + TOGETHER)) body.append("file", file, name);
        let answer;
        try {
          answer = await fetch(drop.action, { method: "POST", body, headers: { accept: "application/json", "x-token": token } });
        } catch {
          said.textContent = "上传中断了；请检查网络后再试一次，已收下的不会重复。";
          return;
        }
        const found = await answer.json();
        if (!answer.ok) { said.textContent = found.message; return; }
        notes.push(...found.said);
        job = found;
      }
      said.textContent = notes.length ? `${notes.join("；")}。` : "";
      if (!notes.length) location.assign(`/jobs/${job.id}`);
      else {
        const link = document.createElement("a");
        link.href = `/jobs/${job.id}`;
        link.textContent = "看审核进度";
        said.append(link);
      }
    };
    drop.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = [...drop.querySelectorAll('input[type="file"]')].flatMap((field) => [...field.files]);
      send(chosen.map((file) => [file, file.webkitRelativePath || file.name]));
    });
    const area = drop.querySelector(".drop");
    document.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("over"); });
    document.addEventListener("dragleave", () => area.classList.remove("over"));
    document.addEventListener("drop", async (event) => {
      event.preventDefault();
      area.classList.remove("over");
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
      const found = [];
      for (const entry of entries) found.push(...(await below(entry)));
      send(found.length ? found : [...event.dataTransfer.files].map((file) => [file, file.name]));
    });
  }
  const single = document.querySelector("form[data-single]");
  if (single) {
    const field = single.querySelector('input[type="file"]');
    single.addEventListener("submit", () => { single.querySelector("[data-upload]").textContent = "正在检查，请稍等……"; });
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) { field.files = event.dataTransfer.files; single.requestSubmit(); }
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
})();
