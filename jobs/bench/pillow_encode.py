"""Writes every PNG below a directory again with Pillow: the same samples, palettes included, but rows with filters.

  python3 pillow_encode.py DIR
"""
import os
import pathlib
import sys

from PIL import Image

files = sorted(pathlib.Path(sys.argv[1]).rglob("*.png"))
assert files, sys.argv[1]
for file in files:
    again = file.with_suffix(".again")
    with Image.open(file) as image:
        image.save(again, format="PNG")
    with Image.open(file) as before, Image.open(again) as after:
        assert before.mode == after.mode and before.tobytes() == after.tobytes(), file
    os.replace(again, file)
