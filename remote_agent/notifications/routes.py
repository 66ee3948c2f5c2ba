"""What users ask of their notifications over HTTP."""

import math
from typing import Annotated

from fastapi import APIRouter, Depends

from remote_agent.auth import REFUSALS, CurrentUser
from remote_agent.notifications.settings import Preferences, PublicPreferences
from remote_agent.notify import Notifier, Tried, notifier_of
from remote_agent.outbox import Delivery
from remote_agent.problems import Refusal, documented

TheNotifier = Annotated[Notifier, Depends(notifier_of)]

router = APIRouter(prefix="/me/notifications", tags=["notifications"], responses=REFUSALS)


@router.get("")
def get_notifications(user: CurrentUser, notifier: TheNotifier) -> PublicPreferences:
    """Return where you hear of your jobs, without secrets."""
    return notifier.outbox.preferences(user.name).public()


@router.put("", responses=documented(422))
def put_notifications(user: CurrentUser, notifier: TheNotifier, wanted: Preferences) -> PublicPreferences:
    """Choose where you hear of your jobs, and of what. A secret that is left empty stays as it is."""
    return notifier.prefer(user.name, wanted).public()


@router.post("/test")
def test_notifications(user: CurrentUser, notifier: TheNotifier) -> list[Tried]:
    """Send a test to all your targets now, and say what became of each."""
    if wait_s := notifier.tests.wait_s(user.name):
        headers = {"Retry-After": str(math.ceil(wait_s))}
        text = "There were too many tests."
        raise Refusal(429, "too_many_requests", text, "Wait as Retry-After says.", headers=headers)
    return notifier.test(user.name)


@router.get("/deliveries")
def get_deliveries(user: CurrentUser, notifier: TheNotifier) -> list[Delivery]:
    """Return what was sent to you, or could not be, the newest first."""
    return notifier.outbox.deliveries(user.name)
