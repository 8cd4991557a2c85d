#!/usr/bin/env python3
"""Lets discord.py use the simulated Discord's API and Gateway.

usage: discord_gateway.py API_URL GATEWAY_URL TOKEN COUNT [resume]

API_URL is without a slash at its end. Takes COUNT interactions, answers each, and prints what happens as lines. With
"resume", drops its connection once it is ready, and must resume its session first. Exits 1 where discord.py can't read
what it is sent. SSL_CERT_FILE names the authority.
"""
import json
import sys
import traceback

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def say(**what):
    print(json.dumps(what), flush=True)


class Client(discord.Client):
    def __init__(self, count, resume):
        # As hallpass has it: interactions belong to no intent.
        super().__init__(intents=discord.Intents.none(), guild_ready_timeout=0)
        self.left = count
        self.must_resume = resume
        self.exit_status = 0

    async def on_ready(self):
        say(ready=str(self.user.id), application=str(self.application_id))
        if self.must_resume:
            await self.ws.close(4000)
        elif self.left == 0:
            await self.close()

    async def on_resumed(self):
        say(resumed=self.ws.session_id)
        if self.left == 0:
            await self.close()

    async def on_interaction(self, interaction):
        user = interaction.user
        if interaction.type == discord.InteractionType.component and interaction.message is None:
            # Of a message that it can't read, discord.py says nothing.
            raise ValueError("no message, or one that lacks something")
        say(interaction=str(interaction.id), type=interaction.type.name, user=str(user.id), data=interaction.data)
        if interaction.type == discord.InteractionType.component:
            await interaction.response.defer()
        else:
            await interaction.response.send_message("seen", ephemeral=True)
        self.left -= 1
        if self.left == 0:
            await self.close()

    async def on_error(self, event, *_, **__):
        say(refused=event, trace=traceback.format_exc())
        self.exit_status = 1
        await self.close()


def main(api_url, gateway_url, token, count, resume=""):
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    client = Client(int(count), resume == "resume")
    try:
        client.run(token, log_handler=None)
    except Exception:  # of discord.py's own parsers
        say(refused="gateway", trace=traceback.format_exc())
        return 1
    return client.exit_status


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
