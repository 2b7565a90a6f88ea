// node exceljs.mjs BASES OUT, with exceljs installed where node finds it. Opens our forms as a web office program on
// ExcelJS would, adds to them, saves them.
import { createRequire } from "node:module";
import { join } from "node:path";
const require = createRequire(join(process.cwd(), "x.js"));
const ExcelJS = require("exceljs");
const [bases, out] = process.argv.slice(2);
const open = async (form) => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(join(bases, `${form}.xlsx`));
  return [book, book.worksheets[0]];
};
const day = new Date(Date.UTC(2024, 0, 16));

{
  // pictures, notes (one on the cell that will be marked), data bars of the later version, protection
  const [book, sheet] = await open("hubei-dept-goal");
  book.created = book.modified = day;
  const seal = book.addImage({ filename: join(bases, "seal.png"), extension: "png" });
  sheet.addImage(seal, "J3:K5");
  sheet.addImage(seal, { tl: { col: 1.5, row: 20.2 }, ext: { width: 32, height: 32 } });
  sheet.getCell("B4").note = "名称请按编制部门的全称";
  sheet.getCell("C8").note = { texts: [{ font: { bold: true, size: 9 }, text: "张某：" }, { font: { size: 9 }, text: "\n已与财务核对" }], margins: { insetmode: "custom", inset: [0.1, 0.1, 0.1, 0.1] } };
  sheet.addConditionalFormatting({ ref: "C8:C16", rules: [{ type: "dataBar", priority: 1, cfvo: [{ type: "min" }, { type: "max" }], color: { argb: "FF638EC6" }, gradient: true }, { type: "colorScale", priority: 2, cfvo: [{ type: "min" }, { type: "max" }], color: [{ argb: "FFF8696B" }, { argb: "FF63BE7B" }] }] });
  await sheet.protect("secret", { insertRows: true, formatCells: false });
  await book.xlsx.writeFile(join(out, "exceljs-pictures.xlsx"));
}
{
  // a table, a filter, frozen panes, a hidden sheet, links, a coloured cell to be marked, shared formulas
  const [book, sheet] = await open("jilin-dept-self-eval");
  book.created = book.modified = day;
  sheet.getCell("B2").fill = { type: "pattern", pattern: "solid", fgColor: { argb: "FFDDEBF7" } };
  sheet.getCell("B2").note = "名称待定";
  sheet.views = [{ state: "frozen", xSplit: 1, ySplit: 3 }];
  const other = book.addWorksheet("任务台账", { properties: { tabColor: { argb: "FF00B050" } } });
  other.addTable({ name: "台账", ref: "A1", headerRow: true, totalsRow: true, columns: [{ name: "任务", totalsRowLabel: "合计", filterButton: true }, { name: "金额", totalsRowFunction: "sum", filterButton: true }], rows: [["学前教育", 12.5], ["义务教育", 30], ["职业教育", 7.25]] });
  other.getCell("D1").value = { text: "公开网址", hyperlink: "https://example.org/" };
  for (let row = 2; row <= 4; row += 1) other.getCell(`E${row}`).value = row === 2 ? { formula: "B2*2", result: 25, shareType: "shared", ref: "E2:E4" } : { sharedFormula: "E2", result: row === 3 ? 60 : 14.5 };
  const hidden = book.addWorksheet("字典", { state: "veryHidden" });
  hidden.addRow(["人员类", "运转类"]);
  other.autoFilter = undefined;
  await book.xlsx.writeFile(join(out, "exceljs-table.xlsx"));
}
{
  // written as a stream: sizes behind the data of each member, inline or shared strings as they come
  const [book, sheet] = await open("jilin-project-self-eval");
  const stream = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: join(out, "exceljs-stream.xlsx"), useStyles: true, useSharedStrings: true });
  stream.created = stream.modified = day;
  const copy = stream.addWorksheet(sheet.name, { pageSetup: { paperSize: 9, fitToPage: true, fitToWidth: 1, fitToHeight: 0 } });
  copy.columns = sheet.columns.map((column) => ({ width: column.width }));
  sheet.model.merges.forEach((merge) => copy.mergeCells(merge));
  sheet.eachRow({ includeEmpty: true }, (row, number) => {
    const target = copy.getRow(number);
    target.height = row.height;
    row.eachCell({ includeEmpty: true }, (cell, column) => {
      if (cell.master !== cell) return;
      target.getCell(column).value = cell.value;
      target.getCell(column).style = cell.style;
    });
  });
  copy.getCell("B2").note = "项目名称待填";
  copy.commit();
  await stream.commit();
}
