"""Mark a return as the bureau would: ``marked.py RETURN COPY``."""

from __future__ import annotations

import sys
from pathlib import Path

from perfxl.api import marked
from perfxl.forms.definition.load import load_forms
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process

if __name__ == "__main__":
    data = Path(sys.argv[1]).read_bytes()
    Path(sys.argv[2]).write_bytes(marked(data, process(data, "return.xlsx", Library.of(load_forms()))))
