"""Why a computer cannot be reached: those that go away by themselves, and those that somebody has to see to."""

import paramiko

from rvc.errors import Error, InputError
from rvcstudio.remote.address import Hop


class Unreachable(Error):  # noqa: N818 - it is what the computer is
    """The way to a computer is closed for now: trying again later may help."""

    def __init__(self, hop: Hop, why: object) -> None:
        self.details = f"{hop}: {why}"
        super().__init__(
            "computer_unreachable",
            f"{hop} cannot be reached: {why}.",
            "See whether it runs, and whether this computer is in its network.",
        )


class Refused(InputError):  # noqa: N818 - what the computer did
    """Trying again is of no use, or harmful, until somebody has done something."""


class UnknownHost(Refused):
    """A computer showed a key that nobody has accepted yet."""

    def __init__(self, hop: Hop, key: paramiko.PKey) -> None:
        self.hop, self.key = hop, key
        self.fingerprint = self.details = str(key.fingerprint)
        super().__init__(
            "unknown_host",
            f"{hop.host} is not known yet. Its key is {self.fingerprint}.",
            "Compare it with what `ssh-keygen -lf` says on that computer, and accept it.",
        )


class ChangedHost(Refused):
    """A computer showed another key than before."""

    def __init__(self, hop: Hop, key: paramiko.PKey, known: paramiko.PKey, where: object) -> None:
        self.hop = hop
        self.fingerprint, self.known_fingerprint = str(key.fingerprint), str(known.fingerprint)
        self.details = f"{self.known_fingerprint} → {self.fingerprint}, {where}"
        super().__init__(
            "changed_host",
            f"{hop.host} shows another key than before: {self.fingerprint} in place of {self.known_fingerprint}.",
            "Somebody may be between you and that computer, so nothing was sent. If it was set up anew, remove "
            f"its line from {where} (ssh-keygen -R '{hop.key_name}'), or the computer from the app.",
        )


class SecretWanted(Refused):
    """A password, or the one of a key file, has to be given."""

    def __init__(self, hop: Hop) -> None:
        self.details = str(hop)
        what = "password" if hop.sign_in == "password" else "password of the key file"
        super().__init__("secret_wanted", f"The {what} for {hop} is needed.", "Sign in.")


class SignInFailed(Refused):
    """The computer did not let the user in; not tried again by itself, as that locks people out."""

    def __init__(self, hop: Hop, why: object) -> None:
        self.details = f"{hop}: {why}"
        hint = (
            "Check user and password; some computers take keys only."
            if hop.sign_in == "password"
            else "Check the user and the key, and whether `ssh` gets in with them."
        )
        super().__init__("sign_in_failed", f"{hop} does not let you in: {why}.", hint)


class ForwardingRefused(Refused):
    """The computer lets us in, but no connection through to its agent."""

    def __init__(self, hop: Hop) -> None:
        self.details = str(hop)
        super().__init__(
            "forwarding_refused",
            f"The SSH server of {hop.host} allows no connections through it.",
            "Its administrator can allow them with `AllowTcpForwarding local` in sshd_config.",
        )
