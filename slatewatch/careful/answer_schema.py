"""The shape that an answer has to have: a JSON schema made from the vocabulary, and fields in the order it asks for."""

from __future__ import annotations

from typing import Any

from ..lines import claim_fields
from ..model import FORMATS, KINDS, MODALITIES, ROLES, STATUSES, TIE_KINDS, Claim, Kind

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
#: A field that may have nothing to say.
MAYBE: Schema = {"anyOf": [{"type": "string"}, {"type": "null"}]}
VALUES: dict[str, tuple[str, ...]] = {"status": STATUSES, "format": FORMATS}


def fields_of(kind: Kind) -> dict[str, Schema]:
    """What a claim of this kind says, field by field, in the order of docs/claims.md; all of it is asked for."""
    fields: dict[str, Schema] = {"kind": {"type": "string", "enum": [kind]}}
    if kind in TIE_KINDS:
        fields["subject"] = TEXT
    elif kind != "source":
        fields["project"] = TEXT
    if kind in ROLES:
        fields["role"] = {"type": "string", "enum": list(ROLES[kind])}
    if kind != "open_role":
        fields["value"] = {"type": "string", "enum": list(VALUES[kind])} if kind in VALUES else TEXT
    if kind in ("credit", "company"):
        fields["modality"] = {"type": "string", "enum": list(MODALITIES)}
    if kind == "credit":
        fields["character"] = MAYBE
    if kind == "based_on":
        fields["creators"] = {"type": "array", "items": TEXT}
        fields["year"] = {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    fields["quote"] = TEXT
    return fields


def asked_fields(claim: Claim) -> dict[str, object]:
    """The claim as an answer gives it: every field of its kind, null where it has nothing to say."""
    said = {**claim_fields(claim), "creators": list(claim.creators)}
    return {name: said.get(name) for name in fields_of(claim.kind)}


def _object(fields: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def claims_schema() -> Schema:
    """`{"claims": [...]}`, each claim one of the kinds with its own fields and words."""
    kinds = [_object(fields_of(kind)) for kind in KINDS]
    return _object({"claims": {"type": "array", "items": {"anyOf": kinds}}})


def verdicts_schema() -> Schema:
    """`{"verdicts": [{"claim", "holds", "quote"}]}`: the answer where claims are to be confirmed or denied."""
    verdict = _object({"claim": {"type": "integer"}, "holds": {"type": "boolean"}, "quote": TEXT})
    return _object({"verdicts": {"type": "array", "items": verdict}})
