#!/usr/bin/env python3
"""Lets mattermostautodriver use the simulated Mattermost as it would use a real one.

usage: mattermost_client.py URL TOKEN CA_FILE TEAM CHANNEL REQUEST_ID

First it reads what the bot finds, and the card of that request, which hallpass has posted with buttons and a reply.
Then it stands for another bot: posts a message with a button that calls this script, says so in a line, opens a dialog
for who presses it, refuses the first submission and takes the second, and changes its message. Exits 1 where the client
is told something else than Mattermost's documents say.
"""
import http.server
import json
import queue
import sys
import threading
import traceback
import urllib.parse

from mattermostautodriver import TypedDriver
from mattermostautodriver import exceptions

BUTTON = "press"


def say(**what):
    print(json.dumps(what), flush=True)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def refused(kind, error_id, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except kind as error:
        check(error.error_id == error_id, f"{call.__name__}: {error.error_id}")
        check(error.request_id, f"{call.__name__}: no request id")
        return
    raise AssertionError(f"{call.__name__} is not refused")


def connect(url, token, ca_file):
    target = urllib.parse.urlsplit(url)
    driver = TypedDriver(
        {"scheme": target.scheme, "url": target.hostname, "port": target.port, "token": token, "verify": ca_file}
    )
    return driver


def check_people(driver):
    me = driver.users.get_user("me")
    check(me["id"] == driver.client.userid and me["username"] == driver.client.username, "who the bot is")
    check(me["is_bot"] is True, "the bot is one")
    bob = driver.users.get_user_by_email("bob@example.com")
    check(bob["email"] == "bob@example.com" and not bob.get("is_bot"), "bob by his address")
    check(driver.users.get_user_by_username("bob") == bob, "bob by his name")
    check(driver.users.get_user(bob["id"]) == bob, "bob by his id")
    missing = exceptions.ResourceNotFound
    refused(missing, "store.sql_user.get.app_error", driver.users.get_user_by_email, "nobody@example.com")
    refused(missing, "store.sql_user.get.app_error", driver.users.get_user, "z" * 26)
    return bob


def check_channels(driver, team_name, channel_name, bob):
    team = driver.teams.get_team_by_name(team_name)
    check(team["name"] == team_name, "the team by its name")
    channel = driver.channels.get_channel_by_name(team["id"], channel_name)
    check(channel["team_id"] == team["id"] and channel["type"] == "O", "the channel by its name")
    check(driver.channels.get_channel_by_name_for_team_name(team_name, channel_name) == channel, "and its team's")
    check(driver.channels.get_channel(channel["id"]) == channel, "and its id")
    check(driver.channels.get_channel_member(channel["id"], bob["id"])["user_id"] == bob["id"], "bob is in it")
    check(driver.teams.get_team_member(team["id"], bob["id"])["user_id"] == bob["id"], "and in the team")
    missing = exceptions.ResourceNotFound
    refused(missing, "store.sql_channel.get.app_error", driver.channels.get_channel, "z" * 26)
    refused(missing, "store.sql_team.get.app_error", driver.teams.get_team_by_name, "no-such-team")
    direct = driver.channels.create_direct_channel([driver.client.userid, bob["id"]])
    check(direct["type"] == "D" and direct["team_id"] == "", "a direct channel")
    check(driver.channels.create_direct_channel([bob["id"], driver.client.userid]) == direct, "the same again")
    return channel


def check_card(driver, channel, request_id):
    page = driver.posts.get_posts_for_channel(channel["id"], per_page=200)
    check(sorted(page["order"]) == sorted(page["posts"]), "the page's order has its posts")
    about = [one for one in page["posts"].values() if request_id in json.dumps(one["props"]) and not one["root_id"]]
    check(len(about) == 1, f"{len(about)} cards of the request")
    card = about[0]
    check(driver.posts.get_post(card["id"]) == card, "the card by its id")
    actions = [action for one in card["props"]["attachments"] for action in one.get("actions", [])]
    check([one["type"] for one in actions] == ["button", "button"], "the card has two buttons")
    check(not any("integration" in one for one in actions), "clients don't see what they call")
    thread = driver.posts.get_post_thread(card["id"])
    replies = [one for one in thread["posts"].values() if one["root_id"] == card["id"]]
    check(len(replies) == 1 and len(thread["order"]) == 2, f"{len(replies)} replies")
    check(driver.posts.get_post_thread(replies[0]["id"]) == thread, "the thread by its reply")
    times = [page["posts"][one]["create_at"] for one in page["order"]]
    check(times == sorted(times, reverse=True), "the newest come first")
    late = driver.posts.get_posts_for_channel(channel["id"], since=card["update_at"] + 1)
    check(card["id"] not in late["order"], "what changed since then")
    early = driver.posts.get_posts_for_channel(channel["id"], since=card["update_at"] - 1)
    check(card["id"] in early["order"], "what changed a little before")


def check_posts(driver, channel, bob):
    made = driver.posts.create_post(channel["id"], "first", props={"a": {"b": 1}})
    check(made["message"] == "first" and made["user_id"] == driver.client.userid, "a post is as it was made")
    reply = driver.posts.create_post(channel["id"], "a reply", root_id=made["id"])
    check(reply["root_id"] == made["id"], "a reply is below it")
    changed = driver.posts.patch_post(made["id"], message="second")
    check(changed["message"] == "second" and changed["props"] == {"a": {"b": 1}}, "what isn't patched stays")
    check(changed["edit_at"] > 0 and changed["update_at"] > made["update_at"], "it is edited")
    whole = driver.posts.update_post(made["id"], made["id"], message="third", props={"c": 2})
    check(whole["message"] == "third" and whole["props"] == {"c": 2}, "props are replaced whole")
    bad, denied = exceptions.InvalidOrMissingParameters, exceptions.NotEnoughPermissions
    create = driver.posts.create_post
    refused(bad, "model.post.is_valid.message_length.app_error", create, channel["id"], "x" * 16384)
    refused(bad, "api.post.create_post.root_id.app_error", create, channel["id"], "x", root_id="z" * 26)
    refused(denied, "api.context.permissions.app_error", create, "z" * 26, "x")
    refused(exceptions.ResourceNotFound, "store.sql_post.get.app_error", driver.posts.get_post, "z" * 26)
    note = {"channel_id": channel["id"], "message": "for bob"}
    refused(denied, "api.context.permissions.app_error", driver.posts.create_post_ephemeral, bob["id"], note)


def check_strangers(url, ca_file):
    stranger = connect(url, "no-such-token", ca_file)
    refused(exceptions.NoAccessTokenProvided, "api.context.session_expired.app_error", stranger.login)


class Calls:
    """What Mattermost posts to integrations, one after another, and what they answer."""

    def __init__(self):
        self.came, self.answers = queue.Queue(), queue.Queue()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.came.put((self.path, self.headers["Content-Type"], body))
                answer = json.dumps(outer.answers.get(timeout=20)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"

    def next(self, path):
        came, kind, body = self.came.get(timeout=20)
        check(came == path and kind == "application/json", f"a call of {came} as {kind}")
        return body


DIALOG = {
    "callback_id": "callback",
    "title": "Approve request",
    "introduction_text": "of **alice**",
    "elements": [
        {"display_name": "Reason", "name": "reason", "type": "textarea", "max_length": 500, "optional": True},
        {"display_name": "Checked", "name": "confirm", "type": "bool", "optional": True},
    ],
    "submit_label": "Approve",
    "notify_on_cancel": False,
    "state": "state",
}


def check_buttons(driver, channel, bob):
    calls = Calls()
    integration = {"url": calls.url + "/press", "context": {"sealed": "secret"}}
    button = {"id": BUTTON, "type": "button", "name": "Press", "style": "good", "integration": integration}
    made = driver.posts.create_post(
        channel["id"], "with a button", props={"attachments": [{"text": "of another bot", "actions": [button]}]}
    )
    check("secret" not in json.dumps(made), "the context is nobody's to see")
    unnamed = {"attachments": [{"actions": [{**button, "id": "no-letters_only"}]}]}
    refused(
        exceptions.InvalidOrMissingParameters, "api.post.attachments.app_error",
        driver.posts.create_post, channel["id"], "x", props=unnamed,
    )
    say(post=made["id"])

    pressed = calls.next("/press")
    check(pressed["context"] == {"sealed": "secret"}, "the context comes back")
    check((pressed["user_id"], pressed["user_name"]) == (bob["id"], "bob"), "who pressed")
    check((pressed["post_id"], pressed["channel_id"]) == (made["id"], channel["id"]), "what, and where")
    check(pressed["team_id"] == channel["team_id"] and pressed["type"] == "button", "its team and its kind")
    opens = driver.integration_actions.open_interactive_dialog
    bad = exceptions.InvalidOrMissingParameters
    untrue = pressed["trigger_id"][:-4] + "AAAA"
    refused(bad, "interactive_message.decode_trigger_id.verify_signature_failed", opens, untrue, calls.url, DIALOG)
    long_title = {**DIALOG, "title": "x" * 25}
    refused(bad, "app.dialog.validate.app_error", opens, pressed["trigger_id"], calls.url, long_title)
    opens(pressed["trigger_id"], calls.url + "/submit", DIALOG)
    calls.answers.put({"ephemeral_text": "a form is open"})

    first = calls.next("/submit")
    check(first["type"] == "dialog_submission" and first["cancelled"] is False, "a submission")
    check((first["state"], first["callback_id"]) == ("state", "callback"), "its state comes back")
    check((first["user_id"], first["channel_id"]) == (bob["id"], channel["id"]), "whose it is, and where")
    calls.answers.put({"errors": {"reason": "say more"}})
    second = calls.next("/submit")
    check(second["submission"]["reason"] == "seen, and fine", "what was filled in")
    driver.posts.patch_post(made["id"], message="done", props={"attachments": []})
    calls.answers.put({})
    check(driver.posts.get_post(made["id"])["props"] == {"attachments": []}, "the button is gone")


def main(url, token, ca_file, team, channel_name, request_id):
    driver = connect(url, token, ca_file)
    driver.login()
    bob = check_people(driver)
    channel = check_channels(driver, team, channel_name, bob)
    check_card(driver, channel, request_id)
    check_posts(driver, channel, bob)
    check_strangers(url, ca_file)
    check_buttons(driver, channel, bob)


if __name__ == "__main__":
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except Exception:
        traceback.print_exc()
        sys.exit(1)
