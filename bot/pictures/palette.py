"""The tones of a picture with a figure, by ground and skin. Nothing is told by a tone alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.look import Look, Theme, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """A tone for each thing."""

    ground: str  # behind everything
    floor: str
    edge: str  # where floor and wall meet things
    mat: str
    mat_side: str
    shirt: str
    pants: str
    line: str  # what other tones are darkened with
    effort: str  # arrows, and the region that works
    ghost: str
    prop: str
    prop_side: str
    iron: str
    cloth: str
    text: str
    faint: str
    bead: str
    shadow: float  # how dark
    far: float  # how much of the ground is mixed into what is far
    skin: str = ""
    hair: str = ""


GROUNDS: Mapping[Theme, Palette] = {
    Theme.PAPER: Palette(
        ground="#F3EFE7",
        floor="#EAE4D8",
        edge="#CFC6B5",
        mat="#B7C9C2",
        mat_side="#9DB4AB",
        shirt="#2F7377",
        pants="#2B3B4E",
        line="#1E2A33",
        effort="#E8642F",
        ghost="#8A96A0",
        prop="#B89B79",
        prop_side="#98795A",
        iron="#37424B",
        cloth="#FBF9F4",
        text="#26323B",
        faint="#5C666E",
        bead="#F6F1E8",
        shadow=0.10,
        far=0.22,
    ),
    Theme.NIGHT: Palette(
        ground="#17212B",
        floor="#1E2A36",
        edge="#334352",
        mat="#2F4A52",
        mat_side="#263D45",
        shirt="#3F918D",
        pants="#60789B",
        line="#0F171E",
        effort="#FF8148",
        ghost="#6F8296",
        prop="#8C7A66",
        prop_side="#6E5F50",
        iron="#A9B6C0",
        cloth="#C9D3DB",
        text="#E9EEF2",
        faint="#9FB0BE",
        bead="#F4FAFA",
        shadow=0.28,
        far=0.34,
    ),
}
SKINS: Mapping[Tone, tuple[str, str]] = {  # and the hair above it
    Tone.FAIR: ("#E8BE9F", "#8A5F3C"),
    Tone.TAN: ("#D9A27F", "#43352F"),
    Tone.BROWN: ("#A9714B", "#2E2420"),
    Tone.DEEP: ("#7A4E36", "#241C1A"),
}
HAIR_AT_NIGHT = 0.22  # of the ground's text in dark hair, which would be lost on a dark ground


def palette_of(look: Look) -> Palette:
    """All tones of a look."""
    ground = GROUNDS[look.theme]
    skin, hair = SKINS[look.tone]
    if look.theme is Theme.NIGHT:
        hair = mixed(hair, ground.text, HAIR_AT_NIGHT)
    return replace(ground, skin=skin, hair=hair)


def mixed(one: str, other: str, share: float) -> str:
    """So much of the other tone in the one."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
