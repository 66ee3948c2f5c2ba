"""Numbers as people read them, in the language of the moment."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

MINUTE_S = 60
HOUR_S = 3600


def clock(seconds: float) -> str:
    """Return a duration as m:ss, or h:mm:ss from an hour on."""
    whole = round(seconds)
    minutes_, rest = divmod(whole % HOUR_S, MINUTE_S)
    hours = whole // HOUR_S
    return f"{hours}:{minutes_:02}:{rest:02}" if hours else f"{minutes_}:{rest:02}"


def minutes(seconds: float) -> str:
    """Return a duration in minutes, with a decimal below ten."""
    value = seconds / MINUTE_S
    number = QLocale().toString(value, "f", 0 if value >= 10 or value == 0 else 1)
    return QCoreApplication.translate("Formats", "{number} min").format(number=number)


def size(count: int) -> str:
    """Return a number of bytes with its unit."""
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def day(time: datetime) -> str:
    """Return the date of a time in this computer's zone."""
    local = QDateTime.fromSecsSinceEpoch(int(time.timestamp()))
    return QLocale().toString(local.date(), QLocale.FormatType.ShortFormat)
