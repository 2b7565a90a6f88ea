"use strict";
// Runs in a worker: Python for the browser, and perfxl in it. Made from a blob, as pages on a disk may load nothing.
self.importScripts = () => { throw new TypeError("no scripts are loaded here"); };
const FOLDER = "/交回";
let python, desk;

const tell = (kind, more = {}, given = []) => postMessage({ kind, ...more }, given);

async function unzipped(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const loaded = (bytes) => import(URL.createObjectURL(new Blob([bytes], { type: "text/javascript" })));

async function start(parts) {
  tell("step", { done: 10, said: "正在展开" });
  const [wasm, asm, js] = await Promise.all([parts.wasm, parts.asm, parts.js].map(unzipped));
  self.fetch = async (asked) => {
    const name = String(asked.url || asked);
    if (name.endsWith("pyodide.asm.wasm")) return new Response(wasm, { headers: { "content-type": "application/wasm" } });
    if (name.endsWith("python_stdlib.zip")) return new Response(parts.stdlib);
    throw new TypeError("nothing is fetched: " + name);
  };
  tell("step", { done: 30, said: "正在启动" });
  const [pyodide, module] = await Promise.all([loaded(js), loaded(asm)]);
  python = await pyodide.loadPyodide({
    indexURL: "https://page.invalid/", packageBaseUrl: "https://page.invalid/", lockFileContents: LOCK,
    createPyodideModule: module.default,
  });
  tell("step", { done: 60, said: "正在载入审核程序" });
  const place = python.runPython("import site; site.getsitepackages()[0]");
  python.unpackArchive(parts.site.buffer, "zip", { extractDir: place });
  desk = python.pyimport("perfxl.page.desk");
  tell("step", { done: 80, said: "正在载入表样" });
  desk.prepare();
  tell("ready");
}

function check(files, number) {
  const { FS } = python;
  const path = python.pyimport("pathlib").Path(FOLDER);
  desk.clear(path);
  files.forEach(({ name, bytes, size }, place) => {
    FS.mkdirTree(`${FOLDER}/${place}`);
    FS.writeFile(`${FOLDER}/${place}/${name}`, bytes);
    if (size > bytes.length) FS.truncate(`${FOLDER}/${place}/${name}`, size);
  });
  const checked = desk.check(path, files.map(({ name }) => name));
  const marked = checked.marked.toJs({ create_pyproxies: false }).map((copy) => copy ?? null);
  tell("done", { number, told: checked.told(), marked }, marked.filter(Boolean).map((copy) => copy.buffer));
  checked.destroy();
  desk.clear(path);
}

self.onmessage = async ({ data }) => {
  try {
    if (data.kind === "start") await start(data.parts);
    else if (data.kind === "check") check(data.files, data.number);
    else if (data.kind === "blank") tell("done", { workbook: desk.blank(data.name).toJs() });
    else if (data.kind === "lost") tell("done", { number: data.number, told: desk.lost(data.name, data.late).told(), marked: [null] });
  } catch (error) {
    tell("fault", { said: String(error), number: data.number });
  }
};
