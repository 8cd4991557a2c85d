#!/usr/bin/env python3
"""Holds Slack messages, one JSON file each, against slack_sdk's model of Block Kit.

usage: slack_blocks.py FOLDER

Needs the package slack_sdk. Exits 1 where a message is refused or would be read differently, 2 where there is none.
"""
import json
import pathlib
import sys

from slack_sdk.models.blocks import Block, HeaderBlock, RichTextBlock, RichTextElementParts as Parts
from slack_sdk.models.blocks.block_elements import (
    RichTextListElement,
    RichTextQuoteElement,
    RichTextSectionElement,
)
from slack_sdk.models.metadata import Metadata

LEAVES = {"text": Parts.Text, "link": Parts.Link, "date": Parts.Date}
BRANCHES = {
    "rich_text_section": RichTextSectionElement,
    "rich_text_quote": RichTextQuoteElement,
    "rich_text_list": RichTextListElement,
}


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


def check_message(message):
    if len(message["text"]) > 4000:
        raise ValueError("text is longer than 4000")
    if len(message["blocks"]) > 50:
        raise ValueError("more than 50 blocks")
    seen = set()
    for raw in message["blocks"]:
        block = Block.parse(raw)
        if not isinstance(block, (HeaderBlock, RichTextBlock)):
            raise ValueError(f"block {raw.get('type')} is read as {type(block).__name__}")
        block.validate_json()
        if json.loads(json.dumps(block.to_dict())) != raw:
            raise ValueError(f"block {raw['type']} is read as something else: {block.to_dict()}")
        if raw.get("block_id") in seen:
            raise ValueError(f"block_id {raw['block_id']} is there twice")
        seen.update({raw["block_id"]} if "block_id" in raw else set())
        if isinstance(block, RichTextBlock):
            for element in raw["elements"]:
                check_element(element)
    metadata = message["metadata"]
    Metadata(**metadata).validate_json()


def main():
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.json")) if len(sys.argv) == 2 else []
    if not files:
        print(__doc__, file=sys.stderr)
        return 2
    refused = 0
    for file in files:
        try:
            check_message(json.loads(file.read_text(encoding="utf-8")))
        except Exception as error:  # whatever slack_sdk raises is a refusal
            refused += 1
            print(f"{file.name}: {type(error).__name__}: {error}")
    print(f"{len(files) - refused} messages accepted, {refused} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
