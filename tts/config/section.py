"""What every section of the config is: frozen, strict about its keys, checked at construction.

Every number of the system stands once, in one of the files beside this one. Defaults are the papers' values:
FastSpeech 2 (arXiv 2006.04558) and HiFi-GAN V1 (arXiv 2010.05646).
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tts.names import FRONT_ENDS

Share = Annotated[float, Field(ge=0.0, lt=1.0)]
Weight = Annotated[float, Field(ge=0.0)]
Width = Annotated[float, Field(gt=0.0, le=1.0)]


def _check_not_empty(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if not values:
        raise ValueError("at least one entry is needed")
    return values


def _check_distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if repeated := [value for value in dict.fromkeys(values) if values.count(value) > 1]:
        raise ValueError(f"{repeated[0]} is there twice")
    return values


NotEmpty = AfterValidator(_check_not_empty)
Distinct = AfterValidator(_check_distinct)


def _check_front_end(name: str) -> str:
    if name not in FRONT_ENDS:
        raise ValueError(f"{name!r} is not one of {', '.join(FRONT_ENDS)}")
    return name


FrontEndName = Annotated[str, AfterValidator(_check_front_end)]


class Section(BaseModel):
    """A part of the config: immutable, and strict about the names of its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
