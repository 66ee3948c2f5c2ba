"""Who asks: bearer tokens, and what each role may."""

import math
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from remote_agent.problems import Refusal, documented
from remote_agent.state import agent_of
from remote_agent.users import User

REFUSALS = documented(401, 403, 429)  # what every endpoint may say that wants a token

_bearer = HTTPBearer(auto_error=False, description="a token from `rvc-agent token add NAME`")


async def current_user(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> User:
    """Return who makes a request; refuses strangers, and whoever asks too often."""
    agent = agent_of(request)
    user = agent.users.find(credentials.credentials) if credentials else None
    address = request.client.host if request.client else "unknown"
    wait_s = agent.rates.wait_s(user.name if user else f"stranger {address}")
    request.state.user = user.name if user else None
    if wait_s:
        raise Refusal(
            429,
            "too_many_requests",
            "There were too many requests.",
            "Wait as Retry-After says.",
            headers={"Retry-After": str(math.ceil(wait_s))},
        )
    if user is None:
        raise _unauthorised(credentials is not None)
    return user


def _unauthorised(given: bool) -> Refusal:
    text = "The token is not known, or was revoked." if given else "The request has no token."
    return Refusal(
        401,
        "unauthorised",
        text,
        "Send `Authorization: Bearer TOKEN`; `rvc-agent token add NAME` makes one.",
        headers={"WWW-Authenticate": "Bearer"},
    )


CurrentUser = Annotated[User, Depends(current_user)]


async def current_admin(user: CurrentUser) -> User:
    """Return the administrator who makes a request."""
    if user.role != "admin":
        raise Refusal(403, "admins_only", "This is for administrators.", "Ask one of them.")
    return user


CurrentAdmin = Annotated[User, Depends(current_admin)]
