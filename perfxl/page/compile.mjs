// Compile the Python of a page by the very Python that will run it.
// engine.js goes before this text: node compile.mjs RUNTIME/ IN.zip OUT.zip
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, source, target] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const python = await loadPyodide({ ...SETTINGS, indexURL: folder });
python.FS.writeFile("/in.zip", readFileSync(source));
python.runPython(`
import importlib.util, zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
with zipfile.ZipFile("/in.zip") as given, zipfile.ZipFile("/out.zip", "w", zipfile.ZIP_STORED) as made:
    for name in given.namelist():
        data = given.read(name)
        if name.endswith(".py"):
            code = compile(data, name, "exec", dont_inherit=True)
            # never held against a source: there is none in the page
            name, data = name + "c", bytes(_code_to_hash_pyc(code, importlib.util.source_hash(data), False))
        made.writestr(zipfile.ZipInfo(name), data)
`);
writeFileSync(target, python.FS.readFile("/out.zip"));
