"""Every reason why something is in quarantine: what it means and what to do, for the operator."""

from __future__ import annotations

from typing import Final, NamedTuple


class Explanation(NamedTuple):
    """One reason in two languages."""

    meaning_bg: str
    remedy_bg: str
    meaning_en: str
    remedy_en: str


_UPGRADE_BG: Final = "Обновете сървъра и приемете отново записите от карантината."
_UPGRADE_EN: Final = "Update the server, then readmit the entries."
_CLOCK_BG: Final = (
    "Сверете часовника на устройството. "
    "Можете да приемете записите отново с часа на получаването им."
)
_CLOCK_EN: Final = "Set the device's clock. The entries can be readmitted, dated at their arrival."
_REPAIR_BG: Final = "Обновете или поправете програмата на устройството."
_REPAIR_EN: Final = "Update or repair the device's program."

EXPLANATIONS: Final[dict[str, Explanation]] = {
    "unknown-site": Explanation(
        "Общината не е регистрирана.",
        "Регистрирайте я или поправете настройките на устройството, "
        "после приемете записите отново.",
        "The site is not registered.",
        "Register it or correct the device's settings, then readmit the entries.",
    ),
    "unknown-device": Explanation(
        "Устройството не е регистрирано или е на друга община.",
        "Ако е ваше, регистрирайте го и приемете записите отново; "
        "ако не е, проверете кой ги изпраща.",
        "The device is not registered, or belongs to another site.",
        "If it is yours, add it and readmit the entries; if not, find out who is sending.",
    ),
    "unknown-touchpoint": Explanation(
        "Точката за обратна връзка не е регистрирана или е на друга община.",
        "Регистрирайте точката и приемете записите отново; часовете им се запазват.",
        "The touchpoint is not registered, or belongs to another site.",
        "Add the touchpoint and readmit the entries; they keep their times.",
    ),
    "future-time": Explanation(
        "Часът на отговора е повече от пет минути след получаването му: часовникът е грешен.",
        _CLOCK_BG,
        "The answer is dated over five minutes after its arrival: the clock is wrong.",
        _CLOCK_EN,
    ),
    "past-time": Explanation(
        "Часът на отговора е преди 1990 г.: часовникът не е бил сверен.",
        _CLOCK_BG,
        "The answer is dated before 1990: the clock was never set.",
        _CLOCK_EN,
    ),
    "wrong-channel": Explanation(
        "Устройство в зала изпраща отговор като даден другаде (интернет, хартия, телефон) "
        "или само с дата.",
        "Проверете кой има достъп до устройството и дали програмата му е подменена.",
        "A device in a hall sends an answer as given elsewhere (web, paper, telephone), or with "
        "no more than a date.",
        "Find out who gets at the device, and whether its program was exchanged.",
    ),
    "foreign-seq": Explanation(
        "Номерът е далеч напред в поредица, която е на друго устройство.",
        "Проверете кой има достъп до двете устройства; запишете ги наново с чисти карти.",
        "The number is far ahead in a stream that belongs to another device.",
        "Find out who gets at the two devices; enrol them anew, with fresh cards.",
    ),
    "unknown-rating": Explanation(
        "Поправка или допълнителен отговор към оценка, която не е в базата.",
        "Ако оценката е в карантината, приемете отново първо нея, после този запис.",
        "A correction of, or a follow-up to, a rating that is not in the store.",
        "If the rating is in quarantine, readmit it first, then this entry.",
    ),
    "other-touchpoint": Explanation(
        "Поправка или допълнителен отговор към оценка от друга точка.",
        _REPAIR_BG,
        "A correction of, or a follow-up to, a rating of another touchpoint.",
        _REPAIR_EN,
    ),
    "value-not-on-scale": Explanation(
        "Поправката дава стойност, която скалата на оценката няма.",
        _REPAIR_BG,
        "The correction gives a value that the rating's scale does not have.",
        _REPAIR_EN,
    ),
    "id-conflict": Explanation(
        "Друг запис със същия идентификатор е получен по-рано и остава в сила.",
        "Сравнете двата записа. "
        "Причината може да е копирана карта с памет или грешка в програмата.",
        "Another event with this id came before, and stays.",
        "Compare the two. Two devices with a copied memory, or a program's fault, do this.",
    ),
    "unstorable": Explanation(
        "Базата данни не прие записа.",
        "Изпратете подробностите на разработчиците; после обновете и приемете записа отново.",
        "The database did not take the event.",
        "Send the details to the developers; then update, and readmit the entry.",
    ),
    "bad-topic": Explanation(
        "Съобщение в непозната тема (topic).",
        "Проверете кой го изпраща и какви права има в брокера.",
        "A message at a topic that is not ours.",
        "Find out who is sending; check the broker's permissions.",
    ),
    "too-large": Explanation(
        "Съобщението е по-голямо от допустимото.",
        _REPAIR_BG,
        "The message is larger than allowed.",
        _REPAIR_EN,
    ),
    "too-deep": Explanation(
        "Съобщението е с твърде дълбоко вложени данни.",
        _REPAIR_BG,
        "The message is nested too deep.",
        _REPAIR_EN,
    ),
    "not-json": Explanation(
        "Съобщението не е JSON в UTF-8.",
        "Проверете кой го изпраща или какво го е повредило по пътя.",
        "The message is not JSON in UTF-8.",
        "Find out who is sending, or what damaged it on its way.",
    ),
    "unknown-version": Explanation(
        "Съобщението е от по-нова версия.",
        _UPGRADE_BG,
        "The message is of a newer version.",
        _UPGRADE_EN,
    ),
    "unknown-kind": Explanation(
        "Запис от вид, който тази версия не познава.",
        _UPGRADE_BG,
        "An event of a kind that this version does not know.",
        _UPGRADE_EN,
    ),
    "too-many-events": Explanation(
        "В съобщението има повече записи от допустимите.",
        _REPAIR_BG,
        "The batch has more events than allowed.",
        _REPAIR_EN,
    ),
    "invalid": Explanation(
        "Липсва поле или стойността му не е допустима.",
        "Вижте подробностите. Поправете програмата на устройството.",
        "A field is missing, or its value is not allowed.",
        "See the details. Repair the device's program.",
    ),
}
