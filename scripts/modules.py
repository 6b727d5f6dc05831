"""The modules of a crate and what each imports, out of its source."""

import os
import re

NOT_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|\bb?r(\#*)".*?"\1|\bb?"(?:\\.|[^"\\])*"|"(?:\\.|[^"\\])*"
                          |'(?:\\u\{[^}]*\}|\\.|[^'\\\n])'""", re.S | re.X)
TEST_MODULE = re.compile(r"#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*mod\s+(\w+);")
TEST_ITEM = re.compile(r"#\[cfg\((?:all\()?test\b[^\]]*\]")
CONDITION = re.compile(r"#\[cfg\([^\]]*\]")
SELF_BY_NAME = re.compile(r"\bextern\s+crate\s+self\b[^;]*;")
USE = re.compile(r"(?P<public>\bpub(?:\([^)]*\))?\s+)?\buse\s+(?P<tree>[^;]+);")
PATH = re.compile(r"(?<!\(in )\b(?:crate|super|self)(?:::\w+)+")
ROOTS = ("lib.rs", "main.rs")


def without_tests(code):
    """Code without the items that are compiled for tests only."""
    while found := TEST_ITEM.search(code):
        end, depth = found.end(), 0
        while end < len(code):
            depth += {"{": 1, "}": -1}.get(code[end], 0)
            end += 1
            if depth == 0 and code[end - 1] in "};":
                break
        code = code[:found.start()] + code[end:]
    return code


def leaves(tree):
    """(path, name) of all that a tree of `use` brings in; the name of `*` is `*`."""
    tree = tree.strip()
    if tree.endswith("}"):
        front, _, inside = tree[:-1].partition("{")
        depth, start = 0, 0
        for at, letter in enumerate(inside + ","):
            depth += {"{": 1, "}": -1}.get(letter, 0)
            if letter == "," and depth == 0:
                if inside[start:at].strip():
                    yield from leaves(front + inside[start:at].strip())
                start = at + 1
        return
    path, _, name = re.sub(r"\s+", " ", tree).partition(" as ")
    parts = [part.strip() for part in path.split("::")]
    if parts[-1] == "self":
        parts.pop()
    yield parts, name or parts[-1]


def with_words(condition):
    """A condition with its texts as words: they are no code, and decide what is."""
    return re.sub(r'"([^"]*)"', lambda text: re.sub(r"\W", "_", text[1]), condition[0])


def bare(text):
    """Code without comments, texts and tests."""
    return without_tests(NOT_CODE.sub(" ", text))


class Module:
    """A file: what it brings in under which names, which of that it gives on only, and its code without that."""

    def __init__(self, path, code, is_front):
        self.path, self.is_front = path, is_front
        self.uses = [(parts, name, bool(found["public"])) for found in USE.finditer(code)
                     for parts, name in leaves(found["tree"])]
        self.code = USE.sub("", code)


class Crate:
    """All modules below a source folder but those of tests. A module is the tuple of the names on the way to it."""

    def __init__(self, source):
        self.modules, codes, tests = {}, {}, set()
        for folder, _, files in os.walk(source):
            for file in files:
                if not file.endswith(".rs"):
                    continue
                way = [] if folder == source else os.path.relpath(folder, source).split(os.sep)
                is_front = file == "mod.rs" or (not way and file in ROOTS)
                name = tuple(way if is_front else [*way, file[:-3]])
                with open(os.path.join(folder, file), encoding="utf-8") as handle:
                    code = NOT_CODE.sub(" ", CONDITION.sub(with_words, handle.read()))
                tests.update((*name, module) for module in TEST_MODULE.findall(code))
                codes[name] = os.path.join(folder, file), without_tests(code), is_front
        for name, (path, code, is_front) in codes.items():
            if not any(name[:end + 1] in tests for end in range(len(name))):
                self.modules[name] = Module(path, code, is_front)

    def entry(self, module):
        """The file, without its ending, or the folder of the source folder in which a module is."""
        return module[0] if module else os.path.basename(self.modules[()].path)[:-len(".rs")]

    def absolute(self, module, parts):
        """A path from the root of the crate, or None if it leads out of the crate."""
        first, *rest = parts
        if first == "crate":
            return tuple(rest)
        base = module
        if first == "super":
            base = base[:-1]
            while rest and rest[0] == "super":
                base, rest = base[:-1], rest[1:]
            return (*base, *rest)
        if first == "self":
            return (*base, *rest)
        return (*base, *parts) if (*base, first) in self.modules else None

    def home(self, path, depth=0):
        """The module in which what has this path is written down, behind all that gives it on."""
        end = len(path)
        while path[:end] not in self.modules:
            end -= 1
        module, rest = path[:end], path[end:]
        if rest and depth < 9:
            for parts, name, _ in self.modules[module].uses:
                target = self.absolute(module, parts) if name == rest[0] else None
                if target is not None and target != path:
                    return self.home((*target, *rest[1:]), depth + 1)
        return module

    def only_gives_on(self, module, parts, name, is_public):
        """Whether what a front page brings in is for others, and theirs to answer for.

        What it brings in from outside of its folder is its own: those who take it from here name this folder alone.
        """
        file, target = self.modules[module], self.absolute(module, parts)
        if not file.is_front or (module and target is not None and self.home(target)[:len(module)] != module):
            return False
        return is_public or not re.search(rf"\b{re.escape(name)}\b", file.code)

    def imports(self, module):
        """The other modules of the crate that a module needs. What a front page only gives on does not count."""
        file = self.modules[module]
        paths = [use[0] for use in file.uses if not self.only_gives_on(module, *use)]
        paths += [found.split("::") for found in PATH.findall(file.code)]
        if file.is_front:
            paths += [found.split("::") for found in re.findall(r"(?<!:)\b\w+(?:::\w+)+", file.code)]
        found = (self.absolute(module, parts) for parts in paths)
        return {self.home(path) for path in found if path is not None} - {module}

    def unclear(self, module):
        """What brings in more than it says: the whole crate by another name, or all that a front page has."""
        yield from (" ".join(found.split()) for found in SELF_BY_NAME.findall(self.modules[module].code))
        for parts, name, _ in self.modules[module].uses:
            target = self.absolute(module, parts)
            if target == ():
                yield f"use {'::'.join(parts)} as {name};"
            elif target and name == "*" and target[:-1] in self.modules and self.modules[target[:-1]].is_front:
                yield f"use {'::'.join(parts)};"
