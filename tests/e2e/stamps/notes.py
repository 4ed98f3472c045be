"""notes.py LOG OUT: the note of every checkpoint in LOG/checkpoints, byte for byte, as OUT/SIZE."""
import pathlib
import sys

log, out = map(pathlib.Path, sys.argv[1:])
note = b''
for line in (log / 'checkpoints').read_bytes().splitlines(keepends=True):
    is_signature = line.startswith('— '.encode())
    if note and not is_signature and note.splitlines()[-1].startswith('— '.encode()):
        note = b''
    note += line
    if is_signature:
        (out / note.splitlines()[1].decode()).write_bytes(note)
