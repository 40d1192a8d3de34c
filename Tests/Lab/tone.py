#!/usr/bin/env python3
"""Writes a minute of a tone for baresip to speak: tone.py FILE (8 kHz, 16 bit, mono)."""
import math
import struct
import sys
import wave

with wave.open(sys.argv[1], "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(8000)
    period = b"".join(struct.pack("<h", round(9000 * math.sin(math.tau * n / 20))) for n in range(20))
    file.writeframes(period * (400 * 60))
