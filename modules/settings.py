"""What every block of the settings has in common. No provider is imported here."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

NAME = r"^[a-z]([a-z0-9-]*[a-z0-9])?$"
HOST = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$"
RETENTION_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)


def _log_retention(days: int) -> int:
    if days not in RETENTION_DAYS:
        msg = f"CloudWatch Logs keeps for one of {', '.join(map(str, RETENTION_DAYS))} days"
        raise ValueError(msg)
    return days


RetentionDays = Annotated[int, AfterValidator(_log_retention)]
Host = Annotated[str, Field(pattern=HOST, max_length=253)]
Percent = Annotated[int, Field(ge=10, le=90)]


class Settings(BaseModel):
    """Shared behaviour: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Bounds(Settings):
    """How few and how many of something there may be."""

    min: int
    """Fewest."""
    max: int
    """Most."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            msg = f"min must not exceed max, got {self.min} > {self.max}"
            raise ValueError(msg)
        return self
