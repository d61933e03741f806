"""What broken things are called in notices, in each language."""

from __future__ import annotations

from typing import Final

from broker.fleet.notice_texts import Language

FAULTS: Final[dict[str, dict[Language, str]]] = {
    "cable:pulled": {"bg": "кабелът на бутоните е изваден", "en": "the buttons' cable is pulled"},
    "configuration:damaged": {
        "bg": "запазените настройки са повредени, ползват се вградените",
        "en": "the kept settings were damaged; the built-in ones are used",
    },
    "configuration:not-kept": {
        "bg": "новите настройки не могат да се запазят: вижте картата с памет",
        "en": "new settings can't be kept: look at the memory card",
    },
    "disk:full": {
        "bg": "картата с памет е пълна: запълва я нещо друго, не отговорите",
        "en": "the memory card is full: something else than answers fills it",
    },
    "headphones:dead": {"bg": "слушалките не звучат", "en": "the headphones do not sound"},
    "outbox:not-deletable": {
        "bg": "изпратените отговори не могат да се изтрият: вижте картата с памет",
        "en": "sent answers can't be deleted: look at the memory card",
    },
    "outbox:not-writable": {
        "bg": "отговорите не могат да се запазят: вижте картата с памет",
        "en": "answers can't be kept: look at the memory card",
    },
    "outbox:replaced": {
        "bg": "хранилището на отговорите беше повредено и е започнато ново",
        "en": "the outbox was broken, and a new one begun",
    },
    "outbox:unreadable": {
        "bg": "някои запазени отговори не могат да се прочетат",
        "en": "some kept answers can't be read",
    },
    "sound:dead": {"bg": "високоговорителят не звучи", "en": "the loudspeaker does not sound"},
    "speech:missing": {
        "bg": "няма глас: инсталирайте espeak-ng",
        "en": "nothing can be spoken: install espeak-ng",
    },
}
"""What heartbeats call a fault → in words; others stand as they are."""
