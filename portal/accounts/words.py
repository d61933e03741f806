"""What roles and actions are called, in English as in the catalogue."""

from __future__ import annotations

from typing import Final

from portal.web.notices import NOTICES


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


ROLE_NAMES: Final[dict[str, str]] = {
    "clerk": _("Clerk"),
    "mayoralty-clerk": _("Clerk of a mayoralty"),
    "head-of-unit": _("Head of a unit"),
    "editor": _("Editor"),
    "manager": _("Manager"),
    "auditor": _("Auditor"),
    "administrator": _("Administrator"),
}

ROLE_HINTS: Final[dict[str, str]] = {
    "clerk": _("Serves citizens at a desk"),
    "mayoralty-clerk": _("The same in a mayoralty or a lieutenancy"),
    "head-of-unit": _("Sees the work of a unit"),
    "editor": _("Surveys, comments, texts"),
    "manager": _("The dashboard and its reports"),
    "auditor": _("The audit log; changes nothing"),
    "administrator": _("Users, devices, settings"),
}

STATES: Final = {
    "invited": _("Invited"),
    "active": _("Active"),
    "locked": _("Locked"),
}

MEANS: Final = {
    "password": _("Password"),
    "password+code": _("Password and code"),
    "directory": _("Directory"),
    "e-identity": _("Electronic identity"),
    "slip": _("Slip"),
    "link": _("Invitation"),
}

DOCUMENTS: Final = {
    "identity-card": _("Identity card"),
    "passport": _("Passport"),
    "residence-permit": _("Residence permit"),
    "driving-licence": _("Driving licence"),
}

ACTIONS: Final = {
    "accounts.signed-in": _("Signed in"),
    "accounts.signed-out": _("Signed out"),
    "accounts.sign-in-refused": _("Sign-in refused"),
    "accounts.code-refused": _("Code refused"),
    "accounts.proof-refused": _("Password refused"),
    "accounts.password-set": _("Password set"),
    "accounts.second-factor-begun": _("Second factor begun"),
    "accounts.second-factor-made": _("Second factor set up"),
    "accounts.second-factor-removed": _("Second factor removed"),
    "accounts.recovery-codes-made": _("New recovery codes"),
    "accounts.recovery-code-used": _("Recovery code used"),
    "accounts.session-ended": _("Session ended"),
    "accounts.sessions-ended": _("Sessions ended"),
    "accounts.made": _("Account made"),
    "accounts.invited": _("Invited with a link"),
    "accounts.powers-changed": _("Roles changed"),
    "accounts.locked": _("Locked"),
    "accounts.unlocked": _("Unlocked"),
    "accounts.access-given": _("Access given at the desk"),
    "accounts.access-approved": _("Access approved by a second person"),
    "accounts.slip-printed": _("Slip printed"),
    "accounts.reset-by-code": _("Password reset with a code"),
    "accounts.email-set": _("E-mail address set"),
    "accounts.identity-linked": _("Linked with a directory"),
    "accounts.email-confirmed": _("E-mail address confirmed"),
    "accounts.reset-asked": _("Asked for a code, having forgotten the password"),
    "accounts.directory-set-up": _("Directory set up"),
    "accounts.policy-changed": _("Rules of accounts changed"),
    "audit.exported": _("Audit log exported"),
}
"""Of this area; an action that is not here is shown as it is written."""

NOTICES.update(
    {
        "sessions-ended": _("The sessions are ended."),
        "locked": _("Locked: no session works any more."),
        "unlocked": _("Unlocked."),
        "approved": _("Approved. The slip can be printed."),
    }
)
