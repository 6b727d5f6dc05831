"""Scatter plots as SVG: panels with axes, points and labels that do not cover each other."""

import html
import math

PANEL_WIDTH, PANEL_HEIGHT = 460, 320
LEFT, RIGHT, TOP, BOTTOM = 74, 16, 34, 46
COLUMNS = 3
FONT, LINE_HEIGHT, CHARACTER = 12, 14, 6.4  # pixels; the width of a character is an estimate
RADIUS, GAP = 4.5, 8
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e")


class Scale:
    """Maps values to pixels; its ticks are round numbers that enclose the values."""

    def __init__(self, values, first_pixel, last_pixel, from_zero):
        low, high = (0 if from_zero else min(values)), max(values)
        self.step = round_step((high - low) or abs(high) or 1)
        self.first = math.floor(low / self.step)
        self.last = max(math.ceil(high / self.step), self.first + 1)
        self.first_pixel, self.last_pixel = first_pixel, last_pixel

    def pixel(self, value):
        """Where a value lies."""
        part = (value / self.step - self.first) / (self.last - self.first)
        return self.first_pixel + part * (self.last_pixel - self.first_pixel)

    def ticks(self):
        """The (pixel, text) of each tick."""
        digits = max(0, -math.floor(math.log10(self.step)))
        numbers = (number * self.step for number in range(self.first, self.last + 1))
        return [(self.pixel(number), f"{number:.{digits}f}") for number in numbers]


def round_step(span):
    """1, 2 or 5 times a power of ten, so that a span has four to ten steps."""
    power = 10 ** math.floor(math.log10(span / 4))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= span / 4)


def text(x, y, words, anchor="start", more=""):
    """A line of text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{html.escape(words)}</text>'


def line(x1, y1, x2, y2, colour):
    """A straight line."""
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}" fill="none"/>'


def axes(x_scale, y_scale, x_title, y_title):
    """Grid lines, ticks and titles of a panel."""
    left, right, top, bottom = LEFT, PANEL_WIDTH - RIGHT, TOP, PANEL_HEIGHT - BOTTOM
    parts = []
    for x, words in x_scale.ticks():
        parts += [line(x, top, x, bottom, "#e4e4e4"), text(x, bottom + 16, words, "middle")]
    for y, words in y_scale.ticks():
        parts += [line(left, y, right, y, "#e4e4e4"), text(left - 6, y + 4, words, "end")]
    middle = (top + bottom) / 2
    turned = f' transform="rotate(-90 14 {middle:.1f})"'
    return [*parts, line(left, top, left, bottom, "#888"), line(left, bottom, right, bottom, "#888"),
            text((left + right) / 2, bottom + 36, x_title, "middle"),
            text(14, middle, y_title, "middle", turned)]


def overlap(a, b):
    """Whether two (left, top, right, bottom) boxes share area."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def place_label(x, y, words, taken):
    """The box of a label: beside its point, or as little above or below as keeps it off the others."""
    width, half = CHARACTER * len(words), LINE_HEIGHT / 2
    sides = [left for left in (x + GAP, x - GAP - width) if LEFT < left < PANEL_WIDTH - RADIUS - width]
    left = (sides or [max(LEFT, PANEL_WIDTH - width)])[0]
    rises = sorted(range(-160, 161, 4), key=abs)
    boxes = [(side, y + rise - half, side + width, y + rise + half)
             for rise in rises for side in (sides or [left])]
    inside = [box for box in boxes if box[1] > TOP - half and box[3] < PANEL_HEIGHT - BOTTOM]
    free = (box for box in inside if not any(overlap(box, other) for other in taken))
    return next(free, boxes[0])


def panel(title, points, x_title, y_title):
    """One scatter plot; a point is (x, y, label, colour)."""
    parts = [text(LEFT, TOP - 14, title, more=' font-weight="bold"')]
    if not points:
        return [*parts, text(LEFT, TOP + 20, "nothing to show")]
    x_scale = Scale([x for x, *_ in points], LEFT, PANEL_WIDTH - RIGHT, True)
    y_scale = Scale([y for _, y, *_ in points], PANEL_HEIGHT - BOTTOM, TOP, False)
    parts += axes(x_scale, y_scale, x_title, y_title)
    places = [(x_scale.pixel(x), y_scale.pixel(y), label, colour) for x, y, label, colour in points]
    reach = RADIUS + 1
    taken = [(x - reach, y - reach, x + reach, y + reach) for x, y, _, _ in places]
    for x, y, label, colour in places:
        box = place_label(x, y, label, taken)
        taken.append(box)
        middle = (box[1] + box[3]) / 2
        if abs(middle - y) > LINE_HEIGHT:
            near = box[0] if box[0] > x else box[2]
            parts.append(line(x, y, near, middle, "#aaa"))
        anchor, at = ("start", box[0]) if box[0] > x else ("end", box[2])
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" fill="{colour}"/>',
                  text(at, middle + 4, label, anchor, f' fill="{colour}"')]
    return parts


def scatter_panels(panels, x_title, y_title):
    """The text of an SVG file with a panel for each (title, points)."""
    columns = min(COLUMNS, len(panels))
    width, height = columns * PANEL_WIDTH, math.ceil(len(panels) / columns) * PANEL_HEIGHT
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
             f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="{FONT}">',
             f'<rect width="{width}" height="{height}" fill="white"/>']
    for number, (title, points) in enumerate(panels):
        row, column = divmod(number, columns)
        parts.append(f'<g transform="translate({column * PANEL_WIDTH} {row * PANEL_HEIGHT})">')
        parts += [*panel(title, points, x_title, y_title), "</g>"]
    return "\n".join([*parts, "</svg>", ""])
