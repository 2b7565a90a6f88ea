// Start the Python of a page, import all that it will run, make it ready, and write down its memory.
// engine.js goes before this text: node snapshot.mjs RUNTIME/ SITE.zip LIBRARY.so MEMORY STDLIB.zip
import crypto from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { pathToFileURL } from "node:url";

// The same page is the same bytes: no chance and no time of day get into the memory.
crypto.randomFillSync = (view) => view.fill(1);
syncBuiltinESMExports();
const Clock = Date, MOMENT = Clock.UTC(1980, 0, 1);
globalThis.Date = class extends Clock {
  constructor(...given) { super(...(given.length ? given : [MOMENT])); }
  static now() { return MOMENT; }
};
performance.now = () => 0;

const [folder, site, library, memory, stdlib] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const { default: create } = await import(pathToFileURL(`${folder}/pyodide.asm.mjs`).href);
const python = await loadPyodide({
  ...SETTINGS, indexURL: folder, _makeSnapshot: true,
  createPyodideModule: async (settings) => {
    settings.preRun.push((module) => {
      module.HEAP32[caller(module)] = 0;
      placeLibrary(module, new Uint8Array(readFileSync(library)));
    });
    return create(settings);
  },
});
python.FS.writeFile("/site.zip", new Uint8Array(readFileSync(site)));
python.runPython(`
def freeze():
    import gc, importlib, pathlib, shutil, site, sys, zipfile, zipimport
    top = pathlib.Path(site.getsitepackages()[0])
    with zipfile.ZipFile("/site.zip") as given:
        given.extractall(top)
    importlib.invalidate_caches()
    for path in sorted(top.rglob("*.pyc")):
        importlib.import_module(".".join(path.relative_to(top).with_suffix("").parts).removesuffix(".__init__"))
    sys.modules["perfxl.page.desk"].warm()

    # What is imported already is needed no more; the rest stays at hand.
    (whole,) = pathlib.Path("/lib").glob("python*.zip")
    with zipfile.ZipFile(whole) as given, zipfile.ZipFile("/rest.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as rest:
        for name in given.namelist():
            module = name.rpartition(".")[0].replace("/", ".").removesuffix(".__init__")
            if not name.endswith("/") and module not in sys.modules:
                entry = zipfile.ZipInfo(name)
                entry.compress_type = zipfile.ZIP_DEFLATED
                rest.writestr(entry, given.read(name))
    shutil.rmtree(top)
    sys.path_importer_cache.clear()
    zipimport._zip_directory_cache.clear()
    gc.collect()

freeze()
del freeze
`);
writeFileSync(stdlib, python.FS.readFile("/rest.zip"));
writeFileSync(memory, python.makeMemorySnapshot());
