"""The decision of the outcome in other languages: an SQL expression, a DMN decision table, a JsonLogic rule."""

from macros.export.dmn import DMN_VERSIONS, dmn
from macros.export.jsonlogic import json_logic
from macros.export.sql import sql
from macros.export.table import (
    Days,
    DecisionTable,
    ExportErrors,
    Input,
    OneOf,
    Row,
    choice_of,
    days_of,
    decision_table,
)

__all__ = [
    "DMN_VERSIONS",
    "Days",
    "DecisionTable",
    "ExportErrors",
    "Input",
    "OneOf",
    "Row",
    "choice_of",
    "days_of",
    "decision_table",
    "dmn",
    "json_logic",
    "sql",
]
