"""The agent's settings: where it keeps things, where it listens, and what it allows."""

import ipaddress
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rvc import paths
from rvc.errors import InputError
from rvc.jobs import Limits, Policy
from rvc.jobs.kinds import BUILT_IN
from rvc.jobs.ray.cluster import Cluster

DEFAULT_PORT = 8765
GB = 10**9


def default_home() -> Path:
    """Return where an agent keeps its users, jobs and uploads: beside the jobs of this computer's own user."""
    return paths.jobs_dir().parent / "agent"


class AgentSettings(BaseModel):
    """All that can be told an agent; the options of `rvc-agent serve` are made from the fields with a description."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(default_factory=default_home)
    kinds_module: str = BUILT_IN
    slots_folder: Path | None = None

    host: str = Field("127.0.0.1", description="address to listen on; any but this machine's own needs TLS")
    port: int = Field(DEFAULT_PORT, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    tls_cert: Path | None = Field(None, description="file of the TLS certificate (PEM)")
    tls_key: Path | None = Field(None, description="file of its private key (PEM)")

    ray: str | None = Field(
        None, description="address of a Ray cluster that runs the jobs, such as http://10.0.0.2:8265"
    )

    upload_gb: float = Field(8.0, gt=0, description="most of one request or blob, GB")
    blobs_gb: float = Field(50.0, gt=0, description="most of one user's blobs, GB")
    jobs_gb: float = Field(200.0, gt=0, description="most of one user's jobs, GB")
    jobs: int = Field(250, ge=1, description="most of one user's jobs that have not ended")
    files: int = Field(5000, ge=1, description="most files of one submission")
    rate: float = Field(50.0, gt=0, description="requests a second of one user, on average")
    burst: int = Field(200, ge=1, description="requests that a user may make at once")
    streams: int = Field(64, ge=1, description="event streams that a user may have open")
    connections: int = Field(1000, ge=1, description="connections of all users together")
    request_s: float = Field(7200.0, gt=0, description="most time that a request's body may take, seconds")
    idle_s: float = Field(60.0, gt=0, description="most time between two pieces of it, seconds")
    heartbeat_s: float = Field(
        15.0, gt=0, description="time between signs of life in a silent event stream, seconds"
    )

    page: bool = Field(True, description="show the status page at /")

    blob_days: float = Field(7.0, gt=0, description="blobs are deleted so long after their last use")
    work_days: float = Field(
        7.0, gt=0, description="checkpoints and prepared clips, so long after the job's end"
    )
    job_days: float = Field(90.0, gt=0, description="all of a job and its model, so long after its end")

    @model_validator(mode="after")
    def _take_certificate_and_key_together(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("a certificate and its key are given together")
        return self

    @property
    def upload_bytes(self) -> int:
        return int(self.upload_gb * GB)

    @property
    def blobs_bytes(self) -> int:
        return int(self.blobs_gb * GB)

    @property
    def limits(self) -> Limits:
        """What one user's jobs may take."""
        return Limits(jobs=self.jobs, total_bytes=int(self.jobs_gb * GB), input_bytes=self.upload_bytes)

    @property
    def policy(self) -> Policy:
        """How long jobs are kept."""
        return Policy(work_days=self.work_days, job_days=self.job_days)

    def require_safe_address(self) -> None:
        """Raise `InputError` public_without_tls for an address that others can reach in clear text."""
        if self.tls_cert is None and not _is_own(self.host):
            raise InputError(
                "public_without_tls",
                f"{self.host} can be reached by others, and tokens would cross the network in clear text.",
                "Leave --host away and come through SSH, or give --tls-cert and --tls-key.",
            )
        for file in (self.tls_cert, self.tls_key):
            if file is not None and not file.is_file():
                raise InputError("missing_file", f"There is no file {file}.", "Check the path for spelling.")

    def require_safe_cluster(self) -> None:
        """Raise `InputError` when the jobs shall run on a cluster that lets others in; see `rvc.jobs.ray.cluster`."""
        if self.ray is not None:
            Cluster(self.ray).require_closed()


def _is_own(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
