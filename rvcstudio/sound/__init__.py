"""Sound in and out of this computer: devices, capture, journal, recorder, player. No widgets here."""
