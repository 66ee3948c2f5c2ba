"""What administrators see to: the users of the agent, and the data of those who are gone."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel

from remote_agent.auth import REFUSALS, CurrentAdmin
from remote_agent.erasure import KEPT, Erasure, erase
from remote_agent.problems import documented
from remote_agent.state import Agent, agent_of
from remote_agent.users import NAME_PATTERN, Role, User
from rvc.errors import InputError

router = APIRouter(
    prefix="/users", tags=["administration"], responses={**REFUSALS, **documented(404, 422, 500, 503)}
)


class KnownUser(BaseModel):
    """Somebody who has, or had, a token."""

    name: str
    role: Role
    created: datetime
    revoked: datetime | None


@router.get("")
def users(request: Request, _admin: CurrentAdmin) -> list[KnownUser]:
    """Name everybody who ever had a token; for administrators."""
    cards = agent_of(request).users.all()
    return [KnownUser.model_validate(card, from_attributes=True) for card in cards]


@router.delete("/{user_name}/data")
async def erase_user(
    request: Request, _admin: CurrentAdmin, user_name: Annotated[str, Path(pattern=NAME_PATTERN)]
) -> Erasure:
    """Remove everything of a user, also of one whose token was revoked; for administrators."""
    agent = agent_of(request)
    return Erasure(removed=await erase(agent, _find(agent, user_name)), kept=KEPT)


def _find(agent: Agent, name: str) -> User:
    for card in agent.users.all():
        if card.name == name:
            return User(name=card.name, role=card.role)
    raise InputError("unknown_user", f"There is no user {name}.", "GET /users names them.")
