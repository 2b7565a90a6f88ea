"use strict";
// Runs in a worker: Python for the browser, and perfxl in it. Made from a blob, as pages on a disk may load nothing.
// engine.js goes before this text.
self.importScripts = () => { throw new TypeError("no scripts are loaded here"); };
const HOME = "https://page.invalid/", FOLDER = "/交回";
let python, desk, called = false;

// A workbook that needs more memory than a process may have that reads one (SECURITY.md) runs out of it, and that is said.
const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * 65_536 > MEMORY) throw new RangeError("no more memory");
  return grow.call(this, pages);
};

const tell = (kind, more = {}, given = []) => postMessage({ kind, ...more }, given);

// What the page holds, as promises: it comes while the page is still being read.
const slots = {};
function slot(name) {
  if (!slots[name]) {
    let give;
    const text = new Promise((done) => { give = done; });
    slots[name] = { text, give };
  }
  return slots[name];
}
const part = (name) => slot(name).text;

function decoded(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text), found = new Uint8Array(binary.length);
  for (let place = 0; place < binary.length; place++) found[place] = binary.charCodeAt(place);
  return found;
}

const unzipping = async (name) => new Response(decoded(await part(name))).body.pipeThrough(new DecompressionStream("gzip"));
const unzipped = async (name) => new Uint8Array(await new Response(await unzipping(name)).arrayBuffer());
const loaded = async (name) => import(URL.createObjectURL(new Blob([await unzipped(name)], { type: "text/javascript" })));

// Python with the library in its place, room for the memory, and the machine's own way of calling functions kept.
const thawing = (create, memory, library) => async (settings) => {
  settings.preRun.push((module) => placeLibrary(module, library));
  const module = await create(settings);
  if (module.HEAP8.length < memory.length) module.growMemory(memory.length);
  const { API } = module, taken = API.restoreSnapshot, own = module.HEAP32[caller(module)];
  API.restoreSnapshot = (given) => {
    const config = taken(given);
    module.HEAP32[caller(module)] = own;
    return config;
  };
  return module;
};

async function start() {
  tell("step", { done: 10, said: "正在展开" });
  // Compiled while the rest is still being unpacked.
  const type = { headers: { "content-type": "application/wasm" } };
  const compiled = unzipping("wasm").then((bytes) => WebAssembly.compileStreaming(new Response(bytes, type)));
  const memory = unzipped("memory"), library = unzipped("library");  // never there where the page was written without Node.js
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const module = await compiled;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  self.fetch = async (asked) => {
    const name = String(asked.url || asked);
    if (name.endsWith("pyodide.asm.wasm")) return new Response(null, type);
    if (name.endsWith("python_stdlib.zip")) return new Response(decoded(await part("stdlib")));
    throw new TypeError("nothing is fetched: " + name);
  };
  const [{ loadPyodide }, { default: create }] = await Promise.all(["js", "asm"].map(loaded));
  tell("step", { done: 30, said: "正在启动" });
  const settings = { ...SETTINGS, indexURL: HOME };
  const site = await Promise.race([part("site"), memory.then(() => null)]);
  if (!site) {
    const thawed = thawing(create, await memory, await library);
    python = await loadPyodide({ ...settings, _loadSnapshot: await memory, createPyodideModule: thawed });
    desk = python.pyimport("perfxl.page.desk");
  } else {
    python = await loadPyodide({ ...settings, createPyodideModule: create });
    tell("step", { done: 60, said: "正在载入审核程序" });
    const place = python.runPython("import site; site.getsitepackages()[0]");
    python.unpackArchive(decoded(site).buffer, "zip", { extractDir: place });
    desk = python.pyimport("perfxl.page.desk");
    tell("step", { done: 80, said: "正在载入表样" });
    desk.prepare();
  }
  tell("ready");
  rehearse(desk.rehearse());
}

// A browser makes machine code of what is run, when it is run. The checks that do it are those of a blank, while nobody
// has dropped anything yet: what is dropped waits for the one that is under way at most.
function rehearse(steps) {
  setTimeout(() => { if (!called && !steps.next().done) rehearse(steps); });
}

function check({ files, identity }) {
  const { FS } = python;
  const path = python.pyimport("pathlib").Path(FOLDER);
  desk.clear(path);
  files.forEach(({ name, bytes, size }, place) => {
    FS.mkdirTree(`${FOLDER}/${place}`);
    FS.writeFile(`${FOLDER}/${place}/${name}`, bytes);
    if (size > bytes.length) FS.truncate(`${FOLDER}/${place}/${name}`, size);
  });
  const checked = desk.check(path, files.map(({ name }) => name), identity);
  const marked = checked.marked.toJs({ create_pyproxies: false }).map((copy) => copy ?? null);
  tell("done", { told: checked.told(), marked, memory: python._module.HEAP8.length }, marked.filter(Boolean).map((copy) => copy.buffer));
  checked.destroy();
  desk.clear(path);
}

self.onmessage = async ({ data }) => {
  try {
    if (data.kind === "part") { slot(data.name).give(data.text); return; }
    if (data.kind === "start") { await start(); return; }
    called = true;
    if (data.kind === "check") check(data);
    else if (data.kind === "blank") tell("done", { workbook: desk.blank(data.name).toJs() });
    else if (data.kind === "lost") tell("done", { told: desk.lost(data.name, data.lost, data.identity).told(), marked: [null] });
  } catch (error) {
    const lost = /\bMemoryError\b|out of memory|no more memory/i.test(String(error)) ? "MEMORY" : "DIED";
    tell("fault", { said: String(error), lost });
  }
};
