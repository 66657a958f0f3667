"""nested.py FILE...: where a ?: stands in an operand of another, "FILE:LINE: text" each.

One in an argument of a call, in an index or between braces has an end that is easy to see, and is
none. Comments, strings and preprocessor lines count as blanks, but for what a #define stands for.
"""
import re
import sys

TOKEN = re.compile(r'''
    (?P<blank> \s+ | //[^\n]* | /\*.*?\*/
      | ^[ \t]*\#(?: \\\n | "(?:\\.|[^"\\\n])*" | /\*.*?\*/ | [^\n] )* )
  | (?P<literal> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' )
  | (?P<word> \w+ )
  | (?P<mark> . )''', re.DOTALL | re.MULTILINE | re.VERBOSE)
DEFINE = re.compile(r'[ \t]*#[ \t]*define[ \t]+\w+(\([^)]*\))?')


class Level:
    """What is between two brackets, as far as its last comma or semicolon."""

    def __init__(self, within):
        self.within = within    # it is part of an operand of a ?: outside
        self.begin()

    def begin(self):
        self.open = self.within     # what comes now is part of an operand
        self.held = False           # one stood here, in brackets of its own


def nested(text, line):
    """The lines of the ?: that stand in another, and of those that have one in their condition."""
    levels = [Level(False)]
    before = ''
    for token in TOKEN.finditer(text):
        kind, it = token.lastgroup, token.group()
        at, line = line, line + it.count('\n')
        top = levels[-1]
        if kind == 'blank':
            define = DEFINE.match(it)
            if define:
                yield from nested(it[define.end():].replace('\\\n', ' \n'), at)
            continue
        if it == '(':
            called = re.fullmatch(r'\w+|\]', before) and before not in ('return', 'case', 'else')
            levels.append(Level(top.open and not called))
            levels[-1].groups = not called
        elif it in ('[', '{'):
            levels.append(Level(False))
            levels[-1].groups = False
        elif it in (')', ']', '}') and len(levels) > 1:
            levels.pop()
            levels[-1].held |= top.groups and (top.held or top.open)
        elif it in (',', ';'):
            top.begin()
        elif it == '?':
            if top.open or top.held:
                yield at
            top.open = True
        before = it


for name in sys.argv[1:]:
    with open(name, encoding='utf-8', errors='replace') as file:
        source = file.read()
    for number in sorted(set(nested(source, 1))):
        print(f'{name}:{number}: {source.splitlines()[number - 1].strip()[:100]}')
