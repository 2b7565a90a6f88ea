// node sheetjs.mjs BASES OUT, with xlsx (SheetJS, community edition) installed where node finds it. It keeps values,
// merges and notes and drops all looks, as many web forms do.
import { createRequire } from "node:module";
import { join } from "node:path";
const require = createRequire(join(process.cwd(), "x.js"));
const XLSX = require("xlsx");
const [bases, out] = process.argv.slice(2);
const open = (form) => XLSX.readFile(join(bases, `${form}.xlsx`), { cellStyles: true, cellNF: true, cellFormula: true });
const props = { CreatedDate: new Date(Date.UTC(2024, 0, 16)) };

{
  const book = open("hunan-dept-self-eval");
  book.Props = props;
  XLSX.writeFile(book, join(out, "sheetjs-shared.xlsx"), { bookSST: true, compression: true });
}
{
  // two forms in one book, a hidden sheet, notes, strings inside their cells, members that are stored
  const book = open("mof-project-goal");
  const second = open("mof-project-monitor");
  book.Props = props;
  delete book.Workbook;
  const first = book.Sheets[book.SheetNames[0]];
  XLSX.utils.book_append_sheet(book, second.Sheets[second.SheetNames[0]], "监控表");
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([["说明"], ["本单位自用"]]), "自用");
  first.D3 = first.D3 || { t: "z" };
  first.D3.c = [{ a: "张某", t: "名称稍后补" }];
  first.D3.c.hidden = true;
  first["!ref"] = "A1:L60";
  book.Workbook = { Sheets: book.SheetNames.map((name) => ({ name, Hidden: name === "自用" ? 1 : 0 })) };
  XLSX.writeFile(book, join(out, "sheetjs-two-forms.xlsx"), { bookSST: false, compression: false });
}
