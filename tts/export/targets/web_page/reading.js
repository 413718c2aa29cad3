"use strict";
// Text to sentences of phones. What Linnet's front ends know beyond a dictionary (context, dates, guesses) is missing.

const LETTER = "[\\p{L}\\p{M}\\p{N}]";
const TOKEN = new RegExp(
  [
    `(?<word>${LETTER}+(?:'${LETTER}+|[.,:/]\\p{N}+)*)`,
    "(?<pause>[,;:]|\\.{2,}|--+|[–—―])",
    "(?<stop>(?:[!?]|(?<!(?<!\\p{L})\\p{L})\\.)+(?=[\"')\\]]*(?:\\s|$))|\\n\\s*\\n)", // not behind an initial
    "(?<other>[^\\s\\p{P}\\p{ASCII}])",
  ].join("|"),
  "gu",
);

class Reader {
  /** `lexicon`: on each line a word and its phones. */
  constructor(voice, lexicon) {
    this.voice = voice;
    this.lexicon = new Map(
      lexicon.split("\n").map((line) => {
        const space = line.indexOf(" ");
        return [line.slice(0, space), line.slice(space + 1)];
      }),
    );
    this.ids = new Map(voice.phones.map((phone, id) => [phone, id]));
    this.characters = new Map(Object.entries(voice.characters));
    this.english = voice.english && new English(voice.english);
  }

  /** Sentences as arrays of phone ids. Throws an error that names every word outside the dictionary. */
  read(text) {
    const sentences = [[]];
    const unknown = new Set();
    for (const { 0: token, groups } of this.normalise(text).matchAll(TOKEN)) {
      const sentence = sentences.at(-1);
      if (groups.word) {
        const spoken = this.pronounce(token);
        spoken ? sentence.push(...spoken) : unknown.add(token);
      } else if (groups.other) {
        unknown.add(token);
      } else {
        if (sentence.length && token.trim()) sentence.at(-1).pause = this.mark(token);
        if (groups.stop) sentences.push([]);
      }
    }
    if (unknown.size) {
      throw new Error(`Not in this voice's dictionary: ${[...unknown].join(", ")}. Write it as it sounds.`);
    }
    return this.parts(sentences).map((words) => this.script(words));
  }

  /** The phone id of what punctuation asks for. */
  mark(token) {
    const kinds = [[/\?/, "?"], [/!/, "!"], [/^\.{2,}/, "…"], [/^[-–—―]/, "—"]];
    const [, mark] = kinds.find(([pattern]) => pattern.test(token)) ?? [null, token[0]];
    return this.voice.marks[mark] ?? this.voice.pause_id;
  }

  normalise(text) {
    text = [...text.normalize("NFC")].map((char) => this.characters.get(char) ?? char).join("");
    return this.english ? this.english.normalise(text.normalize("NFD").replace(/\p{M}/gu, "")) : text;
  }

  /** The word, or the letters it is spelled with, as {text, phones, pause}; undefined for a word that is not known. */
  pronounce(word) {
    const text = word.toLowerCase();
    const listed = this.lexicon.get(namedLetter(word) ?? text);
    const names = listed ? [listed] : [...word].map((letter) => this.lexicon.get(letter)); // only capitals have one
    if (names.includes(undefined) || (!listed && word !== word.toUpperCase())) return undefined;
    return names.map((phones) => ({ text, phones: phones.split(" "), pause: false }));
  }

  /** Sentences of at most so many phones, cut at the last pause that fits, else between two words. */
  parts(sentences) {
    const parts = [];
    for (let words of sentences) {
      while (words.length) {
        const limit = parts.length ? this.voice.max_phones : this.voice.first_phones;
        let count = fitting(words, limit);
        if (count < words.length) count = words.slice(0, count).findLastIndex((word) => word.pause) + 1 || count;
        parts.push(words.slice(0, count));
        words = words.slice(count);
      }
    }
    return parts;
  }

  /** Phone ids of a sentence: framed by pauses, with a mark wherever punctuation stands. */
  script(words) {
    const { pause_id, the_before_vowel } = this.voice;
    const ids = [pause_id];
    words.forEach(({ text, phones, pause }, index) => {
      const next = words[index + 1];
      const vowelFollows = /\d$/.test(next?.phones[0]); // in ARPAbet, where alone it matters
      if (text === "the" && vowelFollows && the_before_vowel) phones = the_before_vowel;
      ids.push(...phones.map((phone) => this.ids.get(phone)));
      if (pause || !next) ids.push(pause || pause_id);
    });
    return ids;
  }
}

/** How many words, at least one, fit into `limit` phones. */
function fitting(words, limit) {
  let phones = 0;
  const first = words.findIndex((word) => (phones += word.phones.length) > limit);
  return first < 0 ? words.length : Math.max(first, 1);
}
