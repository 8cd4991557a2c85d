// Holds Discord messages and modals, one JSON file each, against the checks of @discordjs/builders.
//
// usage: discord_messages.cjs FOLDER
//
// A file with "content" is a message, one with "title" the data of a modal. Exits 1 where one is refused or would be built
// differently, 2 where there is none.
"use strict";
const { isDeepStrictEqual } = require("node:util");
const fs = require("node:fs");
const path = require("node:path");
const builders = require("@discordjs/builders");
const { AllowedMentionsTypes, ComponentType } = require("discord-api-types/v10");

// The builders leave these to Discord.
const LONGEST_CONTENT = 2000;
const MOST_EMBEDS = 10;
const LONGEST_EMBEDS = 6000;
const MOST_ROWS = 5;

function refuse(why) {
    throw new Error(why);
}

function checkSame(what, built, raw) {
    const read = JSON.parse(JSON.stringify(built));
    if (!isDeepStrictEqual(read, raw)) {
        refuse(`${what} is built as something else: ${JSON.stringify(read)}`);
    }
}

// Every field by its setter, which is where the checks are; "max_length" by setMaxLength.
function fill(builder, raw, names) {
    for (const key of names) {
        const setter = "set" + key.replace(/(^|_)([a-z])/g, (_, gap, letter) => letter.toUpperCase());
        if (typeof builder[setter] !== "function") {
            refuse(`${builder.constructor.name} knows no ${key}`);
        }
        builder[setter](raw[key]);
    }
    return builder;
}

function buildWhole(Builder, raw) {
    return fill(new Builder(), raw, Object.keys(raw).filter((key) => key !== "type"));
}

function checkEmbed(raw) {
    const { author, timestamp, fields, ...plain } = raw;
    const embed = fill(new builders.EmbedBuilder(), plain, Object.keys(plain));
    if (author !== undefined) {
        const { name, url, icon_url: iconURL } = author;
        embed.setAuthor({ name, url, iconURL });
    }
    if (fields !== undefined) {
        embed.setFields(fields);
        fields.some((field) => field.name.trim() === "" || field.value.trim() === "") && refuse("a field is empty");
    }
    if (timestamp !== undefined) {
        embed.setTimestamp(new Date(timestamp));
    }
    const built = embed.toJSON();
    // The same time with milliseconds.
    const expected = timestamp === undefined ? raw : { ...raw, timestamp: new Date(timestamp).toISOString() };
    checkSame("an embed", built, expected);
    return builders.embedLength(built);
}

function checkComponents(rows) {
    rows.length > MOST_ROWS && refuse(`${rows.length} rows`);
    const seen = new Set();
    for (const raw of rows) {
        raw.type === ComponentType.ActionRow || refuse(`a row of type ${raw.type}`);
        raw.components.length > 5 && refuse(`${raw.components.length} buttons in a row`);
        const row = new builders.ActionRowBuilder();
        for (const button of raw.components) {
            button.type === ComponentType.Button || refuse(`a component of type ${button.type}`);
            row.addComponents(buildWhole(builders.ButtonBuilder, button));
            seen.has(button.custom_id) && refuse(`custom_id ${button.custom_id} is there twice`);
            seen.add(button.custom_id ?? button.url);
        }
        checkSame("a row", row.toJSON(), raw);
    }
}

function checkMentions(mentions) {
    const known = Object.values(AllowedMentionsTypes);
    for (const type of mentions.parse ?? []) {
        known.includes(type) || refuse(`allowed_mentions.parse has ${type}`);
    }
}

function checkMessage(message) {
    [...message.content].length > LONGEST_CONTENT && refuse("the content is too long");
    const embeds = message.embeds ?? [];
    embeds.length > MOST_EMBEDS && refuse(`${embeds.length} embeds`);
    const length = embeds.map(checkEmbed).reduce((sum, one) => sum + one, 0);
    length > LONGEST_EMBEDS && refuse(`${length} characters of embeds`);
    checkComponents(message.components ?? []);
    checkMentions(message.allowed_mentions ?? {});
}

function checkInput(raw) {
    if (raw.type === ComponentType.TextInput) {
        checkSame("a text input", buildWhole(builders.TextInputBuilder, raw).toJSON(), raw);
    }
}

function checkModal(raw) {
    const { components, ...own } = raw;
    const modal = fill(new builders.ModalBuilder(), own, Object.keys(own));
    (components.length < 1 || components.length > MOST_ROWS) && refuse(`${components.length} components`);
    for (const one of components) {
        if (one.type === ComponentType.Label) {
            checkInput(one.component);
            modal.addLabelComponents(new builders.LabelBuilder(one));
        } else if (one.type === ComponentType.TextDisplay) {
            modal.addTextDisplayComponents(buildWhole(builders.TextDisplayBuilder, one));
        } else if (one.type === ComponentType.ActionRow) {
            const inputs = one.components.map((input) => buildWhole(builders.TextInputBuilder, input));
            modal.addActionRowComponents(new builders.ActionRowBuilder().addComponents(inputs));
        } else {
            refuse(`a component of type ${one.type}`);
        }
    }
    checkSame("the modal", modal.toJSON(), raw);
}

// shapeshift's errors have others inside, with or without the name of their place.
function words(error) {
    const inner = error.errors?.map((one) => (Array.isArray(one) ? `${String(one[0])}: ${words(one[1])}` : words(one)));
    const expected = error.expected === undefined ? "" : `, expected ${error.expected}`;
    return `${error.name}: ${error.message}${expected}${inner ? ` (${inner.join("; ")})` : ""}`;
}

function main(folder) {
    const files = folder ? fs.readdirSync(folder).filter((name) => name.endsWith(".json")).sort() : [];
    if (files.length === 0) {
        console.error("usage: discord_messages.cjs FOLDER, with JSON files in it");
        return 2;
    }
    let refused = 0;
    for (const name of files) {
        const payload = JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));
        try {
            "title" in payload ? checkModal(payload) : checkMessage(payload);
        } catch (error) {
            refused += 1;
            console.log(`${name}: ${words(error)}`);
        }
    }
    console.log(`${files.length - refused} accepted, ${refused} refused`);
    return refused === 0 ? 0 : 1;
}

process.exitCode = main(process.argv[2]);
