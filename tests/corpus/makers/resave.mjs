// node resave.mjs MARKED OUT: opens a marked copy in ExcelJS and in SheetJS and saves it.
import { createRequire } from "node:module";
import { join } from "node:path";
const require = createRequire(join(process.cwd(), "x.js"));
const ExcelJS = require("exceljs");
const XLSX = require("xlsx");
const [marked, out] = process.argv.slice(2);
const book = new ExcelJS.Workbook();
await book.xlsx.readFile(marked);
await book.xlsx.writeFile(join(out, "exceljs.xlsx"));
XLSX.writeFile(XLSX.readFile(marked, { cellStyles: true, cellNF: true }), join(out, "sheetjs.xlsx"), { compression: true });
