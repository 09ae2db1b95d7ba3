"""An exercise on one sheet: where it begins, where it goes, which way, and what it is called.

All words come in, in the person's language.
"""

from bot.domain.figure import Figure, Frame
from bot.domain.look import Look
from bot.pictures import paper
from bot.pictures.arrows import arrow_path, arrow_svg, guides_svg
from bot.pictures.camera import Camera, camera_of
from bot.pictures.palette import Palette, mixed
from bot.pictures.scene import Box, Scene, closer
from bot.pictures.skeleton import Skeleton

WIDTH, MARGIN = 1080, 44
TITLE, SMALL = 46, 34  # sizes of letters: a third of these on a phone
HEAD = 148
GAP = 6  # between the two pictures
PANEL = {Frame.WIDE: (WIDTH, 500), Frame.TALL: ((WIDTH - GAP) // 2, 800)}
ROOM = (52, 30)  # around what is in a picture
INSET, TIMES = 104, 2.0  # radius of the part that is shown larger, and how much
ARROW_ROOM = ((-3, 3), (3, -3))  # cm around an arrow that have to be in the picture


def poster(figure: Figure, look: Look, name: str, dose: str) -> bytes:
    """The sheet as PNG, 1080 dots wide."""
    return paper.png(poster_svg(figure, look, name, dose))


def poster_svg(figure: Figure, look: Look, name: str, dose: str) -> str:
    """The same as SVG. Two wide pictures stand one above the other, two tall ones side by side."""
    scene = Scene(figure, look)
    wide, tall = PANEL[figure.frame]
    one_above = figure.frame is Frame.WIDE
    height = HEAD + (2 * tall + GAP if one_above else tall)
    left, top = ROOM
    camera = camera_of_poster(scene, (left, top, wide - left, tall - top))
    palette = scene.palette
    room = WIDTH - 2 * MARGIN
    drawn = {number: _panel(scene, camera, number, (wide, tall)) for number in (0, 1)}
    parts = []
    for number in _painted(figure):
        x, y = (0, HEAD + number * (tall + GAP)) if one_above else (number * (wide + GAP), HEAD)
        parts.append(f'<g transform="translate({x} {y})">{drawn[number]}</g>')
    parts += [
        paper.block(0, 0, WIDTH, HEAD, fill=palette.ground),
        paper.text(MARGIN, 66, name, size=TITLE, weight=600, fill=palette.text, room=room),
        paper.text(MARGIN, 120, dose, size=SMALL, weight=500, fill=palette.faint, room=room),
    ]
    return paper.sheet(WIDTH, height, parts, ground=palette.ground, title=name, told=dose)


def _painted(figure: Figure) -> tuple[int, int]:
    """Which picture first: walls go on beyond it, and the next one is painted over them. Clipping is slow."""
    wall = figure.props.wall
    to_the_right = figure.frame is Frame.TALL and wall is not None and wall.side == "right"
    return (0, 1) if to_the_right else (1, 0)


def _panel(scene: Scene, camera: Camera, number: int, size: tuple[int, int]) -> str:
    inset = ""
    if number and scene.figure.poster.inset is not None:
        inset = _inset(scene, camera, scene.figure.poster.inset, size)
    return picture_svg(scene, camera, number, size) + inset + _badge(scene.palette, number + 1)


def pose_svg(figure: Figure, look: Look, size: tuple[int, int] = (480, 300)) -> str:
    """One small picture without words: where it goes, and which way."""
    scene = Scene(figure, look)
    camera = camera_of_poster(scene, (14, 12, size[0] - 14, size[1] - 12))
    return paper.sheet(*size, [picture_svg(scene, camera, 1, size)], ground=scene.palette.ground)


def camera_of_poster(scene: Scene, box: Box) -> Camera:
    """One for both pictures, so that they can be compared."""
    told, man = scene.figure.poster, scene.mannequin
    start, end = told.poses
    plain = camera_of(scene.figure.camera)
    arrows = [
        point * (1, -1) + room
        for arrow in told.arrows
        for point in arrow_path(arrow, told, man, plain)
        for room in ARROW_ROOM
    ]
    return scene.camera([man.at(start), man.at(end), man.between(start, end, 0.5)], box, arrows)


def picture_svg(scene: Scene, camera: Camera, number: int, size: tuple[float, float]) -> str:
    """The first picture of a poster, 0, or its second, with ghost, lines and arrows."""
    told, man, palette = scene.figure.poster, scene.mannequin, scene.palette
    ghost: Skeleton | None = man.at(told.poses[0]) if number and told.ghost else None
    ground = mixed(palette.ground, palette.floor, 0.45)
    parts = [
        paper.block(0, 0, *size, fill=ground),
        scene.floor(camera, *size),
        scene.svg(man.at(told.poses[number]), camera, ghost=ghost),
    ]
    if number:
        parts.append(guides_svg(told.guides, man, told.poses[1], camera, palette))
        for arrow in told.arrows:
            points = arrow_path(arrow, told, man, camera)
            parts.append(arrow_svg(points, palette, camera.scale, both=arrow.both))
    return "".join(parts)


def _inset(scene: Scene, camera: Camera, point: str, size: tuple[int, int]) -> str:
    """A round window in the upper corner, with a small movement larger: the first pose behind the second."""
    told, man, palette = scene.figure.poster, scene.mannequin, scene.palette
    start, end = (man.at(pose) for pose in told.poses)
    near = closer(camera, start[point], TIMES)
    x, y = near(start[point])
    at_x, at_y = size[0] - INSET - 28, INSET + 24
    ground = mixed(palette.ground, palette.floor, 0.2)
    return (
        f'<clipPath id="inset"><circle cx="{x:.1f}" cy="{y:.1f}" r="{INSET}"/></clipPath>'
        f'<g transform="translate({at_x - x:.1f} {at_y - y:.1f})"><g clip-path="url(#inset)">'
        f"{paper.disc(x, y, INSET, fill=ground)}{scene.svg(end, near, ghost=start)}</g>"
        f"{paper.ring(x, y, INSET, stroke=palette.edge, width=4)}</g>"
    )


def _badge(palette: Palette, number: int) -> str:
    return paper.disc(48, 48, 24, fill=palette.shirt) + paper.text(
        48, 57, str(number), size=26, weight=600, fill=palette.ground, anchor="middle"
    )
