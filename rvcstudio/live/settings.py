"""What is remembered of live conversion."""

from pydantic import BaseModel, ConfigDict, Field

SECTION = "live"
BUFFERS_MS = (20, 40, 80, 150, 300)
GATE_OFF_DBFS = -90.0


class LiveSettings(BaseModel):
    """Model, devices by their `Device.key`, sound, keys of `rvcstudio.keys`. A gate at -90 dBFS lets all through."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str = ""
    input_device: str = ""
    output_device: str = ""
    block_ms: int = 80
    buffer_ms: int = 40
    follow_pitch: bool = True
    pitch_shift: float = Field(0, ge=-24, le=24)
    formant_shift: float = Field(0, ge=-12, le=12)
    index_rate: float = Field(0.75, ge=0, le=1)
    protect: float = Field(0.33, ge=0, le=0.5)
    input_gain_db: float = Field(0, ge=-24, le=24)
    output_gain_db: float = Field(0, ge=-24, le=24)
    gate_dbfs: float = Field(GATE_OFF_DBFS, ge=GATE_OFF_DBFS, le=0)
    push_to_talk: bool = False
    talk_key: str = ""
    bypass_key: str = ""

    def of_engine(self) -> dict[str, object]:
        """Return the settings of the engine, `rvc.config.LiveConfig`, without its devices."""
        return {
            "block_ms": self.block_ms,
            "buffer_ms": self.buffer_ms,
            "pitch_shift": "auto" if self.follow_pitch else self.pitch_shift,
            "formant_shift": self.formant_shift,
            "index_rate": self.index_rate,
            "protect": self.protect,
            "input_gain_db": self.input_gain_db,
            "output_gain_db": self.output_gain_db,
            "gate_dbfs": self.gate_dbfs if self.gate_dbfs > GATE_OFF_DBFS else None,
            "push_to_talk": self.push_to_talk,
        }
