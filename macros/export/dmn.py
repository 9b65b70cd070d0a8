"""A DMN decision table, of FEEL expressions that every engine evaluates."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from checker.answers.parse import UNKNOWN
from macros.export.table import Days, DecisionTable, ExportErrors, Input, OneOf

DMN_VERSIONS = {
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}
"""The namespace of each version of DMN that can be written. More tools read the older one."""

_KEYWORDS = {
    *("and", "between", "else", "every", "external", "false", "for", "function", "if", "in", "instance", "not", "null"),
    *("of", "or", "return", "satisfies", "some", "then", "true"),
}
"""The words of FEEL that are no names."""

_ANY = "-"
"""A cell that every value passes."""


def dmn(table: DecisionTable, version: str = "1.3") -> str:
    """One decision with a table whose rows may overlap, as they then agree: hit policy ANY.

    The outcome is null, as no rule holds, if several are possible. Raises ExportErrors for names that FEEL cannot say.
    """
    if names := [item.name for item in table.inputs if item.name in _KEYWORDS]:
        raise ExportErrors(
            *(f"questions › {name}: FEEL has this word for itself. Rename the question." for name in names)
        )
    definitions = Element(
        "definitions",
        {
            "xmlns": DMN_VERSIONS[version],
            "id": "policy",
            "name": table.title,
            "namespace": f"urn:policy:{table.digest}",
        },
    )
    SubElement(definitions, "description").text = table.stamp
    for item in table.inputs:
        data = SubElement(definitions, "inputData", {"id": f"input-{item.name}", "name": item.name})
        SubElement(data, "variable", {"name": item.name, "typeRef": _type(item)})
    decision = SubElement(definitions, "decision", {"id": "decision-outcome", "name": "outcome"})
    SubElement(decision, "variable", {"name": "outcome", "typeRef": "string"})
    for item in table.inputs:
        required = SubElement(decision, "informationRequirement", {"id": f"requirement-{item.name}"})
        SubElement(required, "requiredInput", {"href": f"#input-{item.name}"})
    _add_table(decision, table)
    indent(definitions)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(definitions, encoding="unicode")}\n'


def _add_table(decision: Element, table: DecisionTable) -> None:
    whole = SubElement(decision, "decisionTable", {"id": "table-outcome", "hitPolicy": "ANY"})
    for item in table.inputs:
        column = SubElement(whole, "input", {"id": f"column-{item.name}", "label": _label(item)})
        expression = SubElement(column, "inputExpression", {"typeRef": _type(item)})
        SubElement(expression, "text").text = item.name
        _add_text(column, "inputValues", f"null, {_choices((*item.choices, UNKNOWN)) if item.choices else '>= 0'}")
    output = SubElement(whole, "output", {"id": "column-outcome", "name": "outcome", "typeRef": "string"})
    _add_text(output, "outputValues", _choices(dict.fromkeys(row.outcome for row in table.rows)))
    SubElement(whole, "annotation", {"name": "clauses"})
    for number, row in enumerate(table.rows, 1):
        rule = SubElement(whole, "rule", {"id": f"row-{number}"})
        cells = {test.input: _cell(test) for test in row.tests}
        for item in table.inputs:
            _add_text(rule, "inputEntry", cells.get(item.name, _ANY))
        _add_text(rule, "outputEntry", _choices([row.outcome]))
        _add_text(rule, "annotationEntry", ", ".join(row.clauses))


def _add_text(parent: Element, name: str, text: str) -> None:
    SubElement(SubElement(parent, name), "text").text = text


def _type(item: Input) -> str:
    return "string" if item.choices else "number"


def _label(item: Input) -> str:
    return item.name if item.choices else f"whole days from {item.question} to {item.counted_to}"


def _cell(test: OneOf | Days) -> str:
    if isinstance(test, OneOf):
        return _choices(test.choices)
    return f">= {test.first}" if test.last is None else f"[{test.first}..{test.last}]"


def _choices(ids: Iterable[str]) -> str:
    return ", ".join(f'"{id_}"' for id_ in ids)
