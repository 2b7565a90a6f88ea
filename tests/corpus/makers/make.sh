#!/bin/sh
# Makes the corpus afresh: sh make.sh SCRATCH, where SCRATCH is an empty folder; needs node, npm, LibreOffice with the
# system's python3-uno, Gnumeric, and a Python with perfxl's requirements (PYTHON, else python).
set -e
here=$(cd "$(dirname "$0")" && pwd)
out=$(dirname "$here")
scratch=$1
python=${PYTHON:-python}
mkdir -p "$scratch" && cd "$scratch"
PYTHONPATH="$here/../../..:$here"
export PYTHONPATH
"$python" "$here/base.py" bases
[ -d node_modules ] || {
  # A dependency of ExcelJS asks for a version that not every registry has.
  echo '{"dependencies":{"exceljs":"^4.4.0","xlsx":"^0.18.5"},"overrides":{"typedarray.prototype.slice":"1.0.5"}}' >package.json
  npm install --no-audit --no-fund
}
node "$here/exceljs.mjs" bases "$out"
node "$here/sheetjs.mjs" bases "$out"
"$python" "$here/by_openpyxl.py" bases "$out"
"$python" "$here/by_xlsxwriter.py" bases "$out"
"$python" "$here/packed.py" "$out"
ssconvert -T Gnumeric_Excel:xlsx bases/henan-dept-goal.xlsx "$out/gnumeric-first-edition.xlsx"
ssconvert -T Gnumeric_Excel:xlsx2 "$out/openpyxl-chart.xlsx" "$out/gnumeric-second-edition.xlsx"
ssconvert -T Gnumeric_Excel:excel_biff8 bases/jilin-project-self-eval.xlsx between.xls
ssconvert -T Gnumeric_Excel:xlsx2 between.xls "$out/gnumeric-through-xls.xlsx"
# Marked copies as other programs save them: what comes back from an officer.
"$python" "$here/marked.py" "$out/exceljs-table.xlsx" marked.xlsx
node "$here/resave.mjs" marked.xlsx "$out/resaved"
"$python" -c 'import sys, openpyxl; openpyxl.load_workbook(sys.argv[1]).save(sys.argv[2])' marked.xlsx "$out/resaved/openpyxl.xlsx"
ssconvert -T Gnumeric_Excel:xlsx2 marked.xlsx "$out/resaved/gnumeric.xlsx"
soffice -env:UserInstallation="file://$scratch/profile" --headless --norestore --accept="pipe,name=corpus$$;urp;" &
office=$!
env -u PYTHONPATH /usr/bin/python3 "$here/by_libreoffice.py" bases "$out" "corpus$$"
wait $office || true
