"""Print every form through LibreOffice and tell how its pages come out: ``python tests/pages.py [FORM...]``.

Each form is printed blank, as its sample, with ordinary entries typed into the blank, and with twice as many rows. A line
has the pages, how far each is filled, and the words that are cut; ``--pdf FOLDER`` keeps what was printed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from perfxl.forms.definition.load import load_forms
from support.office import Office, installation
from support.paper import STATES, cut, print_form


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("forms", nargs="*", metavar="FORM")
    parser.add_argument("--pdf", type=Path)
    given = parser.parse_args()
    installed = installation()
    if installed is None:
        sys.exit("no LibreOffice with Python-UNO was found on this machine")
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.pdf or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        office = Office(installed, Path(scratch))
        try:
            for form in load_forms().values():
                if given.forms and form.id not in given.forms:
                    continue
                for state in STATES:
                    pages = print_form(form, state, office, folder)
                    fills = " ".join(f"{page.fill:.0%}" for page in pages)
                    print(  # noqa: T201 - it is what the command is for
                        form.id,
                        state,
                        len(pages),
                        fills,
                        f"{pages[0].scale:.0%}",
                        cut(pages) or 0,
                        sep="\t",
                        flush=True,
                    )
        finally:
            office.stop()


if __name__ == "__main__":
    main()
