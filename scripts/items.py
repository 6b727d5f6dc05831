"""The items of a file of Rust code: attributes, declarations and bodies, out of code without comments and strings."""

import re

OPEN, CLOSE = "([{", ")]}"
ENDS_BEHIND_BODY = re.compile(r"(?:pub(?:\([^)]*\))?\s+)?(?:use|const(?!\s+(?:unsafe\s+)?fn\b)|static|type)\b|\w+!\s*\(")
MACRO = re.compile(r"(\w+)!\s*[({]")


def one_line(code):
    """Code with single blanks, and without those that only line breaks brought in."""
    code = re.sub(r"\s+", " ", code).strip()
    code = re.sub(r"(?<=[(\[]) | (?=[)\]])", "", code)
    return re.sub(r",(?= ?[)\]}])", "", code)


def end_of(code, at, ends):
    """Behind the first of `ends` from `at` on that stands in no brackets; a body is one if `}` is."""
    depth = 0
    while at < len(code):
        letter = code[at]
        depth += (letter in OPEN) - (letter in CLOSE)
        at += 1
        if depth == 0 and letter in ends:
            break
    return at


def split(code, separator=","):
    """Parts between separators that stand in no brackets, angle brackets included."""
    parts, start, depth = [], 0, 0
    for at, letter in enumerate(code):
        is_arrow = letter == ">" and code[at - 1:at] in ("-", "=")
        depth += (letter in OPEN + "<") - (letter in CLOSE + ">" and not is_arrow)
        if letter == separator and depth == 0:
            parts.append(code[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, code[start:]] if part.strip()]


class Item:
    """An item: its attributes, its head up to the body, and what is in the body, if it has one."""

    def __init__(self, attributes, code):
        self.attributes, self.code = attributes, code
        body = code.find("{")
        is_headed = body >= 0 and not ENDS_BEHIND_BODY.match(code)
        self.head = one_line(code[:body] if is_headed else code.rstrip(";"))
        self.body = code[body + 1:].rstrip().removesuffix("}") if is_headed else None

    def has(self, attribute):
        """Whether an attribute begins so."""
        return any(found.startswith(attribute) for found in self.attributes)

    def named(self):
        """(kind, name) of what it declares, or None."""
        found = re.match(r"(?:pub(?:\([^)]*\))?\s+)?(?:(?:const|async|unsafe)\s+(?=\w+\s+\w))*"
                         r"(struct|enum|trait|fn|const|static|type|mod|union)\s+(\w+)", self.head)
        return found.groups() if found else None

    def is_public(self):
        """Whether it is public without limits."""
        return re.match(r"pub\s", self.head) is not None

    def macro(self):
        """(name, what it is given), if it is the call of a macro."""
        found = MACRO.match(self.code)
        return (found[1], self.code[found.end():self.code.rindex(")")]) if found and ")" in self.code else None


def items(code):
    """All items of a file or of the body of one, in their order."""
    at, found = 0, []
    while True:
        while at < len(code) and (code[at].isspace() or code[at] == ";"):
            at += 1
        attributes = []
        while code.startswith("#", at):
            end = end_of(code, at + code[at:].index("["), "]")
            attributes.append(one_line(code[at:end]).lstrip("#![").rstrip("]"))
            at = end
            while at < len(code) and code[at].isspace():
                at += 1
        if at >= len(code):
            return found
        end = end_of(code, at, ";" if ENDS_BEHIND_BODY.match(code, at) else ";}")
        found.append(Item(attributes, code[at:end]))
        at = end
