"""The look in numbers: colours by what they mean, spaces, sizes of text. Everything that paints asks here."""

from dataclasses import dataclass, replace

SPACE = 4  # px; distances are small multiples of it
RADIUS_CARD = 14
RADIUS_CONTROL = 8
CONTROL_HEIGHT = 36

CAPTION, BODY, HEADING, TITLE, DISPLAY = 12, 14, 17, 26, 34  # px

VOICE_COLOURS = (  # one for each new voice in turn; every one carries white initials
    *("#5A4FCF", "#B4447A", "#1D7A74", "#B3541E", "#3569B8", "#7A4FA3"),
    *("#4C7A34", "#A63D40", "#6B6570", "#8A6A14"),
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by meaning. `soft` ones are grounds for text in the colour of the same name."""

    dark: bool
    window: str
    sidebar: str
    card: str
    raised: str
    line: str
    field: str
    field_line: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    record: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    wave: str
    wave_played: str
    toast: str
    on_toast: str
    toast_action: str


LIGHT = Tokens(
    dark=False,
    window="#F5F3EF",
    sidebar="#ECE9E3",
    card="#FFFFFF",
    raised="#FAF9F6",
    line="#E2DED6",
    field="#FFFFFF",
    field_line="#908B97",
    text="#1E2130",
    muted="#5C6070",
    accent="#5146C8",
    accent_hover="#4238AE",
    on_accent="#FFFFFF",
    accent_soft="#E8E5FA",
    record="#D23F38",
    good="#1A7A43",
    good_soft="#DFF1E5",
    warn="#8F5500",
    warn_soft="#FAEBCF",
    bad="#BC2D28",
    bad_soft="#FBE4E1",
    wave="#A9A3DF",
    wave_played="#5146C8",
    toast="#262A38",
    on_toast="#F4F4F7",
    toast_action="#BDB5FF",
)

DARK = Tokens(
    dark=True,
    window="#15171D",
    sidebar="#101217",
    card="#1D2028",
    raised="#252934",
    line="#2E323E",
    field="#15171D",
    field_line="#737887",
    text="#ECEDF2",
    muted="#A4A9B8",
    accent="#A99FFF",
    accent_hover="#BFB7FF",
    on_accent="#17132F",
    accent_soft="#2B2850",
    record="#FF6B62",
    good="#66D293",
    good_soft="#16362A",
    warn="#F0B65A",
    warn_soft="#3A2C12",
    bad="#FF8A82",
    bad_soft="#43201F",
    wave="#5C559E",
    wave_played="#A99FFF",
    toast="#ECEDF2",
    on_toast="#1E2130",
    toast_action="#4238AE",
)


def contrasting(tokens: Tokens) -> Tokens:
    """Return the colours for people who asked their system for more contrast."""
    ink, paper = ("#FFFFFF", "#000000") if tokens.dark else ("#000000", "#FFFFFF")
    return replace(
        tokens,
        window=paper,
        sidebar=paper,
        card=paper,
        raised=paper,
        field=paper,
        line=ink,
        field_line=ink,
        text=ink,
        muted=ink,
        accent="#C9C3FF" if tokens.dark else "#2E2590",
        accent_hover="#FFFFFF" if tokens.dark else "#000000",
        on_accent=paper,
    )
