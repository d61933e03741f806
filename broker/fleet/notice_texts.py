"""What notices say, in each language. The words of rules, and nothing else."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

Language: TypeAlias = Literal["bg", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("bg", "en")


class Words(NamedTuple):
    """What is the matter, and what to do."""

    matter: str
    advice: str


TEXTS: Final[dict[str, dict[Language, Words]]] = {
    "nothing-heard": {
        "bg": Words(
            "от нито едно устройство не пристига нищо",
            "Проверете сървъра и мрежата: работят ли брокерът и колекторът. "
            "Гласовете остават в устройствата и няма да се изгубят.",
        ),
        "en": Words(
            "nothing is heard of any device",
            "Look at the server and the network: do broker and collector run? "
            "Votes are kept in the devices and will not be lost.",
        ),
    },
    "silent": {
        "bg": Words(
            "устройството не се обажда; последно: {last_seen_at}",
            "Проверете захранването и мрежовия кабел. Гласовете остават в устройството.",
        ),
        "en": Words(
            "the device is silent; last heard {last_seen_at}",
            "Check its power and its network cable. Votes are kept in the device.",
        ),
    },
    "lagging": {
        "bg": Words(
            "на линия е, но има чакащи отговори: {waiting}, най-старият от {oldest_min} мин",
            "Ако не намалеят до час, рестартирайте устройството от страницата му в портала "
            "(или с otziv device restart).",
        ),
        "en": Words(
            "it is online, yet {waiting} answers wait, the oldest for {oldest_min} min",
            "If they don't get fewer within the hour, restart it, on its page of the portal "
            "(or by otziv device restart).",
        ),
    },
    "clock-lost": {
        "bg": Words(
            "часовникът не е сверен (състояние {clock}, отклонение {offset_s} s)",
            "Разрешете на устройството достъп до сървър за точно време (NTP).",
        ),
        "en": Words(
            "its clock is not set (state {clock}, off by {offset_s} s)",
            "Let the device reach a time server (NTP).",
        ),
    },
    "disk-full": {
        "bg": Words(
            "картата с памет е почти пълна: свободни са {free_mb} MB",
            "Поискайте отчет от устройството и сменете картата с по-голяма, ако е нужно.",
        ),
        "en": Words(
            "its memory card is nearly full: {free_mb} MB are free",
            "Ask the device for a report, and put in a larger card if need be.",
        ),
    },
    "stuck-button": {
        "bg": Words(
            "заседнал бутон: {part}",
            "Почистете бутона и проверете дали се връща; иначе го сменете.",
        ),
        "en": Words(
            "a button is stuck: {part}",
            "Clean the button and see that it comes back up; else replace it.",
        ),
    },
    "fault": {
        "bg": Words("повреда: {fault}", "Погледнете устройството или поискайте отчет от него."),
        "en": Words("something is broken: {fault}", "Look at the device, or ask it for a report."),
    },
    "configuration-behind": {
        "bg": Words(
            "устройството работи с настройки {in_use} вместо с {published}",
            "Рестартирайте го от страницата му в портала (или с otziv device restart). "
            "Ако не помогне, поискайте отчет.",
        ),
        "en": Words(
            "it uses configuration {in_use} instead of {published}",
            "Restart it, on its page of the portal (or by otziv device restart). "
            "If that does not help, ask it for a report.",
        ),
    },
    "configuration-missing": {
        "bg": Words(
            "за устройството не могат да се направят настройки: {faults}",
            "То не пита зададеното от вас. Поправете настройките на мястото му в портала "
            "(или с otziv device config).",
        ),
        "en": Words(
            "no configuration can be made for it: {faults}",
            "It does not ask what you set. Mend the settings of its place, in the portal "
            "(or by otziv device config).",
        ),
    },
    "configuration-refused": {
        "bg": Words(
            "устройството отказа новите настройки: {refusal}",
            "То работи с последните добри. Поправете настройките на мястото му в портала "
            "(или с otziv device config).",
        ),
        "en": Words(
            "it refused its new configuration: {refusal}",
            "It goes on with the last good one. Mend the settings of its place, in the portal "
            "(or by otziv device config).",
        ),
    },
    "certificate-expiring": {
        "bg": Words(
            "удостоверението на устройството изтича на {expires_at} и не беше подновено",
            "Проверете дали устройството достига до адреса за записване; иначе го запишете наново.",
        ),
        "en": Words(
            "its certificate ends {expires_at} and was not renewed",
            "See whether it reaches the enrolment address; else enrol it anew.",
        ),
    },
    "too-hot": {
        "bg": Words(
            "устройството прегрява: {temperature_c} °C",
            "Пазете го от слънце и радиатори и освободете отворите за въздух.",
        ),
        "en": Words(
            "it is too hot: {temperature_c} °C",
            "Keep it from the sun and from radiators, and its vents free.",
        ),
    },
    "low-power": {
        "bg": Words(
            "захранването е слабо",
            "Сменете захранващия адаптер или кабела с оригинален.",
        ),
        "en": Words(
            "its power supply is too weak",
            "Replace power supply or cable by the original ones.",
        ),
    },
    "improbably-quiet": {
        "bg": Words(
            "никой не гласува, а обикновено досега щяха да са около {expected} гласа",
            "Вижте дали устройството е на мястото си, свети ли и работят ли бутоните.",
        ),
        "en": Words(
            "nobody votes, where about {expected} votes are usual by now",
            "See whether it stands where it should, is lit, and its buttons work.",
        ),
    },
    "card-moved": {
        "bg": Words(
            "гласове идват от карта с памет на друго устройство; последно: {last_at}",
            "Ако сте преместили картата, запишете устройството наново; иначе проверете кой го е "
            "отварял.",
        ),
        "en": Words(
            "votes come from the memory card of another device; last {last_at}",
            "If you moved the card, enrol the device anew; else find out who opened it.",
        ),
    },
    "card-copied": {
        "bg": Words(
            "две устройства гласуват с копие на една карта с памет; последно: {last_at}",
            "Спрете копието и достъпа на устройството, от страницата му в портала "
            "(или с otziv device revoke).",
        ),
        "en": Words(
            "two devices vote with copies of one memory card; last {last_at}",
            "Stop the copy and bar the device, on its page of the portal "
            "(or by otziv device revoke).",
        ),
    },
    "speaks-for-others": {
        "bg": Words(
            "устройството гласува за място, на което не е било, или поправя оценка от друго "
            "устройство; последно: {last_at}",
            "Ако е преместено, въведете къде е, на страницата му в портала (или с "
            "otziv device move). Иначе проверете кой има достъп до него.",
        ),
        "en": Words(
            "it votes for a place where it never stood, or corrects a rating of another device; "
            "last {last_at}",
            "If it was moved, say where it stands, on its page of the portal (or by "
            "otziv device move). Else find out who gets at it.",
        ),
    },
    "missing": {
        "bg": Words(
            "липсващи отговори, които устройството е номерирало: {missing}",
            "Вижте otziv feedback completeness. Запазете картата с памет: те може да са на нея.",
        ),
        "en": Words(
            "{missing} answers are missing that the device has numbered",
            "See otziv feedback completeness. Keep its memory card: they may be on it.",
        ),
    },
    "key-copied": {
        "bg": Words(
            "удостоверението на устройството беше подновено два пъти с различни ключове: възможно "
            "е някой да е копирал паметта му",
            "Дайте му нов код от страницата му в портала (или с otziv device enrol): с него "
            "достъпът на всичко старо се спира, и на копието.",
        ),
        "en": Words(
            "its certificate was renewed twice, by different keys: somebody may have copied its "
            "memory card",
            "Give it a new code, on its page of the portal (or by otziv device enrol): by that "
            "all that is old is barred, the copy too.",
        ),
    },
    "wrong-codes": {
        "bg": Words(
            "грешни кодове за записване: {wrong} за един час, последният от {address}",
            "Вижте в портала, при устройствата, кой е опитвал (или с otziv device attempts). "
            "Ако никой от вас не е сбъркал, някой налучква: предайте нов код лично.",
        ),
        "en": Words(
            "wrong codes for enrolment: {wrong} within an hour, the last from {address}",
            "See who tried, in the portal among the devices (or by otziv device attempts). "
            "If none of you mistyped, somebody is trying: hand a new code over in person.",
        ),
    },
    "no-backup": {
        "bg": Words(
            "не се прави резервно копие: {trouble}",
            "Вижте настройките backup_to и backup_passphrase, диска за копия и "
            "logs/upkeep.log на сървъра. Опитваме отново автоматично.",
        ),
        "en": Words(
            "no backup is made: {trouble}",
            "See the settings backup_to and backup_passphrase, the disk for backups, and "
            "logs/upkeep.log on the server. It is tried again by itself.",
        ),
    },
}
"""Rule → in each language, with the facts of its detail in braces."""

REST: Final[dict[Language, dict[str, str]]] = {
    "bg": {
        "all": "Всички устройства",
        "server": "Сървърът",
        "passphrase": "липсва паролата за копията или е твърде къса",
        "since": "от {opened}",
        "over": "от {opened} до {closed}, вече е наред",
        "lamp": "не свети лампа {n}",
        "face": "лице {n}",
        "broker": "брокерът не отговаря",
        "heard": "последно: {last_heard_at}",
    },
    "en": {
        "all": "All devices",
        "server": "The server",
        "passphrase": "their passphrase is missing or too short",
        "since": "since {opened}",
        "over": "from {opened} to {closed}, all is well again",
        "lamp": "lamp {n} is dark",
        "face": "face {n}",
        "broker": "the broker does not answer",
        "heard": "last heard {last_heard_at}",
    },
}
"""All other words."""
