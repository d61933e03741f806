"""``python -m hardware.wiring``: make all drawings and tables anew; or draw a board of your own.

``python -m hardware.wiring FILE.toml`` writes ``FILE.en.svg`` and ``FILE.bg.svg`` beside it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hardware.board import BoardError, find_board
from hardware.designs.design import LANGUAGES
from hardware.designs.making import made
from hardware.designs.words import words_in
from hardware.wiring.diagram import diagram_of
from hardware.wiring.net import WiringError


def main(arguments: list[str]) -> None:
    """Write what is asked for, and tell what was written.

    Raises:
        SystemExit: with status 2: it can't be drawn; what is wrong stands below the usage.
    """
    parser = argparse.ArgumentParser(
        prog="python -m hardware.wiring",
        description="Make all drawings and tables anew; or draw a board of your own.",
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE.toml",
        help="a pin map; FILE.en.svg and FILE.bg.svg are written beside it",
    )
    file = parser.parse_args(arguments).file
    try:
        files = made() if file is None else _diagrams(file)
    except (BoardError, WiringError) as error:
        parser.error(str(error))
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    sys.stdout.write(f"{len(files)} files are up to date\n")


def _diagrams(path: Path) -> dict[Path, str]:
    board = find_board(str(path))
    files = {}
    for language in LANGUAGES:
        # The title of one's own board is in whatever language its owner speaks.
        words = {board.title: board.title}
        sheet = diagram_of(path.stem, board, words_in(language, words))
        files[path.with_suffix(f".{language}.svg")] = sheet.svg()
    return files


if __name__ == "__main__":
    main(sys.argv[1:])
