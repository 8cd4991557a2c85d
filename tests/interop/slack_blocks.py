#!/usr/bin/env python3
"""Holds Slack messages and views, one JSON file each, against slack_sdk's models of them.

usage: slack_blocks.py FOLDER

Exits 1 where one is refused or would be read differently, 2 where there is none.
"""
import json
import pathlib
import sys

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    HeaderBlock,
    InputBlock,
    PlainTextInputElement,
    RichTextBlock,
    RichTextElementParts as Parts,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import (
    RichTextListElement,
    RichTextQuoteElement,
    RichTextSectionElement,
)
from slack_sdk.models.metadata import Metadata
from slack_sdk.models.views import View

IN_MESSAGES = (HeaderBlock, RichTextBlock, ActionsBlock, SectionBlock)
IN_VIEWS = (SectionBlock, InputBlock)
LEAVES = {"text": Parts.Text, "link": Parts.Link, "date": Parts.Date}
BRANCHES = {
    "rich_text_section": RichTextSectionElement,
    "rich_text_quote": RichTextQuoteElement,
    "rich_text_list": RichTextListElement,
}
# What the sandbox tells of a view beside it.
OF_THE_SANDBOX = {"user", "closed"}


def check_element(element):
    """slack_sdk keeps the members of a rich text unparsed: each is built from its own class here."""
    fields = {key: value for key, value in element.items() if key != "type"}
    kind = LEAVES.get(element["type"]) or BRANCHES.get(element["type"])
    if kind is None:
        raise ValueError(f"unknown element {element['type']}")
    built = kind(**fields)
    built.validate_json()
    unknown = set(element) - set(built.to_dict())
    if unknown:
        raise ValueError(f"{element['type']}: unknown fields {sorted(unknown)}")
    for member in element.get("elements", []):
        check_element(member)


def check_kind(what, value, kinds):
    if not isinstance(value, kinds):
        raise ValueError(f"{what} is read as {type(value).__name__}")


def check_same(what, model, raw):
    """to_dict() asks the validators of all that is within, and leaves out what the model doesn't know."""
    read = json.loads(json.dumps(model.to_dict()))
    if read != raw:
        raise ValueError(f"{what} is read as something else: {read}")


def check_blocks(blocks, kinds):
    seen = set()
    for raw in blocks:
        block = Block.parse(raw)
        check_kind(f"block {raw.get('type')}", block, kinds)
        block.validate_json()
        check_same(f"block {raw['type']}", block, raw)
        if raw.get("block_id") in seen:
            raise ValueError(f"block_id {raw['block_id']} is there twice")
        seen.update({raw["block_id"]} if "block_id" in raw else set())
        if isinstance(block, RichTextBlock):
            for element in raw["elements"]:
                check_element(element)
        elif isinstance(block, ActionsBlock):
            for element in block.elements:
                check_kind("an action", element, ButtonElement)
        elif isinstance(block, InputBlock):
            check_kind("an input", block.element, (PlainTextInputElement, CheckboxesElement))


def check_message(message):
    if len(message["text"]) > 4000:
        raise ValueError("text is longer than 4000")
    if len(message["blocks"]) > 50:
        raise ValueError("more than 50 blocks")
    check_blocks(message["blocks"], IN_MESSAGES)
    if "metadata" in message:
        metadata = Metadata(**message["metadata"])
        metadata.validate_json()
        check_same("the metadata", metadata, message["metadata"])


def check_view(raw):
    view = View(**raw)
    unknown = set(view.additional_attributes) - OF_THE_SANDBOX
    if unknown:
        raise ValueError(f"a view has no {sorted(unknown)}")
    view.validate_json()
    written = {"type", "title", "submit", "close", "blocks", "callback_id", "private_metadata"}
    read = json.loads(json.dumps(view.to_dict()))
    for key in sorted(written & set(raw)):
        # An empty text means the same as none.
        if raw[key] != "" and raw[key] is not None and read.get(key) != raw[key]:
            raise ValueError(f"{key} is read as something else: {read.get(key)}")
    check_blocks(raw["blocks"], IN_VIEWS)
    if view.submit is None and any(block["type"] == "input" for block in raw["blocks"]):
        raise ValueError("a view with inputs needs a submit")


def main():
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.json")) if len(sys.argv) == 2 else []
    if not files:
        print(__doc__, file=sys.stderr)
        return 2
    refused = 0
    for file in files:
        payload = json.loads(file.read_text(encoding="utf-8"))
        try:
            check_view(payload) if payload.get("type") == "modal" else check_message(payload)
        except Exception as error:  # whatever slack_sdk raises is a refusal
            refused += 1
            print(f"{file.name}: {type(error).__name__}: {error}")
    print(f"{len(files) - refused} accepted, {refused} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
