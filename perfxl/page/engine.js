// How Python starts, when its memory is written down as when it is taken up again. Both must do the same in the same
// order: what a library gets there (its place in memory, its functions' numbers) is written all over that memory.
const LOCK = {LOCK};
const LIBRARY = {LIBRARY};
const MEMORY = {MEMORY};  // bytes

const SETTINGS = {
  lockFileContents: JSON.stringify(LOCK),
  packageBaseUrl: "https://page.invalid/",
  _sysExecutable: "/python",
  // Hashes that differ from start to start would make another memory each time, and so another page.
  env: { HOME: "/home/pyodide", LANG: "C.UTF-8", PYTHONHASHSEED: "0" },
};

// The library's functions are numbered from here on: before it each machine has as many of its own as it needs.
const FIRST = 16384;

// How Python calls functions whose number of arguments it does not know depends on the machine: 0 does everywhere, a
// newer one has something faster. Where that stands in memory:
const caller = (module) => (module.__PyRuntime + module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET / 4]) / 4;

function placeLibrary(module, library) {
  const flags = { nodelete: true, allowUndefined: true };
  module.wasmTable.grow(FIRST - module.wasmTable.length);
  module.preloadedWasm[LIBRARY] = module.loadWebAssemblyModule(library, flags, LIBRARY, {}, 0);
}
