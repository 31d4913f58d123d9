"""Writes Sources/Tokenizers/Normalizers/CompatibilityMappings+Table.swift: the characters that Unicode Normalization Forms
KD and D treat differently, as the Hugging Face `tokenizers` library (0.23.3) does.

    python make_compatibility_mappings.py
"""

import pathlib

from tokenizers import normalizers

TABLE = pathlib.Path(__file__).parents[2] / "Sources/Tokenizers/Normalizers/CompatibilityMappings+Table.swift"


def main():
    compatible, canonical = normalizers.NFKD(), normalizers.NFD()
    entries = []  # first source, number of sources, target
    for value in range(0x110000):
        if 0xD800 <= value < 0xE000:
            continue
        target = compatible.normalize_str(chr(value))
        if target == canonical.normalize_str(chr(value)):
            continue
        target = [ord(c) for c in target]
        if entries:
            first, count, known = entries[-1]
            if first + count == value and len(target) == len(known) == 1 and known[0] + count == target[0]:
                entries[-1] = (first, count + 1, known)
                continue
        entries.append((value, 1, target))
    lines, line = [], ""
    for first, count, target in entries:
        entry = f"{first:X}" + (f"+{count:X}" if count > 1 else "") + ":" + ".".join(f"{c:X}" for c in target)
        if len(line) + len(entry) + 1 > 96:
            lines.append(line)
            line = ""
        line += (" " if line else "") + entry
    lines.append(line)
    body = "\n".join("        " + line + " \\" for line in lines[:-1]) + "\n        " + lines[-1]
    TABLE.write_text(
        "// Made by Tests/Fixtures/make_compatibility_mappings.py.\n\n"
        "extension CompatibilityMappings {\n"
        "    /// Entries `source:target`, or `source+count:target` where sources and targets of one character follow each other;\n"
        "    /// hexadecimal scalar values, those of a target with dots between.\n"
        '    static let table: StaticString = """\n' + body + '\n        """\n}\n'
    )


main()
